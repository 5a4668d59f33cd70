PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: run test check bench clean

run: $(VENV)/.run
	@$(RUN) manage.py run

test: $(VENV)/.dev
	@$(RUN) -m pytest

check: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
# mypy reads the settings and leaves without a good-bye: no embedded server for it.
	DATABASE_URL=postgresql:///none $(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint --check --lint templates
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) manage.py check

bench: $(VENV)/.dev
	$(RUN) -m bench

$(VENV)/.run: requirements/run.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Leadrouting needs Python 3.11, 3.12 or 3.13, and %s is Python %d.%d. Say which one to use: make PYTHON=python3.12 $(MAKECMDGOALS)" % (sys.executable, *v))'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Leadrouting runs on (once)..."
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.run
	@echo "Installing what its tests need (once)..."
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	rm -rf $(VENV) var/static .mypy_cache .ruff_cache .pytest_cache
