# make demo    the main job, on the movie inside the package
# make test    style, types, floors, shape and tests
# make fuzz    2,000 damaged files: each refused in one line, or read as what it still says; 200 kills and power cuts
# make bench   holdstill and its peers, side by side
# make bench-gpu  the gpu device, on the adapter that is there
# make bench-stress  movies that mislead: what is wrong, refused, or told with the wrong error bars
# make docs    the documentation, into docs/_build/html
# make shape   how long files and functions are
# make clean   remove .venv and every cache
#
# Needs Python 3.11 or newer and nothing else: the rest is installed into .venv, again whenever pyproject.toml changes.
# Another Python: make test PYTHON=/path/to/python3

PYTHON ?= python3 python python3.14 python3.13 python3.12 python3.11

VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test lint types floors shape docs bench bench-gpu bench-stress fuzz venv clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

demo: $(VENV)/ready
	@$(BIN)/holdstill demo

# several processes share the cores: BLAS waits in a loop for threads that are not running (a file of tests took 119 s of
# processor time beside others, and 23 s with one thread)
test: export OPENBLAS_NUM_THREADS = 1
test: export OMP_NUM_THREADS = 1
test: export MKL_NUM_THREADS = 1
# hundreds of processes are started, each of which would compile the package anew (0.6 s of processor time)
test: export PYTHONDONTWRITEBYTECODE =
test: lint types floors shape
	@$(BIN)/python -m pytest -n 3

lint: $(VENV)/ready-dev
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check

types: $(VENV)/ready-dev
	@$(BIN)/python -m mypy

floors: $(VENV)/ready-dev
	@$(BIN)/lint-imports --no-logo

shape: $(VENV)/pyvenv.cfg
	@$(BIN)/python tools/shape.py src/holdstill

docs: $(VENV)/ready-docs
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

fuzz: $(VENV)/ready-dev
	@$(BIN)/python -m tests.fuzz
	@HOLDSTILL_FUZZ=200 $(BIN)/python -m pytest tests/run/test_power.py tests/run/test_resume.py tests/io/test_lock.py

bench: $(VENV)/ready-bench
	@$(BIN)/python -m benchmarks

bench-gpu: $(VENV)/ready-bench-gpu
	@$(BIN)/python -m benchmarks gpu

bench-stress: $(VENV)/ready-bench
	@$(BIN)/python -m benchmarks stress

venv: $(VENV)/pyvenv.cfg

clean:
	rm -rf $(VENV) build dist docs/_build docs/gallery docs/generated .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests tools benchmarks examples docs -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

$(VENV)/pyvenv.cfg:
	@for python in $(PYTHON); do \
	    if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Making $(VENV) with $$python"; \
	        exec "$$python" -m venv $(VENV); \
	    fi; \
	done; \
	echo "holdstill needs Python 3.11 or newer with its venv module; tried: $(PYTHON)." >&2; \
	echo "Install it (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1

$(VENV)/ready: pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing holdstill into $(VENV)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/ready-dev: pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing holdstill and its tools into $(VENV)"
	@$(PIP) install --editable ".[dev]"
	@touch $@

$(VENV)/ready-docs: pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing holdstill and Sphinx into $(VENV)"
	@$(PIP) install --editable ".[docs]"
	@touch $@

# TemplateMatchingPy asks for opencv-python, which needs a display's libraries and overwrites the headless build that
# serves it as well; hence without its dependencies.
$(VENV)/ready-bench: pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing holdstill and its peers into $(VENV)"
	@$(PIP) install --editable ".[bench]"
	@$(PIP) install --no-deps "TemplateMatchingPy>=1.0.3"
	@touch $@

# pyGPUreg is run in a process of its own; under a display, or xvfb-run.
$(VENV)/ready-bench-gpu: pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing holdstill, wgpu and pyGPUreg into $(VENV)"
	@$(PIP) install --editable ".[gpu]" "pyGPUreg>=0.1.5"
	@touch $@
