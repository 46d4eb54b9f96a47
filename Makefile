# Two commands matter: `make serve` and `make test`. Set-up happens by itself, once.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help serve test check build bench format clean

help:  ## Show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(STAMP): constraints.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing pinned packages (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

serve: build  ## Set up, build the graph and serve it
	@$(BIN)/kg serve

build: $(STAMP)  ## Build the graph from ontology/ and seeds/
	@$(BIN)/kg build

test: $(STAMP)  ## Run the whole test suite
	@$(BIN)/python -m pytest

check: $(STAMP)  ## Lint, format, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(STAMP)  ## Format the Python code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: build  ## Measure: kg run, the build, queries
	@$(BIN)/python bench/run.py

clean:  ## Remove builds and caches; keeps the environment
	@rm -rf builds .mypy_cache .pytest_cache .ruff_cache .hypothesis
