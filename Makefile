# `make help` lists what there is.

SWIFT_FLAGS = --explicit-target-dependency-import-check error
# Of the packages beside the product, only what is their own: the other folders are links.
POLICIES = $(filter-out %.test.yaml,$(wildcard policies/*.yaml))
SOURCES = Package.swift Sources Tests examples Fuzz/Package.swift Fuzz/Sources/fuzz \
    Benchmarks/Package.swift Benchmarks/Sources/policy-benchmark Benchmarks/Sources/token-benchmark Benchmarks/Sources/token-judge \
    Benchmarks/Sources/key-flood

# What the programs in other languages start, as they are run from here.
PROGRAM = $(CURDIR)/.build/debug/ostiary
# One file to copy; what the figures of docs/performance.md are of.
OPTIMISED = swift build -c release --static-swift-stdlib --product ostiary

.DEFAULT_GOAL := help
.PHONY: help demo test build build-tests format lint check-floors check-long fuzz benchmark instructions policies schema assertions \
    websockets streaming slow-clients endurance idle-connections peers \
    peers-check differential picture clean prepare

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) \
	    | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: ## start the sample app behind the gateway and two accounts, and requests to paste (PORT=…, DEMO_ONCE=1)
	@Scripts/demo.sh

test: prepare ## build and run all tests
	Scripts/test.sh $(SWIFT_FLAGS)

build: prepare ## build everything, for debugging
	swift build $(SWIFT_FLAGS)

build-tests: prepare ## build everything and the tests
	swift build --build-tests $(SWIFT_FLAGS)

format: ## format the sources in place
	swift format format --in-place --recursive --parallel $(SOURCES)

lint: ## check the format of the sources
	swift format lint --strict --recursive --parallel $(SOURCES)

check-floors: ## check that every module imports lower floors only
	python3 Scripts/check-floors.py --self-test
	python3 Scripts/check-floors.py

fuzz: ## feed the parsers with made-up input (SECONDS=60)
	Fuzz/run.sh $(or $(SECONDS),60)

benchmark: prepare ## what verifying a token costs, against libcrypto alone and against jwt-kit
	swift build -c release --package-path Benchmarks --scratch-path Benchmarks/.build-bench --product token-benchmark
	Benchmarks/.build-bench/release/token-benchmark

instructions: prepare ## compare instruction counts with Benchmarks/instructions.limits
	@Scripts/install-packages.sh valgrind
	Benchmarks/instructions.sh

differential: prepare ## compare verdicts on mutated tokens with those of three other libraries (ROUNDS=1000)
	@Scripts/install-packages.sh python3-venv
	Tests/Differential/run.sh $(or $(ROUNDS),1000)

check-long: prepare ## every check with full numbers, then the address and the thread sanitizer (slow)
	OSTIARY_PROPERTY_TIMES=100 OSTIARY_CRASH_ROUNDS=500 OSTIARY_FLOOD_ROUNDS=1000000 \
	    Scripts/test.sh $(SWIFT_FLAGS)
	Fuzz/run.sh 1800
	Tests/Differential/run.sh 100000
	$(MAKE) benchmark instructions idle-connections
	$(OPTIMISED)
	$(MAKE) PROGRAM=$(CURDIR)/.build/release/ostiary websockets slow-clients SECONDS=60
	$(MAKE) PROGRAM=$(CURDIR)/.build/release/ostiary streaming MIB=2048
	$(MAKE) PROGRAM=$(CURDIR)/.build/release/ostiary endurance REQUESTS=10000000
	ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=4 Scripts/test.sh --sanitize address --scratch-path .build-address
	TSAN_OPTIONS=print_suppressions=0:suppressions=$(CURDIR)/Scripts/thread-sanitizer.txt \
	    Scripts/test.sh --sanitize thread --scratch-path .build-thread

policies: build-tests ## test, check and compare with their canonical form the policies of this repository
	.build/debug/ostiary policy test policies
	.build/debug/ostiary policy check --strict $(POLICIES) | grep -v '^ '
	.build/debug/ostiary policy fmt --check policies/*.yaml

schema: build-tests ## compare the JSON Schemas' verdicts with those of a validator from PyPI
	@Scripts/install-packages.sh python3-venv
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" Tests/Schema/run.sh

assertions: build-tests ## let the example in Python check the gateway's signed statements
	@Scripts/install-packages.sh python3-venv
	@SWIFT_FLAGS="$(SWIFT_FLAGS)" Tests/Assertion/run.sh

websockets: build-tests ## speak WebSocket through the gateway, by hand and by two libraries (CONNECTIONS=1000)
	@Scripts/install-packages.sh python3-venv
	OSTIARY_BIN=$(PROGRAM) Tests/WebSocket/run.sh $(or $(CONNECTIONS),1000)

streaming: build-tests ## stream events, uploads and large bodies through the gateway (MIB=256)
	@Scripts/install-packages.sh python3-venv
	OSTIARY_BIN=$(PROGRAM) Tests/Streaming/run.sh $(or $(MIB),256)

slow-clients: build-tests ## attack the gateway with slowhttptest, and ask as somebody else meanwhile (SECONDS=10)
	@Scripts/install-packages.sh slowhttptest
	OSTIARY_BIN=$(PROGRAM) Tests/SlowClients/run.sh $(or $(SECONDS),10)

endurance: build-tests ## requests of all kinds, broken off on both sides, every byte checked (REQUESTS=100000)
	@Scripts/install-packages.sh gcc libc6-dev
	OSTIARY_BIN=$(PROGRAM) Tests/Endurance/run.sh --self-test
	OSTIARY_BIN=$(PROGRAM) Tests/Endurance/run.sh $(or $(REQUESTS),100000)

idle-connections: prepare ## what idle and busy connections cost in memory (CONNECTIONS=10000)
	$(OPTIMISED)
	Benchmarks/idle-connections.sh $(or $(CONNECTIONS),10000)

peers: prepare ## measure against HAProxy, nginx and Envoy, and write docs/performance.md (ARGUMENTS=--quick)
	$(OPTIMISED)
	OSTIARY_BIN=$(CURDIR)/.build/release/ostiary Benchmarks/peers/run.sh --write $(ARGUMENTS)

peers-check: prepare ## do the peers decide as the gateway does; and what does a request cost in instructions
	@Scripts/install-packages.sh valgrind gcc libc6-dev
	$(OPTIMISED)
	OSTIARY_BIN=$(CURDIR)/.build/release/ostiary Benchmarks/peers/run.sh --check
	OSTIARY_BIN=$(CURDIR)/.build/release/ostiary Benchmarks/peers/instructions.sh

picture: ## take docs/images/dashboard.png through the gateway (installs Chromium)
	@Scripts/picture.sh

clean: ## remove everything that was built
	rm -rf .build .build-address .build-thread .build-websocket .build-streaming .build-peers Fuzz/.build-fuzz Benchmarks/.build-bench

prepare:
	@Scripts/need-swift.sh
	@Scripts/install-packages.sh libssl-dev libargon2-dev libsqlite3-dev libunistring-dev libcurl4-openssl-dev sqlite3 curl \
	    python3
