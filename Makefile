# crosscity: make · make figures · make test · make lab · make verify · make five-cities · make bench · make clean · make help
#   CORPUS=folder   another corpus        OUT=folder     where its tables and reports go
#   PARAMS=file     another set of parameters             PYTHON=python  an environment that is active already
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory

CORPUS := data/raw
OUT := .
PARAMS := params/default.yaml

# A tilde that the shell left alone, as in OUT=~/results, is the home folder.
untilde = $(if $(filter ~/%,$(firstword $(1))),$(HOME)$(subst ^~,,^$(1)),$(1))
override CORPUS := $(call untilde,$(CORPUS))
override OUT := $(call untilde,$(OUT))
override PARAMS := $(call untilde,$(PARAMS))

# Folders may hold spaces and quotes, which make's own lists cannot: they go to the shell in quotes, and the stamps that
# make compares live in a folder named for the run by a checksum.
quote = '$(subst ','\'',$(1))'
PROCESSED := $(if $(filter-out .,$(OUT)),$(OUT)/processed,data/processed)
REPORTS := $(if $(filter-out .,$(OUT)),$(OUT)/reports,reports)
KEY := $(shell printf '%s\n' $(call quote,$(CORPUS)) $(call quote,$(OUT)) $(call quote,$(PARAMS)) | cksum | cut -d' ' -f1)
STATE := .make/$(KEY)

# The environment: .venv, which tools/environment.py makes from the lock, unless PYTHON names one on the command line.
PYTHONS := python3.11 python3.12 python3.13 python3.14 python3
IS_NEW := import sys; sys.version_info >= (3, 11) and print(sys.executable)
BASE_QUOTED = $(if $(BASE),"$(BASE)")
BASE = $(firstword $(foreach p,$(PYTHONS),$(shell $(p) -c '$(IS_NEW)' 2>/dev/null)))
# Its path may hold blanks, too.
ifeq ($(origin PYTHON),command line)
  PY := $(call quote,$(PYTHON))
  ENVIRONMENT := named
else
  PY := .venv/bin/python
  ENVIRONMENT := .venv/.ready
endif
CROSSCITY := $(PY) -m crosscity.cli

export PYTHONPATH := $(CURDIR)/lib
export PYTHONHASHSEED := 0
export PYTHONUTF8 := 1
export PYTHONNOUSERSITE := 1
export PYDEVD_DISABLE_FILE_VALIDATION := 1
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
# Nothing is read from or written to the user's own settings.
export JUPYTER_PREFER_ENV_PATH := 1
export JUPYTER_CONFIG_DIR := $(CURDIR)/.make/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/.make/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.make/jupyter/runtime
export JUPYTER_PLATFORM_DIRS := 1
export IPYTHONDIR := $(CURDIR)/.make/ipython
export MPLCONFIGDIR := $(CURDIR)/.make/matplotlib

.PHONY: all figures tables test lint coverage oldest lab diff notebooks docs bench clean help scan again verify reference five-cities all-alone figures-alone tables-alone verify-alone reference-alone
.DEFAULT_GOAL := all

# One make at a time writes into OUT: a second one is refused, and ends with status 2.
ALONE := -m crosscity.files lock $(call quote,$(OUT))

all: $(ENVIRONMENT) ## tables, notebooks, figures and reports/index.html
	@$(PY) $(ALONE) $(MAKE) -s all-alone

figures: $(ENVIRONMENT) ## the same without the report
	@$(PY) $(ALONE) $(MAKE) -s figures-alone

tables: $(ENVIRONMENT) ## the tables alone
	@$(PY) $(ALONE) $(MAKE) -s tables-alone

# What is stale goes first, stage by stage, since each takes what the one before it made: by content, and never by time.
SCAN := $(PY) -m crosscity.files scan $(STATE)
# Notebooks run as many at a time as the cores allow, unless make is told how many: make -j1.
JOBS = $(or $(patsubst -j%,%,$(filter -j%,$(MAKEFLAGS))),0)

# A notebook that fails stops neither the others nor the report, which says so; the status tells it.
all-alone: scan
	@$(STUDY) && echo "up to date: "$(call quote,$(REPORTS)/index.html) || exit 2

figures-alone: scan
	@$(STUDY) --no-report

tables-alone: scan
	@test -e $(STATE)/tables.done || $(BUILD)

