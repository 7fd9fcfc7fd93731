# Every command of the project. `make` alone prints them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
PREPARE := @scripts/python.sh scripts/prepare.py
DEPLOY := $(CURDIR)/build/deploy/bin
STAGING ?= staging
PLAYBOOK = PATH="$(DEPLOY):$$PATH" $(DEPLOY)/ansible-playbook -i $(abspath $(STAGING))/hosts.yml \
	--vault-password-file $(abspath $(STAGING))/vault-password

# Tests talk to this machine: never through a proxy.
comma := ,
export NO_PROXY := $(if $(NO_PROXY),$(NO_PROXY)$(comma))127.0.0.1,localhost
export no_proxy := $(NO_PROXY)

.PHONY: help
help: ## print this list
	@sed -n 's/^\([a-z][a-z0-9-]*\):.*## /  \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-17s %s\n", $$1, $$2}'

.PHONY: up
up: ## set everything up and run the platform on http://localhost:8080 (API_PORT=8081; LAN=1: for phones, too)
	$(PREPARE) run
	@exec $(BIN)/ascension up

.PHONY: test
test: ## set everything up and run every check and test of the product, but for the thorough ones
	$(PREPARE) dev
	@exec $(BIN)/python scripts/check.py

.PHONY: test-fast
test-fast: ## the tests that need no service and no browser
	$(PREPARE) dev
	@exec $(BIN)/pytest -q -m "not engines and not browser and not thorough"

.PHONY: test-deploy
test-deploy: ## what deploys Ascension: images, compose, Ansible, nginx, units, alerts (.ci/run runs it, too)
	$(PREPARE) deploy
	@exec $(BIN)/python scripts/check.py deploy

.PHONY: test-thorough
test-thorough: ## the tests that take long for what they prove (30 min); run them before a release
	$(PREPARE) dev
	@exec $(BIN)/python scripts/check.py thorough

.PHONY: test-postgres15
test-postgres15: ## the tests that lean on the database, on Debian's PostgreSQL 15 (.ci/run runs them there, too)
	$(PREPARE) dev
	@exec $(BIN)/python scripts/check.py postgres15

.PHONY: lint
lint: ## style, types, import arrows, house rules, the web client's checks
	$(PREPARE) dev
	@exec $(BIN)/python scripts/check.py lint

.PHONY: format
format: ## put Python into the house format
	$(PREPARE) dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: demo
demo: ## analyze the example climb without any service; the result lies in build/demo
	$(PREPARE) run
	@exec $(BIN)/ascension analyze examples/climb.mp4 --out build/demo --force

.PHONY: example
example: ## analyze the example climb anew for the page /demo: writes examples/demo, to be looked at and committed
	$(PREPARE) dev
	@exec $(BIN)/python -m scripts.example

.PHONY: status
status: ## which parts run here, on which port, since when
	@$(BIN)/ascension status || true

.PHONY: stop
stop: ## stop the platform that runs here
	@exec $(BIN)/ascension stop

.PHONY: logs
logs: ## follow the logs of all parts
	@exec $(BIN)/ascension logs --follow

.PHONY: reset
reset: ## remove every account, video and analysis of the platform here (asks first)
	@exec $(BIN)/ascension reset

.PHONY: migrate
migrate: ## bring the running platform's database to this release's schema
	@exec $(BIN)/ascension migrate

.PHONY: doctor
doctor: ## what this machine lacks, and what to do about it
	$(PREPARE) run
	@exec $(BIN)/ascension doctor

.PHONY: openapi
openapi: ## write what the web client knows of the rest: the API's description, types from it, the gate's limits
	$(PREPARE) dev
	@$(BIN)/python scripts/openapi.py
	@exec $(BIN)/python scripts/filming.py

.PHONY: bench-vision
bench-vision: ## speed, memory and accuracy beside MediaPipe (CLIPS="a.mp4 b.mp4" BENCH="--all --write")
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.vision $(CLIPS) $(BENCH)

