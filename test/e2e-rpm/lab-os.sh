#!/bin/bash
# Makes a package that stands for the operating system of the lab. It provides what glibc, libstdc++ (with libgcc), systemd,
# coreutils, util-linux and a shell do, and nothing else: what icspd requires beyond that, rpm will not install. Directories
# of icspd's package that this machine has already are the system's: rpm would take empty ones away with icspd.
set -euo pipefail
packages=${1:?where the packages are}
libraries='^(ld-linux-[a-z0-9-]+\.so\.[0-9]|lib(c|m|dl|pthread|gcc_s|stdc\+\+)\.so\.[0-9])\(.*|rtld\(GNU_HASH\)$'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mapfile -t directories < <(
  rpm -qp --queryformat '[%{FILEMODES:perms} %{FILENAMES}\n]' "$packages"/*/icspd-*.rpm | sed -n 's/^d[^ ]* //p' | sort -u |
    while IFS= read -r directory; do [ ! -d "$directory" ] || printf '%s\n' "$directory"; done
)
{
  printf '%s\n' 'Name: lab-os' 'Version: 1' 'Release: 1' 'Summary: The operating system of the lab' 'License: Apache-2.0' \
    'BuildArch: noarch' 'Provides: coreutils systemd util-linux /bin/sh'
  rpm -qpR "$packages"/*/icspd-*.rpm | grep -E "$libraries" | sort -u | sed 's/^/Provides: /'
  printf '%s\n' '%description' 'It has no files.' '%install'
  [ ${#directories[@]} -eq 0 ] || printf 'mkdir -p "%%{buildroot}%s"\n' "${directories[@]}"
  echo '%files'
  [ ${#directories[@]} -eq 0 ] || printf '%%dir "%s"\n' "${directories[@]}"
} >"$work/lab-os.spec"
rpmbuild --quiet -bb "$work/lab-os.spec" --define "_topdir $work" --define "_rpmdir $work" --define '_dbpath /var/lib/rpm'
cp "$work"/noarch/*.rpm "$packages/lab-os.rpm"
