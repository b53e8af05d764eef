#!/usr/bin/env bash
# Takes docs/images/dashboard.png: the sample app's dashboard, through the gateway, as alice, a viewer.
set -euo pipefail
cd "$(dirname "$0")/.."
NAME=picture
. Scripts/stack.sh

stack_create
Scripts/install-packages.sh chromium chromium-driver python3 python3-selenium fonts-dejavu-core
stack_build
stack_start
sign_in alice

curl -s -o /dev/null --fail -H "@$STACK/alice.header" -H 'Content-Type: application/json' \
    -d '{"text":"A week of snow in January 2012: see 14 to 20."}' "$GATE/api/notes" ||
    fail "the gateway did not take a note"
mkdir -p docs/images
# Debian's own Python: python3-selenium belongs to it.
/usr/bin/python3 Scripts/picture.py "$GATE/?year=2012&interval_ms=100" docs/images/dashboard.png \
    --token-file "$STACK/alice.token" --wait 7
say "wrote docs/images/dashboard.png"