.PHONY: bench-memory
bench-memory: ## peak memory of 30 s and of 10 min of video (CLIPS=a.mp4)
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.vision.memory $(CLIPS)

.PHONY: bench-plan
bench-plan: ## 200 jobs on real workers beside the same 200 simulated; 1 where the p95 differ by over 15 %
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.plan $(if $(SEED),--seed $(SEED))

.PHONY: bench-workers
bench-workers: ## one worker against two, an idle one's start, recovery after kill -9 (BENCH="--jobs 100 --sleep 1")
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.workers $(BENCH)

.PHONY: bench-api
bench-api: ## what a request costs on the hot paths, beside bare ASGI; 1 where a result costs over 1.5 times (BENCH="--write")
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.api $(BENCH)

.PHONY: bench-logins
bench-logins: ## p95 of /users/me under 20 logins at once beside the same at rest; 1 where it is over 3 times (BENCH="--rounds 9")
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.logins $(BENCH)

.PHONY: bench-web
bench-web: ## Lighthouse on start, list and a climb's page, what a result costs there; 1 where a target is missed (BENCH="--write")
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.web $(BENCH)

.PHONY: bench-player
bench-player: ## the player beside the bare video at a quarter of the processor: pictures dropped, lag, jumps (BENCH="--write")
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.player $(BENCH)

.PHONY: load
load: ## k6 in the documented shape (9 min) on /health and on whole journeys (LOAD_SHORT=1, LOAD="journey --users 50")
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.load $(LOAD)

.PHONY: validate
validate: ## compare the analysis with the truth of all rendered scenes; writes the tables of docs/validation.md
	$(PREPARE) dev
	@$(BIN)/python -m validation evaluate --page $(SCENES)
	@exec $(BIN)/python -m validation pairs --page

.PHONY: validate-peer
validate-peer: ## the same beside MediaPipe heavy, in an environment of its own; writes the second table of the page
	$(PREPARE) dev
	@$(BIN)/python -m benches.vision.peer --cores 1 examples/climb.mp4 $(filter-out validation/clips/planted-% validation/clips/pair-%,$(wildcard validation/clips/*.mp4))
	@exec $(BIN)/python -m validation beside build/mediapipe/poses --page

.PHONY: validation-clips
validation-clips: ## render the scenes that are not there (SCENES="long dyno-240" for those that are not committed)
	$(PREPARE) dev
	@scripts/python.sh scripts/opengl.py
	@exec $(BIN)/python -m validation render --missing $(SCENES)

.PHONY: fuzz-gate
fuzz-gate: ## broken videos through the compute child in its cage; 1 where one hangs (FILES=2000 SEED=1: of the first)
	$(PREPARE) dev
	@exec $(BIN)/python -m benches.fuzz $(if $(FILES),--files $(FILES)) $(if $(SEED),--seed $(SEED))

.PHONY: fuzz-api
fuzz-api: ## the whole API from its own description; 1 on a server error or an undescribed answer (CASES=20000 SEED=7)
	$(PREPARE) dev
	@exec $(BIN)/python -m tests.fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED))

.PHONY: chaos
chaos: ## 1000 jobs in 15 minutes while every part is killed, frozen, cut off, filled up (CHAOS_JOBS=2000 CHAOS_MINUTES=30 SEED=7 FORM=short, kills)
	$(PREPARE) dev
	@exec $(BIN)/python -m tests.chaos --form $(or $(FORM),long) $(if $(CHAOS_JOBS),--jobs $(CHAOS_JOBS)) $(if $(CHAOS_MINUTES),--minutes $(CHAOS_MINUTES)) $(if $(SEED),--seed $(SEED))

.PHONY: staging-rehearsal
staging-rehearsal: ## staging from bare hosts, on this machine, and all that may happen to it (REHEARSAL="--keep -k flip"; root)
	$(PREPARE) deploy
	@exec $(BIN)/python -m tests.rehearsal $(REHEARSAL)

.PHONY: outage
outage: ## take the database away for 90 s (OUTAGE_S=30) in the middle of a job, and print how long healing took
	$(PREPARE) dev
	@OUTAGE_S=$(or $(OUTAGE_S),90) exec $(BIN)/pytest -q -s tests/infra/test_outage.py

.PHONY: look
look: ## take the pictures anew that key screens are compared with (tests/web/look), to be looked at
	$(PREPARE) dev
	@LOOK_ANEW=1 $(BIN)/pytest -q -p no:xdist tests/web/test_look.py

.PHONY: pictures
pictures: ## pictures of every screen at phone and desktop size, in build/pictures
	$(PREPARE) dev
	@exec $(BIN)/python -m tests.web.pictures

.PHONY: lock
lock: ## write requirements/*.lock anew from pyproject.toml
	$(PREPARE) dev
	@exec $(BIN)/python scripts/lock.py

.PHONY: audit
audit: ## advisories and licenses of every locked package, offline (FETCH=1 asks the advisory service anew)
	$(PREPARE) dev
	@exec $(BIN)/python scripts/audit.py $(if $(FETCH),--fetch)

.PHONY: bundle
bundle: ## what images and hosts run, as build/release/ascension-VERSION (VERSION=0.2.0 CHANGES=1: with what is not committed)
	$(PREPARE) run
	@exec $(BIN)/python scripts/bundle.py $(VERSION) $(if $(CHANGES),--changes)

.PHONY: images
images: ## images of API, worker, database and backups out of the bundle (VERSION=0.2.0 CUDA=1; AGAIN=1: twice, and compared)
	$(PREPARE) run
	@exec $(BIN)/python scripts/images.py build $(VERSION) $(if $(CUDA),--cuda) $(if $(AGAIN),--again) $(if $(NETWORK),--network $(NETWORK))

.PHONY: release-images
release-images: ## push them, and write their digests for Compose (VERSION=0.2.0 REGISTRY=registry.example.org/team)
	$(PREPARE) run
	@exec $(BIN)/python scripts/images.py push $(VERSION) $(REGISTRY)

.PHONY: staging-secrets
staging-secrets: ## make the folder of an installation and the secrets that its vault lacks (STAGING=staging)
	$(PREPARE) deploy
	@exec $(DEPLOY)/python infrastructure/ansible/vault.py $(STAGING)

.PHONY: staging-install
staging-install: ## from bare machines to running, and again at any time (VERSION=0.2.0 ANSIBLE="--check --diff")
	$(PREPARE) deploy
	@cd infrastructure/ansible && exec $(PLAYBOOK) site.yml -e version=$(VERSION) $(ANSIBLE)

.PHONY: staging-release
staging-release: ## a later release: everywhere beside what runs, schema, replica by replica (VERSION=0.2.1)
	$(PREPARE) deploy
	@cd infrastructure/ansible && exec $(PLAYBOOK) release.yml -e version=$(VERSION) $(ANSIBLE)

.PHONY: staging-verify
staging-verify: ## images built, pushed, run on a Docker of their own, and by the playbook on a bare host (root; 30 min)
	$(PREPARE) deploy
	@exec $(BIN)/pytest -q -s -p no:xdist -o faulthandler_timeout=1800 -m rehearsal tests/rehearsal/images

.PHONY: sbom
sbom: ## what the product is made of as CycloneDX 1.6, in build/sbom.cdx.json
	$(PREPARE) dev
	@exec $(BIN)/python scripts/sbom.py

.PHONY: clean
clean: ## remove what was built; accounts and videos stay
	@if $(BIN)/ascension status >/dev/null 2>&1; then echo "It is running: make stop first." >&2; exit 1; fi
	rm -rf build .venv web/dist web/node_modules src/ascension/vision/models/*.onnx
