# Everything that people and CI do with icspd. Each target sets up what it needs.
SHELL = /bin/sh
.SUFFIXES:
.PHONY: all build demo test lint unit e2e oracle fault bench bench-json mutation install clean

prefix = /usr
bindir = $(prefix)/bin
libexecdir = $(prefix)/libexec
unitdir = $(prefix)/lib/systemd/system
mandir = $(prefix)/share/man
docdir = $(prefix)/share/doc/icspd
sysconfdir = /etc
INSTALL = install
npm = npm --no-fund --no-audit --no-update-notifier --silent

all: build

node_modules/.installed: package.json package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	touch $@

build: node_modules/.installed
	$(npm) run build
	node_modules/.bin/node packaging/man.ts

demo: build
	packaging/demo.sh

test: lint unit

lint: node_modules/.installed
	$(npm) run lint
	$(npm) run types

unit: build
	$(npm) run unit

# Needs root. Boots systemd and CRI-O in namespaces of its own; installs Debian packages and builds CRI-O on first use.
e2e: build
	test/e2e/run.sh

# Compares with the real libraries, built with Go. CASES=1000000 for a night; SEED=… repeats a run.
CASES ?= 10000
oracle: node_modules/.installed
	CASES=$(CASES) $(npm) run oracle

# Ours beside its peers, one table; nothing fails for a figure. SIZE=small only shows that it works. Needs Go.
bench: build
	$(npm) run bench

# The same, with the figures in .cache/bench.json for a comparison with another day's.
bench-json: build
	JSON=.cache/bench.json $(npm) run bench

# Changes the pure core in thousands of small ways: each has to fail a test. A quarter of an hour of two cores; the
# next time only what changed. One file: npm run mutation -- --mutate src/compose/order.ts
mutation: node_modules/.installed
	$(npm) run mutation

# Needs root, strace and ext4. Kills, fails and cuts power at every call that writes; POINTS=all also at those that read, and with each errno.
fault: build
	$(npm) run fault

install: build
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(libexecdir)/icspd $(DESTDIR)$(unitdir)
	$(INSTALL) -d $(DESTDIR)$(sysconfdir)/icspd $(DESTDIR)$(sysconfdir)/icsp.d
	$(INSTALL) -m 755 dist/icspd node_modules/node/bin/node $(DESTDIR)$(libexecdir)/icspd
	$(INSTALL) -m 644 dist/icspd.cjs $(DESTDIR)$(libexecdir)/icspd
	ln -sf $(libexecdir)/icspd/icspd $(DESTDIR)$(bindir)/icspd
	$(INSTALL) -m 644 systemd/icspd.service $(DESTDIR)$(unitdir)
	$(INSTALL) -d $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man8 $(DESTDIR)$(docdir)
	$(INSTALL) -m 644 dist/man/*.5 $(DESTDIR)$(mandir)/man5
	$(INSTALL) -m 644 dist/man/*.8 $(DESTDIR)$(mandir)/man8
	$(INSTALL) -m 644 LICENSE dist/icspd.cjs.LEGAL.txt $(DESTDIR)$(docdir)

clean:
	rm -rf dist
