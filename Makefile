# Two commands on a fresh machine: make demo, make test. Python >= 3.11, git and make are enough.
# make test-all also needs Chromium: apt-get install chromium fonts-liberation
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal
COMPILE := $(BIN)/python -m compileall -q src  # as installers do: else the first run compiles

.PHONY: demo test test-all kill check bench bench-dashboard figures docs tour notebook clean
.DELETE_ON_ERROR:

demo: $(VENV)/.installed  ## generate customers, run the whole analysis, say where the report is
	$(BIN)/segmentry demo --out runs/demo --force

test: check  ## linters, types, import contracts, and every test but the slow ones and those in a browser
	$(PYTEST) -m 'not slow and not browser'

test-all: check  ## the same and every test; SEGMENTRY_REQUIRE=all turns skips into failures
	$(PYTEST)

kill: $(VENV)/.tested  ## kill every command a thousand times in all, and look whether something is lost, torn or left
	cd tests && ../$(BIN)/python -m support.kill_drill --kills 1000

check: $(VENV)/.tested  ## linters, types and import contracts, in seconds
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.benched  ## the speed and quality tables of docs/benchmarks.md
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/verdict_kinds.py --write

bench-dashboard: $(VENV)/.benched  ## the dashboard beside a Streamlit and a Dash app, at 1,000,000 and 5,000,000 customers
	$(BIN)/python benchmarks/dashboard.py

figures: $(VENV)/.tested  ## one contact sheet of every figure
	$(BIN)/python tests/support/contact_sheet.py contact-sheet

docs: $(VENV)/.tested  ## make the tables, the picture and the notebook of the docs again
	$(BIN)/python docs/refresh.py

tour: $(VENV)/.tested  ## take the pictures of the tour again, with Chromium
	SEGMENTRY_PICTURES=1 $(BIN)/python -m pytest -q tests/browser/test_tour.py

notebook: $(VENV)/.tested  ## run the notebook again and keep its output
	$(BIN)/python notebooks/execute.py

clean:  ## remove what the other targets made
	rm -rf $(VENV) runs contact-sheet dist build

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "segmentry needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e .
	@$(COMPILE)
	@touch $@

$(VENV)/.tested: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e '.[test]'
	@$(COMPILE)
	@touch $@ $(VENV)/.installed

$(VENV)/.benched: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) -e '.[test,bench]'
	@$(COMPILE)
	@touch $@
