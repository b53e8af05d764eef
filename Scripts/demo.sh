#!/usr/bin/env bash
# Starts the sample app with the gateway in front, makes two accounts, shows requests with what they
# answer, and waits until it is interrupted.
#
# usage: Scripts/demo.sh [--once]
#   --once (or DEMO_ONCE=1): stop after the requests; status 1 if one answers otherwise than
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

# show COMMAND: prints a command as it can be pasted, and runs it.
show() {
    printf '  %s\n\n' "${1//$'\n'/$'\n'  }"
    eval "$1" || all_as_expected=0
}

# try EXPECTED WHAT ARGUMENTS: a request whose status is compared, printed as it can be pasted.
try() {
    local expected=$1 what=$2 observed
    local command="curl -s -o /dev/null -w '%{http_code}\\n' $3"
    observed=$(eval "${command/curl -s/curl -s --max-time 10}") || observed="nothing"
    printf '  # %s: expected %s, observed %s\n  %s\n\n' "$what" "$expected" "$observed" "$command"
    [ "$observed" = "$expected" ] || all_as_expected=0
}

# as NAME PATH: the arguments of a request with somebody's access token, which `$NAME` holds.
as() { echo "-H \"Authorization: Bearer \$$1\" $GATE$2"; }

# sign_in NAME VARIABLE: signs somebody in; the answer goes to $VARIABLE.
sign_in() {
    show "$2=\$(curl -s $GATE/_ostiary/v1/sign-in -H 'Content-Type: application/json' \\
    -d '{\"login\":\"$1\",\"password\":\"$(cat "$STACK/$1.password")\"}' | field access_token)"
}

cat <<TEXT

  The gateway  $GATE   (policy: examples/sample-app/policy.yaml)
  The app      $APP   (behind it; open to whoever can reach it)

  Two accounts, made a moment ago with \`ostiary user\`; their passwords are this demo's alone:

    alice   viewer          $(cat "$STACK/alice.password")
    root    administrator   $(cat "$STACK/root.password")

  What follows can be pasted into another terminal, from top to bottom:

TEXT
try 401 "no token" "$GATE/"
show "field() { sed \"s/.*\\\"\$1\\\":\\\"\\([^\\\"]*\\)\\\".*/\\1/\"; }    # one text of a JSON answer"
echo "  # alice signs in; her access token is good for five minutes"
sign_in alice ALICE
try 200 "alice, a viewer" "$(as ALICE /)"
try 403 "alice on the admin page" "$(as ALICE /admin/stats)"
echo "  # root signs in"
sign_in root ROOT
try 200 "root, an administrator" "$(as ROOT /admin/stats)"
try 200 "who am I?" "$(as ALICE /_ostiary/v1/me)"
try 204 "alice signs out" "-X POST $(as ALICE /_ostiary/v1/sign-out)"
try 401 "the same token, from then on" "$(as ALICE /)"

if [ "$all_as_expected" = 0 ]; then
    cat "$STACK/gate.log" >&2
    fail "not every answer was as expected"
fi
if [ -n "$once" ]; then
    say "all answers are as expected"
    exit 0
fi

cat <<TEXT
  A browser does not send a bearer token by itself, and there is no sign-in page yet. To see the
  dashboard as alice sees it: \`make picture\` takes a picture of it through the gateway. The app
  itself, with nobody signed in, is at $APP.

  Ctrl-C stops both and removes the accounts.
TEXT

# Ends when one of the two does, which it should not, or with the signal that is waited for.
trap 'echo; say "stopping"; exit 0' INT
wait -n "$APP_PROCESS" "$GATE_PROCESS" || true
cat "$STACK/gate.log" "$STACK/app.log" >&2
fail "the gateway or the app has stopped"
