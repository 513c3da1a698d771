# Verbs for everyone; `make` alone lists them. Python 3.13 is found on PATH or under pyenv.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON_WANTED := 3.13
PYTHON := $(firstword \
  $(shell command -v python$(PYTHON_WANTED) 2>/dev/null) \
  $(wildcard $(HOME)/.pyenv/versions/$(PYTHON_WANTED)*/bin/python) \
  $(shell python3 -c 'import sys; print(sys.executable if sys.version_info[:2] == (3, 13) else "")' 2>/dev/null))
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: help setup run test check demo bench fuzz eval model lock

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "prompt-gateway needs Python $(PYTHON_WANTED); install it (for example: pyenv install $(PYTHON_WANTED)) and run make again." >&2; exit 2; }
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing prompt-gateway into $(VENV) (once; a minute or two) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the tools for tests and checks ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.runtime ## build .venv with the prompt-gateway command

run: setup ## start the gateway on embedded defaults
	@$(BIN)/prompt-gateway run $(ARGS)

demo: setup ## eight example prompts through a real gateway to a pretend AI service
	@$(BIN)/prompt-gateway demo $(ARGS)

test: $(VENV)/.dev ## run every test (also installs the system tools they need, where apt-get may)
	@.ci/system-tools
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.dev ## formatting, lint, types, rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/prompt-gateway rules check

fuzz: $(VENV)/.dev ## fuzz one reader of files: ARGS="pdf -max_total_time=180"
	@$(BIN)/python -m tests.fuzz.fuzz_documents $(ARGS)

bench: $(VENV)/.dev ## speed, as ratios measured in one run
	@$(BIN)/python -m tests.bench $(ARGS)

eval: $(VENV)/.dev ## recall, false finds and verdicts, against floors that only rise
	@$(BIN)/python -m tests.eval $(ARGS)

model: $(VENV)/.dev ## train the Dutch models again from their recipe (hours; see nl_models/MODEL_CARD.md)
	@$(BIN)/python -m nl_models.training $(ARGS)

lock: $(VENV)/.dev ## renew the pinned dependencies with their hashes
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --upgrade -o requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --upgrade --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
