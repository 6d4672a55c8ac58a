# Needs Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt
# For example: make demo ARGS="--no-console --users 500 --json"
ARGS ?=

# Much of what the tests do is wait, for processes and for time to pass: two workers share a core.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * os.cpu_count())')

.PHONY: demo test check clean

demo: .venv/runs $(if $(findstring graph,$(ARGS)),.venv/graph) ## A simulated Entra ID provisions simulated products, live.
	@$(BIN)/manciple demo $(ARGS)

test: export PYTHONDONTWRITEBYTECODE = # what was compiled is kept: the tests start hundreds of processes
test: check ## Lint, types, import contracts, and all tests.
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: .venv/tests ## Lint, types and import contracts alone.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/runs: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) -e .
	touch $@

.venv/graph: .venv/runs # Microsoft's SDK is large: nobody who does not pull from Graph waits for it.
	$(PIP) -e '.[graph]'
	touch $@

.venv/tests: .venv/runs
	$(PIP) -e '.[test,graph]'
	touch $@

clean: ## Forget the environment.
	rm -rf .venv
