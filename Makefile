# Virtual School. "make" alone lists what there is.
#
# Needs Go, Node.js with npm, and make. PostgreSQL is found on the machine or
# fetched; Chromium is installed by "make test" where it is missing.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The program is one static file, and tests share its compiled packages.
export CGO_ENABLED := 0

TEMPL    = $(TOOL) templ
DATA     := $(or $(VS_DATA_DIR),.data)
DIST     := web/assets/dist/app.css
MODULES  := web/node_modules/.package-lock.json
# Folders too, so that a deleted file counts as a change.
STYLES   := $(shell find web/assets/scripts web/assets/styles web/assets/images) web/assets/build.mjs
TESTDATA := /dev/shm/virtualschool-test-$(shell id -u)-$(shell printf %s '$(CURDIR)' | sha256sum 2>/dev/null | cut -c1-16)

TOOL     := go tool -modfile=internal/tools/go.mod
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME := 1000000x

.PHONY: help
help: ## List what there is
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Build, start with a database of its own, print the address and sign-ins; Ctrl-C stops all
	@exec ./bin/virtualschool serve

.PHONY: build
build: assets ## Build bin/virtualschool: one file, pages, styles and migrations inside
	@go build -trimpath -o bin/virtualschool ./cmd/virtualschool

.PHONY: dev
dev: assets ## Run and follow edits: reload the page to see a changed template, Go is rebuilt
	$(TEMPL) generate -path web --watch --open-browser=false --cmd "go -C .. run ./cmd/virtualschool serve"

.PHONY: test
test: drift vet chromium assets ## Everything, from a bare machine
	VS_REQUIRE_CHROMIUM=1 go test -timeout 40m ./...

.PHONY: check
check: generate format vet analyse vuln ## The fast loop: generate, format, vet, analyse, dependencies, floors and tests without a browser
	go test -short ./...

.PHONY: analyse
analyse: $(DIST) ## staticcheck, as staticcheck.conf sets it
	$(TOOL) staticcheck ./...

.PHONY: e2e
e2e: chromium assets ## Journeys through the whole in a real browser
	VS_REQUIRE_CHROMIUM=1 go test -count=1 -v -timeout 15m ./web/journeys/...
	go test -count=1 -v -run '^TestFiftyPeople' ./web/peps -args -typing 1m

.PHONY: bench
bench: ## Benchmarks; BENCH=Caseload chooses
	go test -run '^$$' -bench '$(or $(BENCH),.)' -benchmem -timeout 60m ./...

.PHONY: pictures
pictures: chromium assets ## Pictures of the main pages, into web/journeys/pictures
	VS_REQUIRE_CHROMIUM=1 go test -count=1 -run '^TestPictures$$' ./web/journeys -args -pictures '$(CURDIR)/web/journeys/pictures'

.PHONY: lint
lint: ## golangci-lint; the first run builds it, which takes minutes
	go run $(GOLANGCI) run

.PHONY: vuln
vuln: ## Known weaknesses in dependencies; says so where the list of them cannot be reached
	@$(TOOL) govulncheck ./...; case $$? in \
	0) ;; \
	3) exit 1 ;; \
	*) echo "NOT LOOKED: the list of known weaknesses could not be read, so nothing is known about the dependencies. Run make vuln where vuln.go.dev can be reached." >&2 ;; \
	esac

.PHONY: sbom
sbom: build ## What is in the program: every module with its version and hash
	@go version -m bin/virtualschool

.PHONY: fuzz
fuzz: ## Fuzz what strangers can reach, 1,000,000 times each; FUZZTIME=10m for longer
	@set -e; for target in FuzzForm FuzzLocalPath FuzzSearchWords; do go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./web/kit; done; \
	for target in FuzzForwarded FuzzCookies FuzzReports FuzzOrigins; do go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./web; done; \
	for target in FuzzAnswer FuzzToken; do go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./internal/account/sso; done; \
	for target in FuzzPasskeyAnswer FuzzTyped; do go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./internal/account/factor; done; \
	go test -run '^$$' -fuzz '^FuzzTyped$$' -fuzztime $(FUZZTIME) ./internal/account; \
	go test -run '^$$' -fuzz '^FuzzParseInput$$' -fuzztime $(FUZZTIME) ./internal/calendar

.PHONY: generate
generate: ## Go code from templates
	@$(TEMPL) generate -path web -log-level warn

.PHONY: assets
assets: $(DIST) ## Styles and scripts, when they changed

.PHONY: stop
stop: ## Stop databases that a killed run left behind
	@for f in $(DATA)/postgres/pg*/data/postmaster.pid $(DATA)/test/postgres/pg*/data/postmaster.pid $(TESTDATA)/postgres/pg*/data/postmaster.pid; do \
		[ -f "$$f" ] || continue; \
		pid=$$(head -n 1 "$$f"); socket=$$(sed -n 5p "$$f"); \
		case "$$(ps -o args= -p "$$pid" 2>/dev/null || tr '\0' ' ' < /proc/$$pid/cmdline 2>/dev/null)" in \
		*postgres*) echo "stopping the database of $$f (process $$pid)"; kill -INT "$$pid" ;; \
		esac; \
		while [ -f "$$f" ] && kill -0 "$$pid" 2>/dev/null; do sleep 0.1; done; \
		rmdir "$$socket" 2>/dev/null || true; \
	done

.PHONY: clean
clean: stop ## Remove what was built and the tests' databases, not the data
	rm -rf bin web/node_modules $(TESTDATA) $(DATA)/test
	find web/assets/dist -mindepth 1 ! -name .keep -delete
	@if [ -d '$(DATA)/postgres' ]; then echo "The data is kept: remove $(DATA) to begin anew."; fi

# ---- steps of the above

.PHONY: drift
drift: # generated code is committed, and must be that of the templates (however the file was named)
	@sums() { find web -name node_modules -prune -o -name '*_templ.go' -print | LC_ALL=C sort | xargs sed 's/FileName: `[^`]*`//' | cksum; }; \
	before=$$(sums); $(TEMPL) generate -path web -log-level warn || exit 1; \
	if [ "$$before" != "$$(sums)" ]; then \
		echo "The generated *_templ.go files were not those of the templates. They are now: look at them, commit them, and run this again." >&2; exit 1; \
	fi

.PHONY: format
format:
	@gofmt -l -w $$(find internal web cmd migrations -name node_modules -prune -o -name '*.go' -print)

.PHONY: vet
vet: $(DIST)
	go vet ./...

$(MODULES): web/package-lock.json web/package.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed to build the styles: https://nodejs.org" >&2; exit 1; }
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(DIST): $(STYLES) $(MODULES)
	cd web && npm run build --silent

.PHONY: chromium
chromium:
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v $$name >/dev/null && exit 0; done; \
	as=; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
	if command -v apt-get >/dev/null && { [ -z "$$as" ] || $$as true 2>/dev/null; }; then \
		echo "Installing Chromium for the browser tests"; \
		export DEBIAN_FRONTEND=noninteractive; \
		$$as apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null 2>&1 || \
		{ $$as apt-get update -qq && $$as apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; } || \
		{ echo "Chromium could not be installed; the browser tests need it. Install it by hand, then run this again." >&2; exit 1; }; \
	else \
		echo "The browser tests need Chromium: install it (Debian and Ubuntu: apt-get install chromium), then run this again." >&2; exit 1; \
	fi
