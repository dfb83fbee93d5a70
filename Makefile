# The commands of the house. `make run` and `make test` work on a fresh clone with Python 3.11 (venv), git and make.

PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.stamps

.PHONY: run test check bench prove setup lock clean

run: setup            ## set up, migrate, fill the demo city and serve on http://127.0.0.1:8000
	@exec $(BIN)/puntari run

test: setup browser   ## everything: format, types, contracts, tests, browser journeys
	@$(BIN)/python -m tests

check: setup          ## format, types, contracts
	@$(BIN)/python -m tests check

bench: setup browser  ## the figures, as a table and in tests/benchmarks/results.json
	@$(BIN)/python -m tests.benchmarks

prove: setup browser  ## the long proofs: 20 kills, every page as every role in every language, 50 examples of every operation
	@$(BIN)/python -m tests prove

setup: $(STAMP)/python $(STAMP)/frontend

browser: $(STAMP)/browser

$(STAMP)/python: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@mkdir -p $(STAMP)
	@echo "Installing Python packages …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(STAMP)/frontend: $(STAMP)/python frontend/package.json frontend/package-lock.json $(shell find frontend/styles frontend/islands frontend/build frontend/fonts frontend/icons frontend/vite.config.ts -type f 2>/dev/null)
	@echo "Building styles and islands …"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix frontend ci --silent --no-audit --no-fund
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix frontend run --silent build
	@touch $@

$(STAMP)/browser: $(STAMP)/python
	@$(BIN)/python -m tests.browser
	@touch $@

lock: $(STAMP)/python ## pin the packages anew, with hashes and without addresses
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --group build --group test --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock

clean:                ## remove what was built; the data in var/ stays
	@rm -rf .venv frontend/node_modules frontend/dist
