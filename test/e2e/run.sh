#!/bin/bash
# Runs the e2e suite, on a machine that can: where it cannot, says why and skips; with CI=true that is a failure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
PATH=$PWD/node_modules/.bin:$PATH:/usr/local/go/bin

lacks() {
  echo "e2e: skipped, since $1" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
}
[ "$(id -u)" = 0 ] || lacks 'it needs root (namespaces, mounts, a cgroup)'
command -v apt-get >/dev/null || lacks 'it installs its registry from Debian packages'
command -v go >/dev/null || lacks 'Go is needed to build CRI-O'
grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || lacks 'the kernel has no overlay file system'
grep -qw cgroup2 /proc/filesystems || lacks 'the kernel has no cgroup2'

bash test/e2e/tools/install.sh
[ -f dist/icspd.cjs ] || make build
# Tests clean up behind themselves; this is for those that could not. Somebody else's turn is left alone.
trap 'flock --timeout 5 /run/icspd-e2e.lock bash test/e2e/lab/down.sh || true' EXIT
ava --config test/e2e/ava.config.js "$@"
