# make run    set up what is missing and start the chat at http://127.0.0.1:7860 (SHARE=1, ENGINE=llama.cpp)
# make test   set up what is missing and run the tests
# make check  format, lint, types, import rules, tests, freshness of the documentation
# make format rewrite the code in the one format
# make clean  remove the environment and caches; data/ and the downloads in your cache folder stay

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TESTS ?=
SETUP := $(PYTHON) -m models.serving.environments $(VENV)

.PHONY: run test check format clean python
.DEFAULT_GOAL := run

run: $(VENV)/.app
	@exec $(BIN)/python app.py

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q --import-mode=importlib $(TESTS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q --import-mode=importlib $(TESTS)
	$(BIN)/python -m tools docs --check

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.app: requirements.txt | python
	@$(SETUP) requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | python
	@$(SETUP) requirements.txt requirements-dev.txt
	@touch $@ $(VENV)/.app

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make PYTHON=python3.11"; exit 1; }
