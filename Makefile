# Everything needs Go alone. `make check` needs a C compiler too, for the race detector.
GO ?= go
LOGS ?= testdata/demo

.PHONY: demo test test-web test-beam vendor-web check docs build bench bench-large bench-bounded bench-data bench-go pgo soak state-kills fuzz fmt cross fonts fidelity

demo: build
	bin/hashlog plot $(LOGS) -o demo --target 50%,90%ofceiling
	@echo "Look at the pictures: demo/*.png"

test:
	$(GO) test ./...

# The page of hashlog report: its script against its types, and the page in a browser. Needs node, npm and Chromium, and never
# skips. CHROMIUM names a browser in another place.
test-web: build
	cd analyze/page/web && npm ci --no-audit --no-fund && npm run --silent check && npm test --silent

# The pipeline of cmd/hashlog-beam, a module of its own, in Beam's local runner. The first build takes minutes.
test-beam:
	cd cmd/hashlog-beam && $(GO) test ./...

# Copies the charting library from npm to where it is embedded from, in the version of analyze/page/web/package-lock.json.
vendor-web:
	cd analyze/page/web && npm ci --no-audit --no-fund && cp node_modules/uplot/dist/uPlot.iife.min.js node_modules/uplot/dist/uPlot.min.css node_modules/uplot/dist/uPlot.d.ts node_modules/uplot/LICENSE vendor/

build:
	CGO_ENABLED=0 $(GO) build -buildvcs=auto -trimpath -o bin/hashlog ./cmd/hashlog

# The packages that start goroutines or share memory between them. The race detector has nothing to find in the others, and makes their
# property tests ten times as slow.
CONCURRENT = $(shell grep -rlE --include='*.go' --exclude='*_test.go' '^\s*go (func|[a-zA-Z])|"sync(/atomic)?"|/errgroup"' analyze log writer cmd sim | grep -v ^cmd/hashlog-beam/ | xargs -n1 dirname | sort -u | sed 's|^|./|')

check: fmt
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) mod tidy -diff
	cd cmd/hashlog-beam && $(GO) vet ./... && $(GO) mod tidy -diff
	$(GO) test -race -timeout 20m $(CONCURRENT)
	$(MAKE) fuzz cross

fmt:
	@test -z "$$(gofmt -l .)" || { gofmt -d .; exit 1; }

# Brings README.md and docs/ up to date: what commands print, and the pictures. Read the diff before you commit it.
docs:
	$(GO) test ./cmd/hashlog -run '^TestDocs' -count 1 -update

