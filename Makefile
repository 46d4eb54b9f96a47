# Two commands matter: `make serve` and `make test`. Set-up happens by itself, once.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
EDITOR := node_modules/.installed

.PHONY: help serve test check build bench bench-large fuzz soak format clean

help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(STAMP): constraints.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing pinned packages (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# The query editor in the browser. Without npm, /sparql is a plain form.
$(EDITOR): package.json package-lock.json
	@if ! command -v npm >/dev/null; then echo "There is no npm: /sparql has a plain form instead of the editor." >&2; \
	elif npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error; then touch $(EDITOR); \
	else echo "The editor could not be installed: /sparql has a plain form instead of it." >&2; fi

serve: build $(EDITOR)  ## Set up, build the graph and serve it
	@$(BIN)/kg serve

build: $(STAMP)  ## Build the graph from ontology/ and seeds/
	@$(BIN)/kg build

test: $(STAMP) $(EDITOR)  ## Run the whole test suite
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

fuzz: $(STAMP)  ## Send random queries to a server for ten minutes; MINUTES=60 for an hour
	@$(BIN)/python tests/fuzz_long.py $(MINUTES)

soak: $(STAMP)  ## Keep a server busy for ten minutes, and see that it does not grow; MINUTES=60
	@$(BIN)/python tests/soak.py $(MINUTES)

check: $(STAMP)  ## Lint, format, types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(STAMP)  ## Format the Python code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: build  ## Measure: commands, the build, and other servers
	@$(BIN)/python bench/run.py commands
	@$(BIN)/python bench/run.py --rounds 2 servers --sizes 0 100000 --servers ours oxigraph --seconds 0.3 --crowd-seconds 1.5

bench-large: build  ## Compare with other servers up to 10 million quads (an hour, 10 GB)
	@$(BIN)/python bench/run.py servers --sizes 0 100000 1000000 10000000
	@$(BIN)/python bench/run.py report build/bench/*.json --plot docs/performance.svg

clean:  ## Remove builds and caches; keeps the environment
	@rm -rf build builds .mypy_cache .pytest_cache .ruff_cache .hypothesis
