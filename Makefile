# make demo   an experiment on real data, twice, compared, and one trace as a tree
# make test   the whole gate
# make check  the fast half of it: format, lint, types, import contracts
# make bench  ratios against the OpenTelemetry SDK, measured in one interleaved run, written to docs/benchmarks.md
# make bench-peers  some of them against other tracing libraries, each in an environment of its own
# make docs   regenerates what the documentation quotes from commands
# make matrix the tests in every other environment: interpreters, and old and new versions of providers
# make faults programs that are killed, backends that are down: counts what arrives, and writes docs/faults.md
# make endurance ten thousand calls of providers, many broken off: counts what is left of them; and evals of a
#             hundred thousand cases, one killed twice and resumed, one with a baseline of as many
# make fuzz   the property tests with many more examples
# make mutants removes each guard in turn and looks whether a test notices

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench bench-peers docs matrix faults endurance fuzz mutants clean

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "spanscore needs Python 3.10 or later; set PYTHON=…")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

demo: $(READY)
	@$(BIN)/python tools/demo.py

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	PATH="$(CURDIR)/$(BIN):$$PATH" pyright --verifytypes spanscore --ignoreexternal
	$(BIN)/lint-imports

test: check
	$(BIN)/pytest -n logical --dist loadfile
	$(BIN)/python -m tools.matrix

bench: $(READY)
	$(BIN)/python -m benchmarks --write docs/benchmarks.md

bench-peers: $(READY)
	$(BIN)/python -m benchmarks peers

docs: $(READY)
	$(BIN)/python tools/docs.py

matrix: $(READY)
	$(BIN)/python -m tools.matrix all

faults: $(READY)
	$(BIN)/python -m faults --write docs/faults.md

endurance: $(READY)
	SPANSCORE_ENDURANCE=long $(BIN)/pytest tests/end_to_end/test_endurance.py tests/evals/test_resume_killed.py \
		tests/evals/test_memory.py

fuzz: $(READY)
	SPANSCORE_HYPOTHESIS=long $(BIN)/pytest tests/_json tests/delivery tests/tracing tests/store tests/wire

mutants: $(READY)
	$(BIN)/python tools/guards.py

clean:
	rm -rf $(VENV) .matrix .demo .pytest_cache .ruff_cache .hypothesis
