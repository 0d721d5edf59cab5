# `make run` and `make test` are for everybody; the rest is for those who work on Handrail.
.DELETE_ON_ERROR:
.PHONY: run dev test check test-fast lint types imports typescript embed pytest pytest-sqlite pytest-postgres bench bench-embed bench-target lock clean help

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DEMO_PORT ?= 8001
# one worker per core; a file stays in one worker, so that its fixtures are made once
SIDE_BY_SIDE = -n auto --dist loadfile
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet install

run: $(VENV)/.ready  ## Start the product and the demo, everything made on the way.
	@PORT=$(PORT) DEMO_PORT=$(DEMO_PORT) exec $(BIN)/handrail run

dev: $(VENV)/.ready-to-test embed/node_modules/.ready  ## Like run, restarted when Python changes, rebuilt when TypeScript or CSS changes.
	@PORT=$(PORT) DEMO_PORT=$(DEMO_PORT) exec $(BIN)/python .ci/dev.py

check: $(VENV)/.ready-to-test embed/node_modules/.ready  ## Under a minute: style, types, import contracts, TypeScript.
	@$(MAKE) --no-print-directory -j4 lint types imports typescript
	@echo "make check: everything passed."

test-fast: $(VENV)/.ready-to-test  ## Tests without a browser, on SQLite.
	@HANDRAIL_TEST_DATABASE=sqlite $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) --ignore=tests/browser --ignore=tests/bench --ignore=tests/test_wheel.py $(ARGS)

test: $(VENV)/.ready-to-test  ## Everything: style, types, import contracts, embed, both databases, browser.
	@.ci/needs
	@.ci/step "style" $(MAKE) --no-print-directory lint
	@.ci/step "types" $(MAKE) --no-print-directory types
	@.ci/step "imports" $(MAKE) --no-print-directory imports
	@.ci/step "embed" $(MAKE) --no-print-directory embed
	@.ci/step "tests on SQLite, browser included" $(MAKE) --no-print-directory pytest-sqlite
	@.ci/step "tests on PostgreSQL" $(MAKE) --no-print-directory pytest-postgres
	@echo "make test: everything passed."

bench: $(VENV)/.ready-to-test  ## Editor, boot and ingest, beside the revision BASE=... if named; prints, never judges.
	@$(BIN)/python -m tests.bench $(if $(BASE),--base $(BASE)) $(ARGS)

bench-embed: embed/node_modules/.ready  ## A first step beside three libraries on one page; fetches them, prints, never judges.
	@$(BIN)/python -m tests.bench.embed

bench-target: $(VENV)/.ready-to-test embed/node_modules/.ready  ## How often picked elements are found again after real pages changed; fetches the pages.
	@$(BIN)/python -m tests.bench.targets $(ARGS)

lint:  ## Style of the Python code.
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types:  ## Types of the Python code.
	@$(BIN)/mypy

imports:  ## Import contracts: which package may import which.
	@$(BIN)/lint-imports

typescript: embed/node_modules/.ready
	@.ci/npm run --silent check

embed: typescript  ## Types and tests of the embed; the built files are what the source builds to.
	@.ci/same-build

pytest: pytest-sqlite pytest-postgres  ## All Python tests: SQLite, browser, PostgreSQL.

pytest-sqlite:
	@HANDRAIL_TEST_DATABASE=sqlite $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) --ignore=tests/browser
	@HANDRAIL_TEST_DATABASE=sqlite $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) tests/browser

pytest-postgres:
	@.ci/with-postgres env HANDRAIL_TEST_DATABASE=postgres $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) $(wildcard tests/guides tests/server tests/admin tests/kinds)

lock:  ## Write the lock files anew from pyproject.toml.
	@$(PIP) uv
	@$(BIN)/uv pip compile pyproject.toml --extra build --upgrade $(LOCK) -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra build --extra test --upgrade $(LOCK) -o requirements-test.lock

LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-config --quiet

clean:  ## Remove what was made here, except your own database under var/.
	@rm -rf $(VENV) embed/node_modules build wheel dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

help:
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@.ci/venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Handrail needs into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-to-test: requirements-test.lock $(VENV)/.ready
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

embed/node_modules/.ready: embed/package.json embed/package-lock.json $(VENV)/.ready-to-test
	@echo "Installing what the embed is built with into embed/node_modules ..."
	@.ci/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
