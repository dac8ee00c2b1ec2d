# A desk in a container: `docker build -t frontdesk .`; settings come from the environment, the database lies in /data.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY bot bot
COPY handlers handlers
COPY kb kb
COPY storage storage
# The first part of the lock is what a desk runs with; what comes otherwise than its hash says is refused.
RUN python -m venv /desk && sed '/^# What its tests/,$d' requirements.lock > desk.lock \
  && /desk/bin/pip install --no-cache-dir --require-hashes -r desk.lock \
  && /desk/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 desk && install -d -o desk -g desk -m 0700 /data
COPY --from=build /desk /desk
USER desk
WORKDIR /data
VOLUME /data
ENV PATH=/desk/bin:$PATH PYTHONUNBUFFERED=1 MPLCONFIGDIR=/tmp LOG_FORMAT=json HTTP_HOST=0.0.0.0 DATABASE_URL=sqlite+aiosqlite:////data/frontdesk.db
EXPOSE 8080
# Ready is asked by whoever sends it traffic (/readyz); this only tells a dead process from one that waits for a messenger.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["frontdesk"]
CMD ["run"]