FOLDERS := --tables $(call quote,$(PROCESSED)) --reports $(call quote,$(REPORTS)) --state $(STATE) --params $(call quote,$(PARAMS))
STUDY = $(CROSSCITY) all $(call quote,$(CORPUS)) $(FOLDERS) --jobs $(JOBS)
BUILD := $(CROSSCITY) build $(call quote,$(CORPUS)) --out $(call quote,$(PROCESSED)) --params $(call quote,$(PARAMS)) --state $(STATE)

# A list of fonts is written in a moment: whose lock is a minute old was killed, and would hold up every notebook.
scan: writable
	@mkdir -p .make/jupyter/config .make/ipython .make/matplotlib $(STATE)
	@find .make/matplotlib -name '*.matplotlib-lock' -mmin +1 -exec rm -f {} +
	@$(SCAN) $(call quote,$(REPORTS))

# What is there is looked at every time, by its own Python if that starts; where something is wrong, a new one is made beside it.
.venv/.ready: looked-at
	@.venv/bin/python -X utf8 -I -S tools/environment.py check 2>/dev/null || $(MAKE) -s environment

# What make knows of runs lies in the suite's own folder, whoever's it is.
.PHONY: writable
writable:
	@mkdir -p .make 2>/dev/null && test -w .make || { echo "error: "$(call quote,$(CURDIR))" is not yours to write in, and make keeps its state there: copy the suite into a folder of your own, and run make in it" >&2; exit 2; }

.PHONY: looked-at environment install lock
.PRECIOUS: .venv/.ready
environment: writable
	@test -n "$(BASE)" || { echo "error: no Python 3.11 or newer is on the PATH: install one, or name one: make PYTHON=..." >&2; exit 2; }
	@"$(BASE)" -m crosscity.files lock --wait .make/environment "$(BASE)" tools/environment.py new

install: $(filter named,$(ENVIRONMENT)) ## the lock into an environment that is active already, such as conda's: make install PYTHON=python
	@test -n "$(filter named,$(ENVIRONMENT))" || { echo "error: name your environment's Python: make install PYTHON=python" >&2; exit 2; }
	@$(PY) -m crosscity.files lock --wait .make/environment $(PY) tools/environment.py here

# An environment that PYTHON names has to be there, and new enough; what it lacks is named where it is called for.
.PHONY: named
named:
	@$(PY) -c '' 2>/dev/null || { echo "error: PYTHON="$(PY)" does not start: name a Python that does, as in make PYTHON=python, or leave PYTHON out" >&2; exit 2; }
	@test -n "$$($(PY) -c '$(IS_NEW)')" || { echo "error: PYTHON="$(PY)" is older than 3.11: name a newer one, or leave PYTHON out" >&2; exit 2; }
NEEDS = @$(PY) -c 'import $(1)' 2>/dev/null || { echo "error: "$(PY)" has no package $(1): install the lock by make, or into an environment of yours by make install PYTHON=python" >&2; exit 2; }

lock: ## requirements.lock anew, after a change of pyproject.toml, by uv; LOCK=--upgrade for newer versions
	@command -v uv >/dev/null || { echo "error: make lock calls uv, which is not on the PATH: pip install uv" >&2; exit 2; }
	@uv pip compile --quiet pyproject.toml --extra test --extra build --extra formats --extra cluster --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --no-annotate -o requirements.lock $(LOCK) || { $(NO_INDEX); }

test: tables ## the whole test suite, nbval included
	$(call NEEDS,pytest)
	$(PY) $(PYTEST) --nbval --nbval-current-env $(TESTS)
TESTS := notebooks tests
# A file is one worker's, which makes once what its tests look at; the longest come first (tests/conftest.py).
PYTEST := -m pytest -p no:cacheprovider -n 2 --dist loadfile --no-loadscope-reorder

lint: $(ENVIRONMENT) ## ruff, mypy, and which package may import which
	$(call NEEDS,ruff)
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy --cache-dir .make/mypy
	@$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --cache-dir .make/import-linter

coverage: $(ENVIRONMENT) ## what the tests reach, kernels of notebooks included: .make/coverage/html
	$(call NEEDS,pytest_cov)
	@$(MAKE) -s tables-alone
	@mkdir -p .make/coverage
	$(PY) $(PYTEST) --cov --cov-report=term --cov-report=html:.make/coverage/html $(TESTS)

