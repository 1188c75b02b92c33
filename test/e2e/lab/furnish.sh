#!/bin/bash
# Makes a node out of a copy of this machine: CRI-O, two registries, and icspd as its package would install it.
set -euo pipefail
root=${1:?the root to furnish}
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# A known system: nothing starts but what is named here.
rm -rf "$root"/etc/systemd/system "$root"/lib/systemd/system/*.wants "$root"/lib/systemd/system-generators
mkdir -p "$root"/etc/systemd/system "$root"/var/log/journal
want() { # target unit…
  local target=$1 unit
  mkdir -p "$root/etc/systemd/system/$target.wants"
  for unit in "${@:2}"; do ln -s "/lib/systemd/system/$unit" "$root/etc/systemd/system/$target.wants/$unit"; done
}
want sysinit.target systemd-journald.service systemd-journal-flush.service systemd-tmpfiles-setup.service
want sockets.target systemd-journald.socket systemd-journald-dev-log.socket

: >"$root/etc/fstab"
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
echo lab >"$root/etc/hostname"
# The registries exist, one of them by several names; every other host name is one that nobody answers for.
rm -f "$root"/etc/{hosts,resolv.conf}
cat >"$root/etc/hosts" <<'END'
127.0.0.1 localhost lab
192.0.2.2 mirror.lab.example a.mirror.lab.example b.mirror.lab.example c.mirror.lab.example d.mirror.lab.example
192.0.2.3 origin.lab.example
192.0.2.4 cache.lab.example
END
: >"$root/etc/resolv.conf"

# No policy file, no registries.conf of the distribution: tests put there what they need.
rm -rf "$root"/etc/{containers,crio,icsp.d,icspd} "$root"/root/.config/containers "$root"/var/lib/{containers,crio,icspd,registry}
cp -R --no-preserve=ownership,mode "$lab/rootfs/." "$root/"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=lab.example \
  -addext 'subjectAltName=DNS:*.lab.example,DNS:*.mirror.lab.example' \
  -keyout "$root/etc/registry/tls.key" -out "$root/etc/registry/tls.crt" 2>/dev/null
for host in {{a,b,c,d}.,}mirror origin cache; do
  install -D -m 644 "$root/etc/registry/tls.crt" "$root/etc/containers/certs.d/$host.lab.example:8443/ca.crt"
done

systemctl --quiet --root="$root" enable crio.service registry@mirror.service registry@origin.service
if [ "${E2E_WITHOUT_ICSPD:-}" != 1 ]; then
  if [ -n "${E2E_RPM:-}" ]; then
    rm -rf "$root/var/lib/rpm"
    rpm --root="$root" --dbpath=/var/lib/rpm --install --nodeps --noscripts "$E2E_RPM"
  else
    # What is in dist/ was built before; there is no network here to build it.
    make --silent --no-print-directory --old-file=build -C "$E2E_CHECKOUT" install DESTDIR="$root"
  fi
  systemctl --quiet --root="$root" enable icspd.service
fi
