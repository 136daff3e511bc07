# 督办 Duban. Needs Python 3.11 and make, nothing else.
.DEFAULT_GOAL := help
.PHONY: help install up demo test lint bench lock clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
BROWSER := .venv/browser/chromium
PIP := $(BIN)/pip --disable-pip-version-check --quiet

help: ## List what make can do here
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

install: .venv/installed $(BROWSER) ## Install everything into .venv, exactly as locked (a few minutes; at once when nothing changed)
	@:

up: .venv/installed ## Start database, ledger and Airflow, empty; Ctrl-C takes everything down again
	@$(BIN)/duban up

demo: .venv/installed ## Play invented matters through every path in a rehearsal (演练), then stay up; BUREAU=bureau or lanzhou
	@$(BIN)/duban demo $(if $(BUREAU),--bureau '$(BUREAU)')

test: install ## Run all tests, on an embedded PostgreSQL (two at a time) and on a real Airflow (one after the other)
	$(BIN)/pytest -n 2 --dist loadfile -m "not e2e and not crash"
	$(BIN)/pytest -m "e2e or crash"

lint: .venv/installed ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/installed ## Measure waiting, answering, parsing and writing; prints the figures
	$(BIN)/python -m benchmarks

lock: ## Resolve the dependencies of pyproject.toml anew and write requirements.txt
	rm -rf .venv.lock && $(PYTHON) -m venv .venv.lock
	.venv.lock/bin/pip --disable-pip-version-check --quiet install -e '.[dev]'
	.venv.lock/bin/pip freeze --all --exclude-editable --exclude pip | LC_ALL=C sort -f > requirements.txt
	rm -rf .venv.lock

clean: ## Remove everything that was made here: .venv, caches and var/ with ALL ITS DATA (asks first)
	@printf '将删除 .venv、缓存和 var/ 中的全部数据（包括台账）。确认请输入 yes：'; read answer; [ "$$answer" = yes ]
	rm -rf .venv .venv.lock .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info var

.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) install --no-deps -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# For the tests of pages only: nothing else waits for it.
$(BROWSER): tools/browser.py | .venv/installed
	$(BIN)/python -m tools.browser
