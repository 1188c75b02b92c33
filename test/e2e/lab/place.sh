#!/bin/bash
# Where the one test system of this machine lives; sourced by the other scripts.
export E2E_STATE=${E2E_STATE:-/var/tmp/icspd-e2e}
export E2E_CHECKOUT=${E2E_CHECKOUT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)}
# Where CRI-O and crictl were built: see tools/install.sh.
export E2E_TOOLS=${E2E_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/icspd-e2e}
# The CRI-O to try: the newest; 1.34, the oldest that is built here; or on request one by its path, such as that of a distribution.
case ${E2E_CRIO:=$E2E_TOOLS/bin/crio} in
  */*) ;;
  *)
    [ -d "$(dirname "${BASH_SOURCE[0]}")/../tools/crio-$E2E_CRIO" ] || { echo "no CRI-O $E2E_CRIO in test/e2e/tools" >&2 && exit 1; }
    E2E_CRIO=$E2E_TOOLS/bin/crio-$E2E_CRIO
    ;;
esac
export E2E_CRIO

# cgroup2 is the whole tree on a modern machine and one branch of it on a hybrid one.
E2E_CGROUP=/sys/fs/cgroup/icspd-e2e
[ ! -d /sys/fs/cgroup/unified ] || E2E_CGROUP=/sys/fs/cgroup/unified/icspd-e2e
export E2E_CGROUP

# Removes the cgroup that an earlier system left; its processes died with their PID 1.
remove_cgroup() {
  local attempt
  for attempt in {1..50}; do
    [ -d "$E2E_CGROUP" ] || return 0
    find "$E2E_CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.05
  done
  echo "cgroup $E2E_CGROUP cannot be removed (attempt $attempt)" >&2
  return 1
}
