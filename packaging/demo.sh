#!/bin/sh
# Shows the main job in a scratch root: policies in, registries.conf out, explained, and taken back. No root, no CRI-O.
set -eu
cd "$(dirname "$0")/.."
umask 022
root=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true; rm -rf "$root"' EXIT
conf=$root/etc/containers/registries.conf

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
try() { printf '$ icspd %s\n' "$*"; ./dist/icspd --root "$root" "$@"; }
wait_until() {
  for _ in $(seq 100); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  echo "gave up waiting for: $*" >&2
  return 1
}

mkdir -p "$root/etc/containers" "$root/etc/icsp.d"
cp packaging/examples/node/registries.conf "$conf"

say 'The agent starts on a node with a registries.conf of its own; there is no policy, so nothing is written'
./dist/icspd --root "$root" run >"$root/log" 2>&1 &
daemon=$!
wait_until grep -q ready: "$root/log"

say 'Policies are dropped in; what will they do?'
for policy in packaging/examples/policies/*.yaml; do
  cp "$policy" "$root/etc/icsp.d/"
done
try check
say 'The agent saw them by itself; its log, with the priority that journald reads in front of each line:'
wait_until grep -q cache.lab.example "$conf"
wait_until grep -q 'docker.io: added' "$root/log"
cat "$root/log"

say "The rendered file, $conf"
cat "$conf"

say 'A mirror is taken back: the difference, before it is applied'
kill "$daemon"
wait "$daemon" || true
daemon=
rm "$root/etc/icsp.d/30-cache.yaml"
try diff || [ $? -eq 1 ]
try apply

say 'What would a pull try, by digest and by tag?'
try explain quay.io/openshift-release-dev/ocp-release@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
try explain quay.io/team/app:v1

say 'Back to the previous file, and held there until resume'
try restore --previous
grep -q 'cache.lab.example' "$conf"
try resume

say 'Back to what the administrator had, byte for byte'
try restore --baseline
cmp packaging/examples/node/registries.conf "$conf" && echo 'identical'
