# `make run` sets everything up and opens the chat; `make test` does what CI does.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where it is set, each of the many processes that tests start would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint types unit clean

run: $(VENV)/.ready
	$(BIN)/assistant serve --samples

test: lint types unit

lint: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-test
	$(BIN)/mypy

unit: $(VENV)/.ready-test
	$(BIN)/pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.ready-test: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[test]'
	touch $(VENV)/.ready $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
