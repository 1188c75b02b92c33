#!/bin/bash
# Removes what a system leaves once its PID 1 is gone: its cgroup and its disk.
set -euo pipefail
# shellcheck source=test/e2e/lab/place.sh
. "$(dirname "${BASH_SOURCE[0]}")/place.sh"
exec 9>"$E2E_LOCK"
# Somebody else's system is running by now: what is there is theirs.
flock --timeout 10 9 || exit 0
remove_cgroup
rm -rf "$E2E_STATE"
