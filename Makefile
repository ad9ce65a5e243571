# PADOQE. `make demo` shows it, `make test` tests it; both install what they need.

CARGO ?= cargo
SHARE := share
COUNTRIES_PACKAGE := @ip-location-db/geo-whois-asn-country-mmdb@2.3.2026061719
DEMO_DATA ?= demo-data
DEMO_LISTEN ?= 127.0.0.1:8017

.PHONY: help demo test bench crash build tracker countries clients deps test-deps lint conformance fuzz clean

help:
	@echo 'make demo         build, start, play a school fortnight, open on http://$(DEMO_LISTEN)'
	@echo 'make test         all tests (unit, PostgreSQL, Chromium)'
	@echo 'make bench        hits a second, beside the limit of this machine'
	@echo 'make crash        20 rounds of load and kill -9: nothing lost, nothing doubled'
	@echo 'make lint         formatting, clippy and documentation, warnings denied'
	@echo 'make conformance  compare with recorded answers of a Matomo (CASES=folder of run.py)'
	@echo 'make fuzz         fuzz the parsers (needs a nightly toolchain)'

deps:
	@scripts/install server

test-deps:
	@scripts/install server browser python

build: deps
	$(CARGO) build --release --workspace --locked

# The tracker that pages load.
tracker: tracker-js/dist/matomo.js

tracker-js/dist/matomo.js: $(wildcard tracker-js/src/*) tracker-js/package.json tracker-js/package-lock.json | deps
	cd tracker-js && npm ci --no-audit --no-fund --silent && npm run --silent build

# Clients of Matomo as others wrote them, for the tests. What Next has for building on other machines is left out.
clients: tests/clients/.installed

tests/clients/.installed: tests/clients/package-lock.json tests/clients/requirements.txt | test-deps
	cd tests/clients && npm ci --omit=optional --no-audit --no-fund --silent && python3 -m venv .venv && \
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt && touch .installed

# A free database of countries by address (RIR data, CC0/CC BY: see docs/architecture.md).
countries: $(SHARE)/countries.mmdb

$(SHARE)/countries.mmdb: | deps
	@scripts/fetch-countries '$(COUNTRIES_PACKAGE)' $@

demo: build tracker countries
	PADOQE_DEMO=demo PADOQE_TRACKER=tracker-js/dist PADOQE_COUNTRIES=$(SHARE)/countries.mmdb \
	target/release/load-tests demo --server-bin target/release/padoqe --data $(DEMO_DATA) --listen $(DEMO_LISTEN)

test: test-deps build tracker clients
	$(CARGO) test --workspace --locked
	cd tracker-js && npm test --silent && npm run --silent size
	scripts/end-to-end

bench: build
	target/release/load-tests bench --server-bin target/release/padoqe

crash: build
	target/release/load-tests crash --server-bin target/release/padoqe

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --document-private-items --locked

conformance: build
	scripts/conformance $(CASES)

fuzz:
	cd fuzz && for target in $$($(CARGO) +nightly fuzz list); do $(CARGO) +nightly fuzz run $$target -- -max_total_time=30 || exit 1; done

clean:
	rm -rf target $(DEMO_DATA) tracker-js/dist tracker-js/node_modules tests/clients/node_modules tests/clients/.venv tests/clients/.installed
