# `make run` sets everything up and opens the chat; `make test` does what CI does.
PYTHON ?= python3
# With TORCH=no all but torch is installed, from requirements.lock: README.md says for whom that is enough.
TORCH ?= yes
# Passed on to pip, as in `make run PIP_ARGS="--extra-index-url ADDRESS"`: README.md says when that is of use.
PIP_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# Where it is set, each of the many processes that tests start would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint types unit lock clean

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
ifeq ($(TORCH),no)
	$(BIN)/pip install --quiet --no-compile $(PIP_ARGS) --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --no-compile $(PIP_ARGS) --no-deps --editable .
else
	$(BIN)/pip install --quiet --no-compile $(PIP_ARGS) --constraint constraints.txt --editable .
endif
	touch $@

$(VENV)/.ready-test: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet $(PIP_ARGS) --constraint constraints.txt --editable '.[test]'
	touch $(VENV)/.ready $@

# All that runs with the product, with the hashes of the files, for pip and uv; torch is left to choose, see README.md.
lock: $(VENV)/.ready
	$(BIN)/pip install --quiet uv
	echo "torch ; python_version < '3'" > $(VENV)/without-torch.txt
	$(BIN)/uv pip compile --quiet pyproject.toml --constraint constraints.txt --override $(VENV)/without-torch.txt \
		--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