NO_INDEX = echo "error: uv failed, and said above why: where no index of packages answers, connect to a network or name another index" >&2; exit 2
# With uv, which can choose the lowest. Source packages are built with the lowest setuptools, so it comes first.
oldest: ## make verify and the tests on the oldest versions that pyproject.toml allows
	@mkdir -p .make
	@command -v uv >/dev/null || { echo "error: make oldest calls uv, which is not on the PATH: pip install uv" >&2; exit 2; }
	@uv pip compile --quiet pyproject.toml --extra test --extra build --extra formats --extra cluster \
	  --resolution lowest-direct --python-version 3.11 --no-header --no-emit-index-url --no-annotate -o .make/oldest.txt || { $(NO_INDEX); }
	@uv venv --quiet --clear --python "$(BASE)" .make/oldest
	@grep '^setuptools==' .make/oldest.txt > .make/oldest-build.txt
	@for list in .make/oldest-build.txt .make/oldest.txt; do \
	  uv pip install --quiet --python .make/oldest/bin/python --no-build-isolation -r $$list || { $(NO_INDEX); }; done
	@$(MAKE) verify PYTHON=.make/oldest/bin/python FRESH=.make/oldest-verify
	.make/oldest/bin/python $(PYTEST) tests

lab: tables ## JupyterLab on the notebooks, with the tables of CORPUS and OUT; LAB=--no-browser and the like go to it
	$(call NEEDS,jupyterlab)
	@$(PY) -m crosscity.pages "$(JUPYTER_CONFIG_DIR)"
	CROSSCITY_PROGRESS=1 CROSSCITY_TABLES=$(call quote,$(PROCESSED)) CROSSCITY_OUT=$(call quote,$(REPORTS)/lab) \
	  $(PY) -m jupyterlab --notebook-dir=notebooks --custom-css $(LAB)

five-cities: ## the study of the five original documents, from tables without their text, into results/five-cities
	@$(MAKE) CORPUS=data/derived/five-cities PARAMS=params/five-cities.yaml OUT=results/five-cities

# Everything again, in a fresh folder: what the embedded documents give, and what the five originals do.
FRESH := .make/verify
again: $(ENVIRONMENT)
	@$(PY) -m crosscity.files begin $(FRESH)
	@$(MAKE) CORPUS=data/raw OUT=$(FRESH)/embedded PARAMS=params/default.yaml
	@$(MAKE) CORPUS=data/derived/five-cities OUT=$(FRESH)/five-cities PARAMS=params/five-cities.yaml

# One at a time, since both begin with an empty folder.
verify: $(ENVIRONMENT) ## everything again in a fresh folder, and every table and figure compared with tests/reference
	@$(PY) -m crosscity.files lock .make/verifying $(MAKE) -s verify-alone

reference: $(ENVIRONMENT) ## keep what verify is held against, where a result is meant to change
	@$(PY) -m crosscity.files lock .make/verifying $(MAKE) -s reference-alone

verify-alone: again
	@status=0; for study in embedded five-cities; do echo "$$study:"; \
	  $(CROSSCITY) verify $(FRESH)/$$study tests/reference/$$study --out $(FRESH)/verification/$$study || status=1; \
	done; exit $$status

reference-alone: again
	@for study in embedded five-cities; do $(CROSSCITY) reference $(FRESH)/$$study tests/reference/$$study || exit 1; done

diff: ## what changed in the committed notebooks, without their pictures; DIFF=main..topic and the like go to git
	@git -c diff.notebook.textconv="$(PY) tools/notebook_text.py" diff $(DIFF) -- notebooks

notebooks: tables ## run the committed notebooks anew in place, with their pictures
	@$(PY) tools/renew_notebooks.py

docs: $(ENVIRONMENT) ## docs/api.md and docs/data-dictionary.md anew, from docstrings and the contract of tables
	@$(PY) tools/renew_docs.py

bench: $(ENVIRONMENT) ## how fast each stage is, and what it holds; BENCH="folder 1 10" for another corpus
	@$(PY) bench/stages.py $(BENCH)

clean: ## remove what was built, by make's stamps; files of your own stay, and edited ones are named
	@$(or $(BASE_QUOTED),$(PY)) -m crosscity.files clean .make .
	@$(or $(BASE_QUOTED),$(PY)) -m crosscity.files begin $(FRESH)
	@find .make -mindepth 1 -maxdepth 1 ! -name environment ! -name verify ! -name '[0-9]*' -exec rm -rf {} + 2>/dev/null || true

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile
