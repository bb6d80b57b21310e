# make help lists what there is. Needs Go; make test installs the rest where it may.
SHELL := /bin/bash
export CGO_ENABLED ?= 0

PROJECTS ?=
N ?= 100
FUZZ ?= 30s

.DEFAULT_GOAL := help
.PHONY: help build run demo test unit check lint fmt e2e race bench bench-growth kill fuzz fuzz-api nightly generate assets clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/cairn (needs only Go)
	@go build -o bin/cairn ./cmd/cairn

run: build ## build and start Cairn with the demonstration organisation
	@exec bin/cairn demo $(if $(PROJECTS),--projects $(PROJECTS))

demo: run ## the same as run

test: ## all tests: both databases, browser, race detector, checks
	@scripts/test.sh

unit: ## go test alone, on both databases
	@scripts/with-postgres.sh go test -p 2 -timeout 10m ./...

race: ## the race detector over the packages with concurrency
	@scripts/with-postgres.sh scripts/race.sh

e2e: ## browser suite; leaves screens in build/screens
	@CAIRN_SCREENS=$(CURDIR)/build/screens scripts/e2e.sh

check: ## format, linters, generated files, module files
	@scripts/check.sh

lint: ## the linters alone
	@go -C tools build -o $(CURDIR)/bin/ tool && bin/golangci-lint run --allow-serial-runners ./...

fmt: ## format Go and templates
	@go -C tools build -o $(CURDIR)/bin/ tool && bin/golangci-lint fmt && go tool templ fmt internal

bench: build ## pages against a bare server, imports against bare inserts; all other benchmarks
	@go run ./bench/pages
	@go run ./bench/gaps
	@go run ./bench/imports
	@go run ./bench/imports -format xlsx
	@CAIRN_TEST_FSYNC=on scripts/with-postgres.sh go run ./bench/imports -db postgres
	@CAIRN_TEST_FSYNC=on scripts/with-postgres.sh go test -run "^$$" -bench . -benchmem ./...

bench-growth: build ## the list by every sort among 1,000 and 100,000 projects (makes both, once)
	@go run ./bench/pages -growth

kill: build ## kill the program N times: writes, imports, backups, one of three processes (N=100)
	@CAIRN_TEST_FSYNC=on scripts/with-postgres.sh go run ./bench/kill -n $(N)

fuzz: ## every fuzz target for FUZZ (FUZZ=30s)
	@scripts/fuzz.sh $(FUZZ)

fuzz-api: ## try the API against its description on both engines (REQUESTS=20000 SEED=1)
	@scripts/with-postgres.sh go test ./internal/app -run TestTheAPIIsAsDescribed -timeout 60m -api-requests $(or $(REQUESTS),20000) -api-seed $(or $(SEED),1)

nightly: ## what takes long: make kill N=1000, every fuzz target for five minutes, make bench
	@$(MAKE) kill N=1000
	@$(MAKE) fuzz FUZZ=5m
	@$(MAKE) bench

generate: ## write the generated Go of the templates
	@go tool templ generate

assets: ## build the browser's files from their sources
	@go run ./internal/kit/ui/assets/build

clean: ## remove what was built
	@rm -rf bin build e2e/node_modules
