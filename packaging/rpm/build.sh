#!/bin/bash
# Makes the package of what is in dist/, in dist/rpm. The same tree and SOURCE_DATE_EPOCH give the same bytes.
# SIGN_KEY: the name of the GnuPG key to sign with. PAYLOAD: rpm's words for the compression; w1.gzdio is quick and large.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${SOURCE_DATE_EPOCH:?seconds since 1970}"
version=$(node_modules/.bin/node -p 'require("./package.json").version')

rm -rf dist/rpm
mkdir dist/rpm
LC_ALL=C.UTF-8 TZ=UTC rpmbuild --quiet -bb packaging/rpm/icspd.spec \
  --define "_topdir $PWD/dist/rpm/work" --define "_rpmdir $PWD/dist/rpm" --define "_build_name_fmt %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm" \
  --define '_dbpath /var/lib/rpm' --define "payload ${PAYLOAD:-w2T2.xzdio}" \
  --define "checkout $PWD" --define "icspd_version ${version/-/\~}" \
  --define "changelog_date $(LC_ALL=C TZ=UTC date -d "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')"
rm -rf dist/rpm/work
if [ -n "${SIGN_KEY:-}" ]; then rpmsign --define "_gpg_name $SIGN_KEY" --define "__gpg $(command -v gpg)" --addsign dist/rpm/*.rpm; fi
ls -l dist/rpm/*.rpm
