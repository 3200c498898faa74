# Everything a person does with TechStock from a terminal. Each target does the set-up it needs.
# Recipes run from this directory: make -C works too.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8080
export PORT

UV_VERSION := 0.13.9
PYTHON := .venv/bin/python
UV := .venv/bin/uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header \
	--python-version 3.12 --no-emit-index-url

.PHONY: help setup run test bench check check-sites browser lock secrets clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/installed ## Make the virtual environment with the locked packages

.venv/python: .python-version
	@for python in python3.12 python3.13 python3.14 python3 python; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
			echo "Making .venv with $$("$$python" --version) …"; \
			rm -rf .venv; \
			"$$python" -m venv .venv || { rm -rf .venv; exit 1; }; \
			touch $@; exit 0; \
		fi; \
	done; \
	echo "TechStock needs Python 3.12 or newer, and none was found." >&2; exit 1

.venv/installed: .venv/python requirements.lock
	@if ! $(UV) --version >/dev/null 2>&1; then \
		echo "Installing uv …"; \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"; \
	fi
	@echo "Installing the locked packages …"
	@$(UV) pip sync --quiet --python $(PYTHON) --require-hashes requirements.lock
	@touch $@

run: setup ## Bring up everything on http://localhost:PORT (default 8080) until Ctrl-C
	@exec $(PYTHON) -m embedded run

# Two settings modules mean two pytest runs, because Django can be set up once in a process; what
# looks at the running system from outside needs no Django and is the third. Each of two workers has
# a test database, or a whole system, of its own.
test: setup browser ## Run every test against real parts
	$(PYTHON) -m embedded.messages
	$(PYTHON) -m pytest --ds=identity_site.settings -n 2 tests/identity
	$(PYTHON) -m pytest --ds=inventory_site.settings -n 2 tests/inventory
	$(PYTHON) -m pytest -n 2 --dist worksteal tests/contract tests/stack tests/browser

bench: setup ## Measure the real system beside its yardsticks; also ONLY=quick,list LINES=10000000
	@$(PYTHON) -m embedded.bench $(if $(ONLY),--only $(ONLY)) $(if $(LINES),--lines $(LINES)) \
		$(if $(PRODUCTS),--products $(PRODUCTS)) $(if $(JSON),--json $(JSON))

browser: setup
	@$(PYTHON) -m tests.chromium

check: setup ## Run every check that needs no running system
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	bash -n .ci/run; bash -n proxy/start.sh
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet templates_shared identity_site inventory_site
	$(PYTHON) -m tests.checks.translations
	$(PYTHON) -m tests.checks.proxy
	$(PYTHON) -m embedded throwaway -- $(MAKE) check-sites

# The same reason as above: one mypy run and one set of Django's checks for each settings module.
check-sites:
	DJANGO_SETTINGS_MODULE=identity_site.settings $(PYTHON) -m mypy \
		--cache-dir .mypy_cache/identity identity_site tests/identity
	DJANGO_SETTINGS_MODULE=inventory_site.settings $(PYTHON) -m mypy \
		--cache-dir .mypy_cache/inventory inventory_site embedded tests --exclude tests/identity
	for site in identity inventory; do \
		PUBLIC_ORIGIN=https://stock.example.com MAIL_FOLDER= EMAIL_URL=smtp+tls://mail.example.com:587 \
			$(PYTHON) -m $${site}_site.manage check --deploy --fail-level WARNING; \
		$(PYTHON) -m $${site}_site.manage makemigrations --check --dry-run; \
		$(PYTHON) -m tests.checks.templates $${site}_site; \
	done

lock: setup ## Resolve the dependencies anew and write the three lock files
	$(COMPILE) --all-extras --group dev -o requirements.lock pyproject.toml
	$(COMPILE) --extra identity -o identity_site/requirements.lock pyproject.toml
	$(COMPILE) --extra inventory -o inventory_site/requirements.lock pyproject.toml

secrets: setup ## Write the secrets that compose.yaml mounts into secrets/
	@$(PYTHON) -m embedded.container_secrets

clean: ## Remove what make made in this directory; your data stay where they are
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache staticfiles test-artefacts
	find identity_site inventory_site templates_shared embedded tests \
		\( -name '*.mo' -o -name __pycache__ \) -prune -exec rm -rf {} +
