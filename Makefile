# A recipe is one line; what is longer is a program in .tools/ or beside the package that it serves.
.DEFAULT_GOAL := help

FUZZTIME ?= 30s
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT   ?= $(shell git rev-parse HEAD 2>/dev/null)
DATE     ?= $(shell git log -1 --format=%cI 2>/dev/null)

BUILD = -trimpath -ldflags "-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.date=$(DATE)"
LINT  = go tool -modfile=.tools/lint.mod golangci-lint

.PHONY: help build install test lint fmt fuzz cover bench bench-check generate clarity-report microbench crash crash-sample page-audit page-pictures docs release-check ci clean

help: ## show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build ./bin/incident
	CGO_ENABLED=0 go build $(BUILD) -o bin/ ./cmd/incident

install: ## build incident and put it where go puts programs
	CGO_ENABLED=0 go install $(BUILD) ./cmd/incident

test: ## run all tests
	go test ./...

lint: ## find faults that compile (the first time builds the linter: a minute or two)
	$(LINT) run ./... ./.tools/*/

fmt: ## format all Go files
	$(LINT) fmt ./... ./.tools/*/

fuzz: ## run each fuzz target in turn for FUZZTIME (30s; 100000x for a number of inputs)
	go run ./.tools/fuzz $(FUZZTIME)

cover: ## say how much of the code the tests run; coverage.out has the lines
	go test -coverpkg=./... -coverprofile=coverage.out ./... && go tool cover -func=coverage.out | tail -n 1

bench: ## measure whole processes beside git, up to 10,000 incidents (BENCH_LARGE=1: 100,000; BENCH='-runs 5 -only note')
	go run ./.tools/bench $(BENCH)

bench-check: ## the same, and fail where a goal is missed
	go run ./.tools/bench -check $(BENCH)

clarity-report: ## print recall and precision of each rule of wording over the labelled corpus
	go test ./pkg/clarity -run TestCorpus -count=1 -v -report

generate: ## write the tables that are made from files in templates/
	go generate ./pkg/clarity

microbench: ## run the benchmarks of functions
	go test -run '^$$' -bench . ./...

crash: ## kill writes at each system call, let calls fail, fill disks, use git beside them (Linux; hours)
	go run ./.tools/crash

crash-sample: ## the same for a minute, with points chosen at random
	go run ./.tools/crash -sample 25 -time 35s

page-audit: ## look at a sample status page in Chromium, under axe, and as its clients do (node, npm, chromium)
	go run ./.tools/page-audit $(AUDIT)

page-pictures: ## the same, and make the pictures of the status page in the README
	go run ./.tools/page-audit -shots docs/images

docs: ## make the reference and the golden files again; read the diff
	go run ./pkg/cli/gen markdown docs/reference && go run ./.tools/golden

release-check: ## build a release without publishing it; check contents, licences, known vulnerabilities
	go run ./.tools/release

ci: ## do what continuous integration does
	.ci/run

clean: ## remove what was built
	rm -rf bin dist .release coverage.out
