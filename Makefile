# make compare | test | check | bench | soak; each sets up .venv first and needs only make and Python 3.11 or newer.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The whole folder is on the path: the service that samewire proves runs from here, and is in no wheel.
EDITABLE := --config-settings editable_mode=compat --editable

.PHONY: compare test lint check bench soak clean help

help:
	@echo "make compare  both servers, the contract, identity, a short load comparison, a verdict: report/index.html"
	@echo "make test     all tests"
	@echo "make check    ruff, mypy --strict, all tests with warnings as errors"
	@echo "make bench    cost a request beside comparators, in alternating runs"
	@echo "make soak     what is too long for make test"

compare: $(READY)
	@$(BIN)/samewire compare

test: $(READY)
	@$(BIN)/python -m pytest -n logical --maxprocesses=4 --dist loadfile

lint: $(VENV)/.check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

check: lint test

bench: $(VENV)/.bench
	@$(BIN)/python -m loadtests.benchmarks

soak: $(READY)
	@$(BIN)/python -m pytest -m soak --timeout=1800

clean:
	rm -rf $(VENV) build report *.egg-info

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment: ensurepip is missing." >&2; \
		echo "Install its package (Debian, Ubuntu: apt-get install python3-venv) and try again." >&2; exit 2; }
	@echo "setting up $(VENV) (once; about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(EDITABLE) '.[all,test]'
	@touch $@

$(VENV)/.check: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(EDITABLE) '.[all,bench,check,test]'
	@touch $@

$(VENV)/.bench: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check $(EDITABLE) '.[all,bench,test]'
	@touch $@
