#!/bin/bash
# Brings what the e2e suite needs onto this machine: Debian packages, and CRI-O and crictl built from their Go modules.
# Does nothing, in no time, where all of it is there already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=test/e2e/lab/place.sh
. "$here/../lab/place.sh"
PATH=$PATH:/usr/local/go/bin

packages=(docker-registry skopeo conmon crun libseccomp-dev gcc pkg-config iproute2 util-linux openssl systemd make)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "apt-get install ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  get=(apt-get -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 -qq -y)
  # Package lists may be absent or stale; a machine that has fresh ones saves the download. Services of the host stay off.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
  fi
  "${get[@]}" install --no-install-recommends "${missing[@]}" </dev/null >/dev/null 2>&1 ||
    { "${get[@]}" update && "${get[@]}" install --no-install-recommends "${missing[@]}"; } </dev/null >/dev/null
fi

# The same choices as CRI-O's packages, less what would need more C libraries.
tags='containers_image_ostree_stub containers_image_openpgp exclude_graphdriver_btrfs btrfs_noversion exclude_graphdriver_devicemapper libdm_no_deferred_remove seccomp'

# A tool is built anew when its go.mod or go.sum changed.
build() { # name package
  local stamp
  stamp=$(cat "$here/$1/go.mod" "$here/$1/go.sum" | sha256sum | cut -c1-64)
  if [ -x "$E2E_TOOLS/bin/$1" ] && [ "$(cat "$E2E_TOOLS/bin/$1.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
  echo "go build $1"
  mkdir -p "$E2E_TOOLS/bin"
  (cd "$here/$1" && go build -mod=readonly -buildvcs=false -trimpath -tags "$tags" -o "$E2E_TOOLS/bin/$1.new" "$2")
  mv "$E2E_TOOLS/bin/$1.new" "$E2E_TOOLS/bin/$1"
  echo "$stamp" >"$E2E_TOOLS/bin/$1.stamp"
}
build crio github.com/cri-o/cri-o/cmd/crio
# An older one takes minutes to build: only where it is asked for.
case $E2E_CRIO in "$E2E_TOOLS"/bin/crio-*) build "${E2E_CRIO##*/}" github.com/cri-o/cri-o/cmd/crio ;; esac
build crictl sigs.k8s.io/cri-tools/cmd/crictl
