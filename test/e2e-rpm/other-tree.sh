#!/bin/bash
# Builds the package of a copy of this tree in another directory: the same sources, or those of an icspd 0.0.9 that was
# written before there were tag mirrors.
set -euo pipefail
tree=${1:?where to copy to} packages=${2:?where the package goes} change=${3:-}
mkdir -p "$tree"
cp -R src packaging systemd Makefile package.json package-lock.json LICENSE README.md CHANGELOG.md "$tree"
cp -al node_modules "$tree" 2>/dev/null || cp -a node_modules "$tree"

if [ "$change" = lacking-tag-mirrors ]; then
  sed -i 's/^  "version": ".*"/  "version": "0.0.9"/' "$tree/package.json"
  # The row of the kind, and with it all that reads it.
  sed -i -e '/^  {$/{N;/ImageTagMirrorSet/{:row;N;/\n  },$/!b row;d}}' -e 's/, readTagMirrorSet//' "$tree/src/policy/kinds.ts"
  if grep -q "readTagMirrorSet\|kind: 'ImageTagMirrorSet'" "$tree/src/policy/kinds.ts"; then
    echo 'other-tree.sh: kinds.ts still knows tag mirrors' >&2
    exit 1
  fi
fi
make --silent --no-print-directory --old-file=node_modules/.installed -C "$tree" rpm
cp "$tree"/dist/rpm/*.rpm "$packages"
rm -rf "$tree"
