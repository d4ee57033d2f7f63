# Everything a developer types. `make help` lists it.

SWIFT ?= swift
# A plain build is a debug build. Release builds are kept apart, so that neither throws the other away.
RELEASE_SCRATCH := .build-release
SOURCES := Package.swift Sources Tests Benchmarks
# Many tests drive real programs and sockets: more of them at once than this only wait for each other.
TEST_WIDTH := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: deps
deps: ## Install the Debian packages that are missing
	@scripts/install-dependencies

.PHONY: build
build: deps ## Build the three programs (debug)
	$(SWIFT) build --product ctibridged
	$(SWIFT) build --product ctibridge
	$(SWIFT) build --product ctibridge-sim

.PHONY: demo
demo: ## Run the daemon against the simulator; Ctrl-C ends both
	@# What the daemon says is all there is on standard output: `make demo | jq` works.
	@$(MAKE) --no-print-directory build >&2
	@scripts/demo "$$($(SWIFT) build --show-bin-path)"

.PHONY: test
test: deps ## Build and run every test
	$(SWIFT) build --build-tests
	$(TEST_WIDTH) $(SWIFT) test --skip-build --skip SiteSimulationTests
	@# By itself: it takes all cores there are.
	$(SWIFT) test --skip-build --filter SiteSimulationTests

export CTIBRIDGE_SIM_CALLS CTIBRIDGE_SIM_SEED

.PHONY: simulate
simulate: deps ## Simulate a site (CTIBRIDGE_SIM_CALLS, CTIBRIDGE_SIM_SEED) and hold the stream against the truth
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --filter SiteSimulationTests

.PHONY: mutants
mutants: deps ## Put deliberate faults into a copy; the tests must find each (over half an hour)
	@scripts/mutants

.PHONY: check
check: lint ## Check what can be checked without running it: format, documents, scenarios, faults of `make mutants`
	@scripts/check-documents
	@scripts/mutants --check

.PHONY: lint
lint: ## Check the format of the sources
	@# A string that cannot be broken may be longer than a line; everything else that lint finds is a mistake. The
	@# formatter does not measure comments.
	@! { $(SWIFT) format lint --parallel --recursive $(SOURCES) 2>&1 | awk -F: \
			'/\[LineLength\]/ { ("sed -n " $$2 "p " $$1) | getline line; if (line ~ /"/) next } { print }'; \
		LC_ALL=C.UTF-8 grep -rnE '^.{121}' $(SOURCES) | grep -E '^[^:]+:[0-9]+: *//'; } | grep .

.PHONY: format
format: ## Format the sources
	$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

.PHONY: release
release: deps ## Build the three programs (release)
	$(SWIFT) build -c release --scratch-path $(RELEASE_SCRATCH) --product ctibridged
	$(SWIFT) build -c release --scratch-path $(RELEASE_SCRATCH) --product ctibridge
	$(SWIFT) build -c release --scratch-path $(RELEASE_SCRATCH) --product ctibridge-sim

.PHONY: bench
bench: release ## Measure the release programs: latency, rate, memory, CPU
	CTIBRIDGE_BENCH=1 $(SWIFT) build -c release --scratch-path $(RELEASE_SCRATCH) --product ctibridge-bench
	@programs=$$($(SWIFT) build -c release --scratch-path $(RELEASE_SCRATCH) --show-bin-path) && \
		"$$programs/ctibridge-bench" "$$programs"

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf .build .build-release
