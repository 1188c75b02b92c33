# Everything that people and CI do with icspd. Each target sets up what it needs.
SHELL = /bin/sh
# What is built is of the time of the commit, or of the build where there is no git.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
.SUFFIXES:
.PHONY: all build single rpm demo test lint unit e2e e2e-older e2e-rpm oracle fault bench bench-json mutation install install-single
.PHONY: install-data clean

# The names of the GNU Coding Standards. The prefix is /usr and not /usr/local: what is installed is a service of the node.
prefix = /usr
exec_prefix = $(prefix)
bindir = $(exec_prefix)/bin
libexecdir = $(exec_prefix)/libexec
datarootdir = $(prefix)/share
mandir = $(datarootdir)/man
docdir = $(datarootdir)/doc/icspd
schemadir = $(datarootdir)/icspd/schemas
bashcompdir = $(datarootdir)/bash-completion/completions
zshcompdir = $(datarootdir)/zsh/site-functions
fishcompdir = $(datarootdir)/fish/vendor_completions.d
sysconfdir = /etc
unitdir = $(prefix)/lib/systemd/system
presetdir = $(prefix)/lib/systemd/system-preset
tmpfilesdir = $(prefix)/lib/tmpfiles.d
catalogdir = $(prefix)/lib/systemd/catalog
auditrulesdir = $(sysconfdir)/audit/rules.d
greenbootdir = $(prefix)/lib/greenboot
INSTALL = install
INSTALL_PROGRAM = $(INSTALL)
INSTALL_DATA = $(INSTALL) -m 644
npm = npm --no-fund --no-audit --no-update-notifier --silent

all: build

node_modules/.installed: package.json package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	touch $@

build: node_modules/.installed
	$(npm) run build
	node_modules/.bin/node packaging/man.ts

# One executable file with the Node.js in it, in dist/single. Needs strip(1).
single: build
	node_modules/.bin/node packaging/single.ts

# The package, in dist/rpm; byte for byte the same for the same commit. Needs rpmbuild. SIGN_KEY= signs it, by the key's name.
rpm: single
	packaging/rpm/build.sh

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

# The scenes that depend on the version of CRI-O most, on the oldest one that is built here: test/e2e/README.md.
e2e-older: build
	E2E_CRIO=1.34 test/e2e/run.sh $(foreach name,crio policies sources refusal start drop-ins,test/e2e/scenes/$(name).test.ts)

# Needs root, as e2e. Builds two versions of the package; installs, upgrades, downgrades, rolls back and erases them.
e2e-rpm: build
	test/e2e-rpm/run.sh

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

# The program as it is built, with the Node.js beside it; DESTDIR= stages it somewhere else.
install: build install-data
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(libexecdir)/icspd
	$(INSTALL_PROGRAM) dist/icspd node_modules/node/bin/node $(DESTDIR)$(libexecdir)/icspd
	$(INSTALL_DATA) dist/icspd.cjs dist/program.js dist/program.cache $(DESTDIR)$(libexecdir)/icspd
	ln -sf $(libexecdir)/icspd/icspd $(DESTDIR)$(bindir)/icspd
	$(INSTALL_DATA) dist/program.js.LEGAL.txt $(DESTDIR)$(docdir)

# The program as one executable file, with the licences and the bill of materials of what is in it.
install-single: single install-data
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(libexecdir)/icspd
	$(INSTALL_PROGRAM) dist/single/icspd $(DESTDIR)$(libexecdir)/icspd
	sed 's|@libexecdir@|$(libexecdir)|' dist/single/launcher >$(DESTDIR)$(bindir)/icspd
	chmod 755 $(DESTDIR)$(bindir)/icspd
	$(INSTALL_DATA) dist/single/LICENSES.bundled.txt dist/single/icspd.cdx.json $(DESTDIR)$(docdir)

# Everything but the program.
install-data: build
	$(INSTALL) -d $(DESTDIR)$(sysconfdir)/icspd $(DESTDIR)$(sysconfdir)/icsp.d
	$(INSTALL) -d $(DESTDIR)$(unitdir) $(DESTDIR)$(presetdir) $(DESTDIR)$(tmpfilesdir) $(DESTDIR)$(greenbootdir)/check/wanted.d
	$(INSTALL) -d $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man8 $(DESTDIR)$(docdir)
	# An administrator's settings stay.
	[ -e $(DESTDIR)$(sysconfdir)/icspd/icspd.conf ] || \
	  $(INSTALL_DATA) packaging/icspd.conf $(DESTDIR)$(sysconfdir)/icspd/icspd.conf
	sed 's|/usr/bin/icspd|$(bindir)/icspd|' systemd/icspd.service >$(DESTDIR)$(unitdir)/icspd.service
	chmod 644 $(DESTDIR)$(unitdir)/icspd.service
	$(INSTALL_DATA) systemd/icspd-waiting.service systemd/icspd-waiting.timer systemd/icspd-node-exporter.service \
	  $(DESTDIR)$(unitdir)
	$(INSTALL) -d $(DESTDIR)$(catalogdir) $(DESTDIR)$(auditrulesdir) $(DESTDIR)$(datarootdir)/icspd
	$(INSTALL_DATA) systemd/icspd.catalog $(DESTDIR)$(catalogdir)
	$(INSTALL) -m 640 systemd/icspd.audit.rules $(DESTDIR)$(auditrulesdir)/70-icspd.rules
	$(INSTALL_DATA) packaging/prometheus/icspd.rules.yml $(DESTDIR)$(datarootdir)/icspd
	$(INSTALL_DATA) systemd/80-icspd.preset $(DESTDIR)$(presetdir)
	$(INSTALL_DATA) systemd/icspd.tmpfiles.conf $(DESTDIR)$(tmpfilesdir)/icspd.conf
	sed 's|/usr/bin/icspd|$(bindir)/icspd|' packaging/greenboot/50_icspd.sh \
	  >$(DESTDIR)$(greenbootdir)/check/wanted.d/50_icspd.sh
	chmod 755 $(DESTDIR)$(greenbootdir)/check/wanted.d/50_icspd.sh
	$(INSTALL_DATA) dist/man/*.5 $(DESTDIR)$(mandir)/man5
	$(INSTALL_DATA) dist/man/*.8 $(DESTDIR)$(mandir)/man8
	$(INSTALL_DATA) LICENSE README.md CHANGELOG.md $(DESTDIR)$(docdir)
	cp -R packaging/examples $(DESTDIR)$(docdir)
	find $(DESTDIR)$(docdir)/examples -type f -exec chmod 644 {} +
	$(INSTALL) -d $(DESTDIR)$(schemadir) $(DESTDIR)$(bashcompdir) $(DESTDIR)$(zshcompdir) $(DESTDIR)$(fishcompdir)
	$(INSTALL_DATA) dist/schemas/*.json $(DESTDIR)$(schemadir)
	$(INSTALL_DATA) dist/completions/icspd $(DESTDIR)$(bashcompdir)
	$(INSTALL_DATA) dist/completions/_icspd $(DESTDIR)$(zshcompdir)
	$(INSTALL_DATA) dist/completions/icspd.fish $(DESTDIR)$(fishcompdir)

clean:
	rm -rf dist
