# Two commands are enough: `make demo` and `make test`. They need Python 3.10–3.13 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# Each of the processes collects all tests, so many of them gain little. Tests of whole processes
# mostly wait: four at a time keep two cores busy. Where the cores are, slow is not stuck.
SPREAD := --dist worksteal --timeout 300
# The tests start newsieve hundreds of times: compiled anew at each start, they take much longer.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check parity storm pictures format messages lock clean

help:
	@echo "make demo    install and show newsieve at work on invented news sites"
	@echo "make test    install the test needs and run the light tests (SQLite only)"
	@echo "make check   formatter, linter, types, import contract and all tests"
	@echo "make parity  install Keras and PyTorch (large) and compare our answers with theirs"
	@echo "make storm   kill newsieve at random (KILLS=100, SEED=n) and compare the channel with the ledger"
	@echo "make pictures  take README's pictures anew (with a headless Chromium)"
	@echo "make format  let the formatter and the linter mend what they can"
	@echo "make messages  bring the catalogues of messages in line with the code"
	@echo "make lock    renew constraints.txt from pyproject.toml"
	@echo "make clean   remove the virtual environment and the caches"

demo: $(VENV)/.run
	$(BIN)/newsieve demo

test: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 $(SPREAD) \
		-m "not process and not parity and not database"

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses 4 $(SPREAD) -m "not parity"

parity: $(VENV)/.train
	$(BIN)/python -m pytest -m parity

storm: $(VENV)/.test
	$(BIN)/python -m tests.storm --kills $(or $(KILLS),100) $(if $(SEED),--seed $(SEED))

pictures: $(VENV)/.run
	$(BIN)/python -m bot.demo.pictures docs

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(VENV)/.run
	mkdir -p build
	$(BIN)/pybabel -q extract --no-location --omit-header \
		--keywords "_ gettext gettext_noop ngettext:1,2 pgettext:1c,2" --output-file build/messages.pot bot
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		--width 100 --locale ru --input-file build/messages.pot --output-file bot/locale/ru.po

lock: $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade \
		--extra postgres --extra fast --extra test --extra dev \
		--no-header --no-annotate --output-file constraints.txt pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' || \
		{ echo "newsieve needs Python 3.10 to 3.13; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) --editable '.[postgres,test,dev]'
	@touch $@ $(VENV)/.run $(VENV)/.test

$(VENV)/.train: $(VENV)/bin/python pyproject.toml constraints.txt constraints-train.txt
	$(PIP) --constraint constraints-train.txt --editable '.[test,train,encoder]'
	@touch $@ $(VENV)/.run $(VENV)/.test
