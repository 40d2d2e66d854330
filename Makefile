# Countersign's commands. `make help` lists them. Python ≥ 3.11 with venv and make are all it needs:
# everything else comes into .venv and node_modules, and is brought up to date by content.

PYTHON ?= python3
PORT ?= 8000
# Extra words for pytest: make test PYTEST="tests/unit/ledger -x"
# A file's tests stay with one worker, which makes what they share once; in order, so that long single tests come early.
PYTEST ?= -n 2 --dist loadscope --no-loadscope-reorder

SHELL := /bin/sh
.SHELLFLAGS := -ec
MAKEFLAGS += --no-print-directory
VENV := .venv/bin
export PATH := $(CURDIR)/$(VENV):$(PATH)
export PYTHONUTF8 := 1

# What the two bundles and the copied files are made of.
BUILD_FROM = package-lock.json tsconfig.json $(wildcard vite.*.ts document/build.py) \
  $(shell find editor -type f -not -path 'editor/tests/*' 2>/dev/null | LC_ALL=C sort)

.DEFAULT_GOAL := help
.PHONY: help install node build demo check test test-python bench lock reference pictures clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

install: ## Make .venv from the locked requirements, with hashes
	@want=$$(sha256sum requirements/dev.txt | cut -c1-64); \
	if [ "$$(cat .venv/.stamp 2>/dev/null)" != "$$want" ]; then \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Countersign needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }; \
	  if [ ! -x $(VENV)/pip ]; then \
	    echo "Making .venv …"; \
	    $(PYTHON) -m venv .venv || \
	      { rm -rf .venv; echo "Python's venv is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }; \
	  fi; \
	  echo "Installing the locked Python packages …"; \
	  $(VENV)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt || \
	    { echo "The packages could not be installed; pip says why above. Run the same command again." >&2; exit 1; }; \
	  echo "$$want" > .venv/.stamp; \
	fi

node: install
	@want=$$(sha256sum package-lock.json | cut -c1-64); \
	if [ "$$(cat node_modules/.stamp 2>/dev/null)" != "$$want" ]; then \
	  echo "Installing the locked npm packages …"; \
	  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || \
	    { echo "The npm packages could not be installed; npm says why above." >&2; exit 1; }; \
	  echo "$$want" > node_modules/.stamp; \
	fi

build: node ## Build the engine and the pages' scripts and styles, if their sources changed
	@want=$$(cat $(BUILD_FROM) | sha256sum | cut -c1-64); \
	if [ "$$(cat build/.stamp 2>/dev/null)" != "$$want" ]; then \
	  echo "Building the engine, scripts and styles …"; \
	  mkdir -p build; rm -f build/.stamp; \
	  npm run --silent build -- --logLevel warn > build/log 2>&1 || { cat build/log >&2; exit 1; }; \
	  if [ -f document/build.py ]; then python -m document.build; fi; \
	  echo "$$want" > build/.stamp; \
	fi

demo: build ## Start everything with the example brief: make demo PORT=8000
	@exec python manage.py demo --port $(PORT)

check: build ## Lint, types, import contract, templates, TypeScript, migrations, deployment, generated docs
	@sh .ci/check

test: check test-python ## All of `check`, then every test

test-python: build ## Every test, without the checks
	@npm test --silent
	@python -m pytest $(PYTEST)

bench: build ## Every program of bench/ against the production stack: make bench ONLY=search SCALE=0.1
	@python -m bench

pictures: build ## Take the README's pictures of each room from the browser tests
	@python -m pytest -q tests/browser/test_story_2_example.py tests/browser/test_story_3_import.py
	@mkdir -p docs/images && cp .cache/screenshots/rooms/*.png docs/images/

reference: install ## Write the generated pages of docs/reference/
	@TESTING=1 python manage.py reference

lock: install ## Resolve the locked requirements anew from pyproject.toml and package.json
	@for set in base s3 dev; do \
	  case $$set in base) more= ;; s3) more="--extra s3" ;; dev) more="--group dev" ;; esac; \
	  echo "requirements/$$set.txt"; \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header pyproject.toml $$more -o requirements/$$set.txt; \
	done
	@npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error
	@echo "package-lock.json"

clean: ## Remove what was built and cached; the demonstration's data (.data) stays
	rm -rf build .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
