#!/usr/bin/env bash
# Starts the sample app with the gateway in front, shows four requests with what they answer, and
# waits until it is interrupted.
#
# usage: Scripts/demo.sh [--once]
#   --once (or DEMO_ONCE=1): stop after the four requests; status 1 if one answers otherwise than
#   expected.
# PORT or DEMO_PORT: the gateway's port (default 8080 or the next free one). DEMO_APP_PORT: the
# app's (default 8050 or the next free one).
set -euo pipefail
cd "$(dirname "$0")/.."
NAME=demo
. Scripts/stack.sh

once=${DEMO_ONCE:-}
case "${1:-}" in
'') ;;
--once) once=1 ;;
*) fail "\`$1\` is not an option; see the head of Scripts/demo.sh" ;;
esac

stack_create
stack_build
stack_start

all_as_expected=1

# try EXPECTED WHO PATH [HEADER FILE]: prints a request as it can be pasted, and its status.
try() {
    local expected=$1 who=$2 url=$GATE$3 observed
    local request=(curl -s -o /dev/null -w '%{http_code}\n')
    local shown="curl -s -o /dev/null -w '%{http_code}\\n'"
    if [ -n "${4:-}" ]; then
        request+=(-H "@$4")
        shown+=" -H @$4"
    fi
    observed=$("${request[@]}" --max-time 10 "$url") || observed="nothing"
    printf '  # %s: expected %s, observed %s\n  %s %s\n\n' "$who" "$expected" "$observed" "$shown" "$url"
    [ "$observed" = "$expected" ] || all_as_expected=0
}

cat <<TEXT

  The gateway  $GATE   (policy: examples/sample-app/policy.yaml)
  The app      $APP   (behind it; open to whoever can reach it)

  Four requests to the gateway, to be pasted into another terminal:

TEXT
try 401 "no token" /
try 200 "a viewer" / "$STACK/viewer.header"
try 403 "a viewer on the admin page" /admin/stats "$STACK/viewer.header"
try 200 "an administrator" /admin/stats "$STACK/admin.header"

if [ "$all_as_expected" = 0 ]; then
    cat "$STACK/gate.log" >&2
    fail "not every answer was as expected"
fi
if [ -n "$once" ]; then
    say "all four answers are as expected"
    exit 0
fi

cat <<TEXT
  A browser does not send a bearer token by itself, and there is no sign-in page yet. To see the
  dashboard as the viewer sees it: \`make picture\` takes a picture of it through the gateway. The
  app itself, with nobody signed in, is at $APP.

  The tokens are good for an hour. Ctrl-C stops both.
TEXT

# Ends when one of the two does, which it should not, or with the signal that is waited for.
trap 'echo; say "stopping"; exit 0' INT
wait -n "$APP_PROCESS" "$GATE_PROCESS" || true
cat "$STACK/gate.log" "$STACK/app.log" >&2
fail "the gateway or the app has stopped"
