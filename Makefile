# Each target does all its own set-up in .venv, from a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
TEST := $(VENV)/.test
CHECK := $(VENV)/.check
SITE := $(VENV)/.site

.PHONY: demo test fast check page site bench docs clean

demo: $(RUNTIME)            ## the main job on real input: prints the answer and the path of report.html
	$(BIN)/capsim compare scenarios/ohio.yaml

test: $(TEST)               ## the whole suite
	$(BIN)/python -m pytest -n auto

fast: $(TEST)               ## the part of the suite that takes less than a minute
	$(BIN)/python -m pytest -n auto -m fast

check: $(CHECK)             ## style, types, direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

page:                       ## types of the browser pages' modules; needs npm, which nothing else does
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV)/page typescript@7.0.2
	$(VENV)/page/node_modules/.bin/tsc

site: $(SITE)               ## the site, in build/site; a link that leads nowhere is a failure
	$(BIN)/mkdocs build --strict

bench: $(TEST)              ## the table of docs/speed.md
	$(BIN)/python benchmarks/run.py

docs: $(RUNTIME)            ## the pages that are made from the code
	$(BIN)/capsim list parameters --markdown > docs/parameters.md
	$(BIN)/python -m validation.pattern_text > docs/patterns_declared.md
	$(BIN)/python -m validation patterns --from docs/patterns.json --write docs/patterns.md
	$(BIN)/python -m validation anchors --from docs/anchors.json --write docs/anchors.md
	$(BIN)/python -m validation replications --from docs/replications.json --write docs/replications.md

$(RUNTIME): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(TEST): $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group test --editable '.[solara]'
	touch $@

$(CHECK): $(TEST)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group check
	touch $@

$(SITE): $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group site
	touch $@

clean:
	rm -rf $(VENV) build dist results *.egg-info