# Each fuzz target for a few seconds, or FUZZTIME=10m for a long run. Numbers of executions, since a time makes Go 1.26 fail
# now and then as it runs out (go.dev/issue/75804).
fuzz:
	@bin=$$(mktemp -d) && trap 'rm -rf "$$bin"' EXIT && cache=$$($(GO) env GOCACHE)/fuzz && \
	for package in $$($(GO) list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do \
		dir=$$($(GO) list -f '{{.Dir}}' $$package) || exit 1; \
		grep -qs '^func Fuzz' $$dir/*_test.go || continue; \
		$(GO) test -c -fuzz=. -o $$bin/test $$package || exit 1; \
		for target in $$(cd $$dir && $$bin/test -test.list '^Fuzz'); do \
			case $$target in \
				FuzzNames) count=60x ;; \
				FuzzBounded|FuzzJoin) count=500x ;; \
				FuzzReader) count=2000x ;; \
				FuzzPolicy|FuzzShape|FuzzKeep|FuzzMerge|FuzzReadSummary|FuzzLoadSums) count=3000x ;; \
				FuzzStack|FuzzExclusive|FuzzWindows|FuzzHolders) count=10000x ;; \
				FuzzContinue) count=2000x ;; \
				FuzzMeasured) count=60000x ;; \
				FuzzConversation) count=20000x ;; \
				*) count=100000x ;; \
			esac; \
			echo "$$package $$target"; \
			(cd $$dir && $$bin/test -test.run '^$$' -test.fuzz "^$$target\$$" -test.fuzztime $${FUZZTIME:-$$count} \
				-test.fuzzminimizetime 1s -test.fuzzcachedir $$cache/$$package) || exit 1; \
		done; \
	done

# The systems that nobody here runs must build all the same.
cross:
	GOOS=darwin GOARCH=arm64 $(GO) vet ./...
	GOOS=windows GOARCH=amd64 $(GO) vet ./...
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/hashlog

# The whole program against the system's tools, as a table: make bench RUNS=9 ROWS='^everything|^memory' BENCHFLAGS=-strict
# REFERENCE is the folder of the reference conversation.
RUNS ?= 5
ROWS ?= .
bench: build
	$(GO) run ./cmd/hashlog/internal/bench -runs $(RUNS) -rows '$(ROWS)' $(BENCHFLAGS)

# 200 M lookups: 5 GB of logs, 3 GiB of memory.
bench-large: ROWS = ^large
bench-large: BENCHFLAGS += -large
bench-large: bench

# The same log in the memory of a cache of 400,000 chunks. 5 GB of logs.
bench-bounded: ROWS = ^large/bounded
bench-bounded: BENCHFLAGS += -large
bench-bounded: bench

# The logs that bench measures with, 8 GB in bench-data/. What is there is kept.
bench-data: build
	$(GO) run ./cmd/hashlog/internal/bench -data $(BENCHFLAGS)

# record at full speed with rotation, compression and retention, read again and again beside it: make soak SOAK=10m
# It takes 1.5 GB in the folder of temporary files, and tells at the end what was accepted, kept and deleted.
SOAK ?= 1h
soak:
	$(GO) test ./cmd/hashlog -run '^TestSoak$$' -count 1 -timeout 0 -v -soak $(SOAK)

# Kills state runs at any moment, and checks that the old or the new state is there, whole: make state-kills KILLS=1000
KILLS ?= 100
state-kills:
	$(GO) test ./cmd/hashlog -run '^TestStateKilled$$' -count 1 -v -kills $(KILLS)

# Replays a log on real servers beside their models, as the tables of docs/fidelity.md: at its own pace, which takes as long as the
# log, or make fidelity FASTER=10. FIDELITY has more flags: FIDELITY='-servers redis,memcached -json'. apt install redis-server memcached
FASTER ?= 1
fidelity:
	$(GO) run ./cmd/hashlog/internal/fidelity -faster $(FASTER) $(FIDELITY) $(or $(REFERENCE),../shared/reference/conversation)

# Makes cmd/hashlog/default.pgo again, the profile that go build optimizes hashlog for, by plotting bench-data/medium 40 times.
# Do it when the replay has changed much, and keep the profile if make bench is faster with it.
pgo: bench-data
	$(GO) test ./cmd/hashlog -trimpath -pgo=off -run '^$$' -bench '^BenchmarkCommand$$/^plot$$' -benchtime 40x -cpuprofile $(CURDIR)/bin/pgo.prof -o bin/hashlog.test
	mv bin/pgo.prof cmd/hashlog/default.pgo

# The Go benchmarks, for benchstat: make bench-go COUNT=10 >new.txt
COUNT ?= 1
bench-go:
	$(GO) test -run '^$$' -bench . -benchtime 2s -count $(COUNT) ./...

# The fonts that pictures need beside Liberation Sans, from Debian's packages: fonts/NOTICE.md has their versions and licences.
FONTS = analyze/chart/internal/lettering/fonts
fonts:
	dir=$$(mktemp -d) && cd $$dir && apt-get download fonts-droid-fallback fonts-noto-core && \
	for p in *.deb; do dpkg-deb -x $$p .; done && \
	for f in $(CURDIR)/$(FONTS)/*.zst; do \
		zstd -q -19 -f $$(find . -name $$(basename $$f .zst)) -o $$f || exit 1; \
	done; rm -rf $$dir
