#!/bin/bash
# PID 1 until it becomes systemd: lays an overlay over this machine's root, furnishes it once, and moves in.
set -euo pipefail
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$E2E_STATE/root

mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=/,upperdir=$E2E_STATE/upper,workdir=$E2E_STATE/work" "$root"

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t sysfs -o nosuid,nodev,noexec,ro sysfs "$root/sys"
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"

mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
for node in null zero full random urandom tty; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for n in 0:stdin 1:stdout 2:stderr; do ln -s "fd/${n%:*}" "$root/dev/${n#*:}"; done

mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
# The checkout, so that tests can run a script inside; read-only, since nothing in the world may change it.
mkdir "$root/run/checkout"
mount --bind "$E2E_CHECKOUT" "$root/run/checkout"
mount -o remount,bind,ro "$root/run/checkout"
touch "$root/usr/bin/crio" "$root/usr/bin/crictl"
mount --bind "$E2E_CRIO" "$root/usr/bin/crio"
mount --bind "$E2E_TOOLS/bin/crictl" "$root/usr/bin/crictl"

if [ ! -e "$E2E_STATE/furnished" ]; then
  bash "$lab/furnish.sh" "$root"
  touch "$E2E_STATE/furnished"
fi
hostname lab
ip link set lo up
# Addresses of the registries. Not in 127.0.0.0/8: there CRI-O 1.34 looks at no certificate.
for n in 2 3 4; do ip address add "192.0.2.$n/32" dev lo; done

cd "$root"
mkdir -p run/old-root
pivot_root . run/old-root
umount -l /run/old-root
rmdir /run/old-root
# Time has no namespace: without this right nothing inside can move the machine's clock.
exec setpriv --bounding-set=-sys_time --inh-caps=-sys_time \
  env -i container=icspd-e2e PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal-or-kmsg </dev/null
