#!/bin/bash
# Boots systemd as PID 1 of a world of its own, in the foreground: the system lives exactly as long as this process.
#
#   up.sh new       a freshly furnished system
#   up.sh again     the same disk as before: a reboot
#
# Only one at a time: turn.ts sees to that.
# Everything hangs on namespaces that die with PID 1: no mount, no process outlives it. What stays is an empty cgroup
# (removed by the next start and by down.sh) and the disk below $E2E_STATE.
set -euo pipefail
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=test/e2e/lab/place.sh
. "$lab/place.sh"

# The cgroup first: it can go when the last process of an earlier system has, and then its disk is free.
remove_cgroup
mkdir "$E2E_CGROUP"
if [ "${1:?new or again}" = new ]; then rm -rf "$E2E_STATE"; fi
mkdir -p "$E2E_STATE"/{upper,work,root}

# PID 1 has to be in the system's cgroup before the cgroup namespace is made: its place then is the root that systemd sees.
# shellcheck disable=SC2016  # the inner shell expands
exec unshare --mount --pid --ipc --uts --net --fork --kill-child --propagation private \
  /bin/bash -euc 'echo 0 >"$E2E_CGROUP/cgroup.procs"; exec unshare --cgroup /bin/bash "$0"' "$lab/init.sh" </dev/null
