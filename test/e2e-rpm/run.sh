#!/bin/bash
# Builds the packages and runs the e2e-rpm suite, on a machine that can: where it cannot, says why and skips; with CI=true
# that is a failure.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
PATH=$PWD/node_modules/.bin:$PATH:/usr/local/go/bin
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1767225600}

lacks() {
  echo "e2e-rpm: skipped, since $1" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
}
[ "$(id -u)" = 0 ] || lacks 'it needs root (namespaces, mounts, a cgroup)'
command -v apt-get >/dev/null || lacks 'it installs its tools from Debian packages'
command -v go >/dev/null || lacks 'Go is needed to build CRI-O'
grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || lacks 'the kernel has no overlay file system'
grep -qw cgroup2 /proc/filesystems || lacks 'the kernel has no cgroup2'

bash test/e2e/tools/install.sh
missing=()
for package in rpm rpmlint gnupg binutils cpio ansible-core ignition; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  get=(apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -qq -y)
  "${get[@]}" install --no-install-recommends "${missing[@]}" </dev/null >/dev/null 2>&1 ||
    { "${get[@]}" update && "${get[@]}" install --no-install-recommends "${missing[@]}"; } </dev/null >/dev/null
fi

# KEEP=1 takes the packages of the last run.
work=.cache/e2e-rpm
if [ "${KEEP:-}" != 1 ] || [ ! -d "$work/packages" ]; then
  rm -rf "$work"
  mkdir -p "$work/packages"/{newer,again,older}
  make --silent --no-print-directory --old-file=build rpm
  cp dist/rpm/*.rpm "$work/packages/newer"
  bash test/e2e-rpm/other-tree.sh "$work/again" "$work/packages/again"
  PAYLOAD=w1.gzdio bash test/e2e-rpm/other-tree.sh "$work/older" "$work/packages/older" lacking-tag-mirrors
  bash test/e2e-rpm/lab-os.sh "$work/packages"
fi
trap 'flock --timeout 5 /run/icspd-e2e.lock bash test/e2e/lab/down.sh || true' EXIT
ava --config test/e2e-rpm/ava.config.js "$@"
