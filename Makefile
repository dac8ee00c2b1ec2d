# `make` lists what can be done. Every target sets up .venv first, when it is missing or requirements.lock changed.
# Needs nothing but make and a Python ≥ 3.11 with venv; `make PYTHON=/path/to/python` chooses one.

PYTHONS := $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14
RUN     := .venv/bin/
READY   := .venv/.ready
ROUNDS  ?= 15
SEEDS   ?= 200
PYTEST  := $(RUN)pytest -q -n 4 --dist worksteal  # twice the cores: many tests wait, for a process or for a moment

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test test-fast test-check test-all check lint types arrows audit bench-path bench-kb bench-scale bench-departments bench-announcing bench-outages bench-beside crash simulate docs pictures lock clean

help: ## List what can be done
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1#/p' $(MAKEFILE_LIST) | awk -F'#' '{ printf "make %-12s %s\n", $$1, $$2 }'

$(READY): requirements.lock
	@for python in $(PYTHONS); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Frontdesk needs Python 3.11 or newer, and found none (tried: $(strip $(PYTHONS)))." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found comes without venv; install it (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	echo "Setting up .venv" >&2; \
	[ -x $(RUN)python ] || $$found -m venv .venv
	@$(RUN)python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@PYTHONWARNINGS=ignore $(RUN)python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) ## Talk to the desk: both messengers are simulated, no token is needed
	@$(RUN)frontdesk demo

test: $(READY) ## Run the tests, those on PostgreSQL included; each story on one stage, by turns; no benches, races and towns
	@FRONTDESK_TESTS=test $(PYTEST)

test-fast: $(READY) ## Run the quick ones while one writes: on SQLite, a sample of the stories
	@FRONTDESK_TESTS=fast $(PYTEST) -n 2  # each worker begins with 25 seconds of imports and looking for tests

test-check: $(READY) ## Run the tests, each story on every stage
	@FRONTDESK_TESTS=check $(PYTEST)

test-all: $(READY) ## Run the tests at full length, both databases and the slow ones included
	@FRONTDESK_TESTS=all $(PYTEST)

check: lint types arrows test-check ## All that CI runs: style, types, arrows between the rooms, tests

lint: $(READY) ## Check style and formatting
	@$(RUN)ruff check
	@$(RUN)ruff format --check

types: $(READY) ## Check types
	@$(RUN)mypy

arrows: $(READY) ## Check that the rooms import each other in one direction only
	@$(RUN)lint-imports

bench-path: $(READY) ## Measure what a message costs, from arrival to send
	@$(RUN)python -m tests.bench.path

bench-kb: $(READY) ## Measure how well and how fast questions are answered
	@$(RUN)python -m tests.bench.kb

bench-scale: $(READY) ## Measure the team's commands at 10,000 and at 1,000,000 requests
	@$(RUN)python -m tests.bench.scale

bench-departments: $(READY) ## Measure what one department waits for while two others are busy
	@$(RUN)python -m tests.bench.departments

bench-announcing: $(READY) ## Measure what a talk waits for while 10,000 people are told something
	@$(RUN)python -m tests.bench.announcing

bench-outages: $(READY) ## Measure how soon an outage is noticed, and how often the bell rings for nothing
	@$(RUN)python -m tests.bench.outages --all

bench-beside: $(READY) ## Measure what readers cost those who write: metrics, a search, an export, command lines
	@$(RUN)python -m tests.bench.beside

crash: $(READY) ## Kill the desk ROUNDS times on purpose and count what was lost (make crash ROUNDS=200)
	@$(RUN)python -m tests.crash --rounds $(ROUNDS)

simulate: $(READY) ## Let SEEDS simulated towns live with the desk (make simulate SEEDS=40 DATABASE=postgres; SEED=7 STAGE=slack replays one)
	@$(RUN)python -m tests.town --seeds $(SEEDS) $(if $(SEED),--seed $(SEED)) $(if $(STAGE),--stage $(STAGE)) $(if $(DATABASE),--database $(DATABASE))

docs: $(READY) ## Write the pages that follow from the code: settings, commands, the story of the demo
	@$(RUN)python -m tests.house.reference
	@$(RUN)python -m tests.demo.pages

pictures: $(READY) ## Take the pictures of the docs from the real page, with the system's Chromium
	@$(RUN)python -m tests.browser.pictures

audit: ## Look the pinned packages up among known vulnerabilities
	@python3 .ci/audit

lock: $(READY) ## Choose the newest versions of all dependencies and pin them
	@$(RUN)python .ci/lock

clean: ## Remove what was set up and what the tools left behind
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .bench .screenshots
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
