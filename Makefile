# make run   the main job on the embedded default; results in out/
# make themes  every theme of the convention, and what is missing, with its report; out/themes/
# make lint  style, types, imports
# make test  every check: those of lint, then the tests
# make coverage  which branches of src/ the tests run; fails under 95 % (20 minutes)
# make hunt  properties on TIMES=20 times as many examples, new ones each time (WHERE=tests/oracles)
# make mutation  small errors put into the rooms that decide, and how many the tests find (40 minutes)
# make docs  the site: guides, method, API; open out/docs/index.html
# make data  rebuild data/ from its fact tables (FACTS=folder)
# make audit known vulnerabilities of the pinned versions; says so when no database can be reached
# make test-minimum  a part of the tests on the oldest dependencies promised
# make test-newest   the same on the newest that the bounds allow
# make kills a hundred runs killed at random moments (10 minutes)
# make bench measure the figures that the documentation quotes
# make bench-compare A=main B=HEAD [BENCHES="main_job scenarios"]  two revisions in one run, by ratios (benchmarks/compare.py)
# make bench-travel  travel times against peers; writes docs/performance.md (25 minutes)
# make bench-siting  plans of sites, published optima and spopt; writes docs/siting.md (20 minutes)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
FACTS ?= ../shared/facts
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint .ci/constraints.txt

.PHONY: run themes lint test coverage hunt mutation data docs bench bench-compare bench-travel bench-siting clean audit test-minimum test-newest kills

run: $(VENV)/.run
	$(BIN)/ctg-geo diagnose config/valence_romans.toml --out out

themes: $(VENV)/.run
	$(BIN)/ctg-geo diagnose config/valence_romans.toml --all --out out/themes
	$(BIN)/ctg-geo export out/themes

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest --nbmake notebooks -p no:cacheprovider --override-ini=filterwarnings=default

coverage: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term --cov-report=html:out/coverage

TIMES ?= 20
WHERE ?= tests/oracles

hunt: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist worksteal --hunt $(TIMES) $(WHERE)

mutation: $(VENV)/.test
	$(BIN)/python benchmarks/mutation.py

data: $(VENV)/.run
	$(BIN)/python data/rebuild.py --facts $(FACTS)

docs: $(VENV)/.test
	$(BIN)/sphinx-build -W --keep-going -q -b html docs out/docs

SMOKE = tests/acceptance/test_main_job.py tests/acceptance/test_bad_input.py tests/oracles/test_access.py \
  tests/unit/staging

audit:
	$(PYTHON) .ci/audit.py

test-minimum:
	$(PYTHON) -m venv $(VENV)-minimum
	$(PYTHON) .ci/lowest.py > $(VENV)-minimum/lowest.txt
	$(VENV)-minimum/bin/python -m pip install --quiet --only-binary :all: --no-binary ctg-geo \
	  --constraint $(VENV)-minimum/lowest.txt --editable . pytest hypothesis
	$(VENV)-minimum/bin/python -m pytest -q --override-ini=filterwarnings=default $(SMOKE)

test-newest:
	$(PYTHON) -m venv $(VENV)-newest
	$(VENV)-newest/bin/python -m pip install --quiet --upgrade --upgrade-strategy eager --editable . pytest hypothesis
	$(VENV)-newest/bin/python -m pytest -q --override-ini=filterwarnings=default $(SMOKE)

kills: $(VENV)/.test
	$(BIN)/python benchmarks/kills.py --count 100

bench: $(VENV)/.bench
	$(BIN)/python benchmarks/schematic_error.py
	$(BIN)/python benchmarks/main_job.py
	$(BIN)/python benchmarks/uncertainty.py
	$(BIN)/python benchmarks/access_peers.py
	$(BIN)/python benchmarks/scenarios.py

A ?= main
B ?= HEAD

bench-compare: $(VENV)/.bench
	$(BIN)/python benchmarks/compare.py $(A) $(B) $(BENCHES)

bench-travel: $(VENV)/.bench
	$(BIN)/python benchmarks/travel.py

bench-siting: $(VENV)/.bench
	$(BIN)/python benchmarks/siting.py

clean:
	rm -rf $(VENV) out

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; name it so: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv module is missing (Debian, Ubuntu: apt install python3-venv)"; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml .ci/constraints.txt
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml .ci/constraints.txt
	$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.run

$(VENV)/.bench: $(VENV)/.made pyproject.toml .ci/constraints.txt
	$(PIP) --editable '.[dev,bench]'
	@touch $@ $(VENV)/.run $(VENV)/.test
