#!/bin/sh
# greenboot: whether the mirrors of this node are in order after a boot. A check of wanted.d: it is noted and seen, but it
# never brings the node back to an older system, since registries.conf is in force whatever icspd says.
set -u
icspd=${ICSPD:-/usr/bin/icspd}
tries=${ICSPD_TRIES:-30}

until "$icspd" --quiet status >/dev/null 2>&1; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo 'icspd is not healthy:' >&2
    "$icspd" status >&2
    exit 1
  fi
  sleep 2
done
echo 'icspd is healthy'
