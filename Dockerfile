# A desk in a container: `docker build -t frontdesk .`; settings come from the environment, the database lies in /data.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY bot bot
COPY handlers handlers
COPY kb kb
COPY storage storage
RUN python -m venv /desk && /desk/bin/pip install --no-cache-dir --constraint requirements.lock ".[semantic]"

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 desk && install -d -o desk -g desk /data
COPY --from=build /desk /desk
USER desk
WORKDIR /data
VOLUME /data
ENV PATH=/desk/bin:$PATH PYTHONUNBUFFERED=1 LOG_FORMAT=json HTTP_HOST=0.0.0.0 DATABASE_URL=sqlite+aiosqlite:////data/frontdesk.db
EXPOSE 8080
# Ready is asked by whoever sends it traffic (/readyz); this only tells a dead process from one that waits for a messenger.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["frontdesk"]
CMD ["run"]
