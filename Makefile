# The verbs. Meson builds (docs/decisions/0001-meson-behind-make.md); this file only knows what to ask of it.
#
#   build           gcc; what you run           build-asan      AddressSanitizer and UBSan
#   build-clang     clang                       build-tsan      ThreadSanitizer
#   build-fuzz      clang, libFuzzer            build-analyzer  gcc -fanalyzer
#   build-cover     coverage
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all web screenshots bench bench-detect bootstrap run demo check check-all check-asan check-clang check-tsan faults lint fuzz cover fmt install dist help

J ?= 2
T ?= 10
NINJA := ninja -j $(J) --quiet -C
TALLY := tools/node tools/tally
CASES := --cases test/cases --table docs/security-cases.md

SANITIZED := -Db_lundef=false -Dgateway=false -Dlto=false -Dc_args=-fno-sanitize-recover=all
build/build.ninja:          SETUP = CC=gcc meson setup
build-clang/build.ninja:    SETUP = CC=clang-14 meson setup
build-asan/build.ninja:     SETUP = CC=gcc meson setup -Db_sanitize=address,undefined $(SANITIZED)
build-tsan/build.ninja:     SETUP = CC=clang-14 meson setup -Db_sanitize=thread $(SANITIZED)
build-fuzz/build.ninja:     SETUP = CC=clang-14 meson setup -Dfuzzers=true -Db_sanitize=address,undefined $(SANITIZED)
build-analyzer/build.ninja: SETUP = CC=gcc meson setup -Dgateway=false -Dlto=false -Dc_args=-fanalyzer
build-cover/build.ninja:    SETUP = CC=gcc meson setup -Dgateway=false -Dlto=false -Db_coverage=true

build%/build.ninja:
	@mkdir -p build$*
	@$(SETUP) build$* >build$*/setup.log || { cat build$*/setup.log; exit 1; }
build/build.ninja:
	@mkdir -p build
	@$(SETUP) build >build/setup.log || { cat build/setup.log; exit 1; }

all: web build/build.ninja ## builds everything into build/ (the default)
	@$(NINJA) build

web: ## builds the dashboard, which the program carries, where it has changed
	@tools/web

bootstrap: ## installs the Debian packages that are missing (as root; otherwise says what to run)
	@tools/bootstrap

# RUN_DIR must be a folder that nginx's user may enter.
RUN_DIR ?= /var/tmp/keyward-run
SANDBOX_PORT ?= 8080
PRODUCTION_PORT ?= 8081
DASHBOARD_PORT ?= 8443
run: bootstrap ## starts everything and serves until Ctrl-C (RUN_DIR=… SANDBOX_PORT=… PRODUCTION_PORT=… DASHBOARD_PORT=…)
	@echo '… building' && $(MAKE) --no-print-directory all
	@RUN_DIR='$(RUN_DIR)' SANDBOX_PORT='$(SANDBOX_PORT)' PRODUCTION_PORT='$(PRODUCTION_PORT)' \
		DASHBOARD_PORT='$(DASHBOARD_PORT)' tools/node tools/run/run.mjs

demo: bootstrap ## starts everything on free ports, shows what it promises, stops; fails on a difference
	@echo '… building' && $(MAKE) --no-print-directory all
	@tools/node tools/run/demo.mjs

check: bootstrap ## runs all tests: units, then end-to-end; one line per suite, the sum last
	@$(MAKE) --no-print-directory all
	@tools/node tools/units build build/tap/unit
	@tools/node tools/e2e build build/tap/e2e
	@$(TALLY) $(CASES) build/tap/unit build/tap/e2e

check-all: check-clang check-asan check-tsan check ## the same, and the units with clang and under the sanitizers

check-clang: web build-clang/build.ninja ## builds with clang and runs its units
	@$(NINJA) build-clang
	@tools/node tools/units build-clang build-clang/tap/unit-clang
	@$(TALLY) build-clang/tap/unit-clang

check-asan: web build-asan/build.ninja ## runs the units under AddressSanitizer and UBSan
	@$(NINJA) build-asan
	@tools/node tools/units build-asan build-asan/tap/unit-asan
	@$(TALLY) build-asan/tap/unit-asan

check-tsan: web build-tsan/build.ninja ## runs the units under ThreadSanitizer (ONLY='engine/ sync/': some of them)
	@$(NINJA) build-tsan
	@tools/node tools/units build-tsan build-tsan/tap/unit-tsan $(ONLY)
	@$(TALLY) build-tsan/tap/unit-tsan

faults: bootstrap ## makes everything fail that may: tried, survived, lost in a table (takes half an hour)
	@$(MAKE) --no-print-directory all
	@tools/node tools/faults build build/tap/faults

lint: all build-analyzer/build.ninja build-fuzz/build.ninja ## reads the code with every tool we have; quiet means good
	@tools/lint build build-analyzer build-fuzz

fuzz: web build-fuzz/build.ninja ## runs each fuzz target for T seconds (make fuzz T=60)
	@$(NINJA) build-fuzz
	@tools/fuzz $(T) build-fuzz

bench: all ## measures what a decision, a request and a start cost (PARTS='decision record serve module'); bench/README.md
	@tools/node bench/run.mjs $(PARTS)

bench-detect: web build/build.ninja ## how well attacks are found in the traffic of a month, and how often alarms are wrong (SEED=6); bench/README.md
	@$(NINJA) build bench/detect/bench-detect
	@build/bench/detect/bench-detect $(SEED)

screenshots: all ## pictures of every page of the dashboard, with made-up data, into docs/screenshots
	@tools/node tools/screenshots build

cover: web build-cover/build.ninja ## which lines of src the units reach
	@$(NINJA) build-cover
	@tools/node tools/units build-cover build-cover/tap/unit-cover
	@gcovr --root . --filter src/ build-cover

fmt: ## lays out the C code (not the nginx module's)
	@find src include sandbox test fuzz bench examples -name '*.[ch]' -not -path 'src/nginx/*' 2>/dev/null | xargs clang-format-14 -i

install: all ## installs what was built; DESTDIR is honoured
	@meson install -C build --no-rebuild

dist: all ## makes the archive of a release from the last commit, in build/meson-dist
	@meson dist -C build --no-tests

help: ## prints this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | while IFS='	' read -r verb what; do printf '%-12s %s\n' "$$verb" "$$what"; done
