# Thin: each target calls the tool that does the work. CMake's presets (CMakePresets.json) are the builds.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

JOBS ?= $(shell nproc)
DEMO_PORT ?= 4173
export DEMO_PORT

# The node that `make setup` put beside the project, where it had to. CMake finds Emscripten there by itself.
export PATH := $(CURDIR)/.deps/node/bin:$(PATH)

vitrine := build/release/vitrine
package := build/npm/vitrine.tgz
native_package := build/npm/vitrine-linux-x64.tgz
js_sources := $(shell find js/src js/scripts demo/sample demo/src/pictures -type f 2>/dev/null) js/package.json
framework_apps := $(patsubst %/package.json,%,$(wildcard tests/frameworks/*/package.json))
demo_sources := $(shell find demo/src demo/scripts demo/public -type f 2>/dev/null) $(wildcard demo/*.*)

.PHONY: help setup build native wasm native-tests asan-tests wasm-tests js frameworks test test-browser test-package test-frameworks test-faults \
  test-privacy demo bench bench-experiments bench-peers bench-growth bench-peers-programs bench-instructions bench-quality bench-privacy bench-robustness size fuzz \
  docs-api lint lint-all format clean

help:  ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' Makefile | awk -F'|' '{ printf "  make %-18s %s\n", $$1, $$2 }'

setup:  ## install what is missing (Debian 12; elsewhere: make TARGET SETUP=no)
	@[ "$(SETUP)" = no ] || scripts/setup.sh

build: native js  ## the command build/release/vitrine, the wasm and the npm package's files in js/dist

native: setup
	@scripts/cmake-build.sh release $(JOBS)

wasm: setup
	@scripts/cmake-build.sh wasm $(JOBS)

# What the suites `native`, `asan` and `wasm` run. Nothing else compiles a test.
native-tests: setup
	@scripts/cmake-build.sh release $(JOBS) all vitrine_tests

asan-tests: setup
	@scripts/cmake-build.sh asan $(JOBS) vitrine_core_tests

wasm-tests: setup
	@scripts/cmake-build.sh wasm $(JOBS) all vitrine_tests

js: js/dist/index.js

test: setup  ## build and run every test: native, sanitized, wasm in Node, JavaScript, package, browsers, frameworks
	@MAKE="$(MAKE)" scripts/run-tests.sh

test-browser: setup  ## the tests in real browsers: Chromium and Firefox
	@MAKE="$(MAKE)" scripts/run-tests.sh browser firefox

test-package: setup  ## the tests of the packed package
	@MAKE="$(MAKE)" scripts/run-tests.sh package

test-frameworks: setup  ## the packed package in Vite, Next.js, webpack and a plain page
	@MAKE="$(MAKE)" scripts/run-tests.sh frameworks

# What the tests of the suite `frameworks` need.
frameworks: $(framework_apps:%=%/node_modules/.stamp) tests/browser/node_modules/.stamp

test-faults: js tests/browser/node_modules/.stamp  ## print what a page shows, and which events are lost, fault by fault
	@node --test --test-reporter=spec tests/browser/faults.test.mjs

# The first half runs in `make test` too, as do the files of the second.
test-privacy: native-tests demo/dist/index.html tests/browser/node_modules/.stamp  ## attack a bundle with planted shoppers, count again, and read the network log
	@build/release/tests/vitrine_train_tests "[privacy]"
	@node --test --test-reporter=spec --test-name-pattern='no request carries' tests/browser/demo.test.mjs
	@node --test --test-reporter=spec --test-name-pattern='sends nothing to anybody' tests/browser/session.test.mjs

demo: demo/dist/index.html  ## build the demo shop and serve it (DEMO_PORT=4173)
	@npm --prefix demo start --silent

bench: build  ## print speed and sizes
	@scripts/bench.sh

bench-peers: demo/dist/index.html bench-peers-programs  ## every goal beside other libraries in Chromium and Node (15 minutes; PEERS=--topics=...)
	@node bench/peers/run.mjs $(PEERS)

bench-growth: bench-peers-programs  ## print how cost grows, and write build/bench/peers/size-and-speed.md (1 minute)
	@node bench/peers/run.mjs --topics=growth --write $(PEERS)

bench-peers-programs: native js bench/peers/node_modules/.stamp
	@cmake --build --preset release --target vitrine_bench_bundle > /dev/null
	@cmake --build --preset wasm --target vitrine_read_floor > /dev/null

bench-instructions: native  ## count the instructions of what a page waits for; fails when one takes more than committed
	@[ "$(SETUP)" = no ] || scripts/setup.sh bench
	@scripts/bench-instructions.sh $(INSTRUCTIONS)

size: js  ## print the bytes that a page loads, part by part; fails above the limits
	@cmake --build --preset wasm --target vitrine_embind_row > /dev/null
	@npm --prefix js run --silent size

bench-robustness: native  ## print what faults of logs cost in ranking quality (1 minute)
	@node scripts/bench-robustness.mjs

bench-quality: native  ## print ranking quality on public data beside published results (15 minutes)
	@node scripts/bench-quality.mjs

bench-privacy: native  ## print what the least number of shoppers costs in ranking quality (30 minutes; PRIVACY=tmall)
	@node scripts/bench-privacy.mjs $(PRIVACY)

bench-experiments: build native-tests wasm-tests  ## print how well experiments are assigned, judged and replayed (12 minutes)
	@node scripts/bench-experiments.mjs

fuzz: native  ## fuzz the readers of bundles and overlays for a minute (SECONDS=60)
	@[ "$(SETUP)" = no ] || scripts/setup.sh fuzz
	@scripts/fuzz.sh $(SECONDS)

docs-api: js/node_modules/.stamp  ## write the reference of the npm package into build/api
	@npm --prefix js run --silent docs

lint: native js  ## clang-format, clang-tidy on core and wasm, shellcheck, and the JavaScript package's lint
	@scripts/lint.sh

lint-all: lint  ## the same, and clang-tidy on all C++ (15 CPU minutes the first time)
	@node scripts/tidy.mjs

format: js/node_modules/.stamp  ## rewrite sources in the project's format
	@scripts/lint.sh --fix

clean:  ## remove what was built; what setup installed stays
	rm -rf build js/dist demo/dist

# Files, so that a second run finds them done.

%/node_modules/.stamp: %/package-lock.json %/package.json | setup
	npm --prefix $* ci --no-audit --no-fund
	@touch $@

# Lock files name the packed package without its hash: its bytes are new with every build.
demo/node_modules/.stamp $(framework_apps:%=%/node_modules/.stamp): $(package)

build/wasm/vitrine.wasm: wasm
	@:

$(vitrine): native
	@:

# The sample shop of the package. What has not changed keeps its time, so that nothing is built again after it.
build/sample/shop.vitrine: $(vitrine)
	$(vitrine) simulate --products 240 --shoppers 2500 --days 30 --seed 1 --out $(@D)
	$(vitrine) train --events $(@D)/events.csv --items $(@D)/items.csv --no-tune --out $@.new
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@

js/dist/index.js: $(js_sources) build/wasm/vitrine.wasm build/sample/shop.vitrine js/node_modules/.stamp
	npm --prefix js run --silent build
	@touch $@

$(package): js/dist/index.js $(wildcard js/README.md js/cli/*)
	@mkdir -p $(@D)
	cd js && npm pack --silent --pack-destination ../$(@D)
	mv $(@D)/vitrine-$$(cat VERSION).tgz $@
	@touch $@

$(native_package): $(vitrine) scripts/native-package.sh $(wildcard model_export/package/*)
	scripts/native-package.sh linux-x64 $@

build/demo/events.csv: $(vitrine)
	$(vitrine) simulate --shoppers 4000 --products 1000 --days 60 --seed 1 --out build/demo
	@touch $@

build/demo/shop.vitrine: build/demo/events.csv demo/training.json
	$(vitrine) train --events build/demo/events.csv --items build/demo/items.csv --config demo/training.json --out $@
	@touch $@

demo/dist/index.html: $(demo_sources) demo/node_modules/.stamp build/demo/shop.vitrine
	npm --prefix demo run --silent build
	@touch $@
