#!/bin/bash
# Removes what a system leaves once its PID 1 is gone: its cgroup and its disk.
set -euo pipefail
# shellcheck source=test/e2e/lab/place.sh
. "$(dirname "${BASH_SOURCE[0]}")/place.sh"
remove_cgroup
rm -rf "$E2E_STATE"
