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

# The lines below are run as they are shown, except that none of them may hang.
# shellcheck disable=SC2317
curl() { command curl --max-time 10 "$@"; }

# show LINES: prints lines as they can be pasted into another terminal.
show() { printf '%s\n' "$1" | sed 's/^/  /'; }

# try EXPECTED WHAT LINES: runs lines and shows them with what they print, of which the last line is
# the status that is compared.
try() {
    local observed
    # In this shell, so that later lines have the variables of earlier ones.
    eval "$3" >"$STACK/answer" 2>&1 || true
    observed=$(tail -n 1 "$STACK/answer")
    printf '  # %s: expected %s, observed %s\n' "$2" "$1" "${observed:-nothing}"
    show "$3"
    sed -n '$!s/^/    /p' "$STACK/answer"
    echo
    [ "$observed" = "$1" ] || all_as_expected=0
}

# status ARGUMENTS: a request of which only the status is shown.
status() { printf '%s\n' "curl -s -o /dev/null -w '%{http_code}\n' $1"; }

# as NAME PATH: the arguments of a request with somebody's access token, which `$NAME` holds.
as() { echo "-H \"Authorization: Bearer \$$1\" $GATE$2"; }

# tokens NAME ARGUMENTS: a request that is answered with tokens; `$name` keeps the answer and `$NAME`
# the access token.
tokens() {
    cat <<LINES
$1=\$(curl -s -w '\n%{http_code}' $2)
${1^^}=\$(echo "\$$1" | field access_token); echo "\$$1" | tail -n 1
LINES
}

# sign_in_lines NAME: with the password in sight. It is random and good for this demo alone.
sign_in_lines() {
    tokens "$1" "$GATE/_ostiary/v1/sign-in -H 'Content-Type: application/json' \\
    -d '$(cat "$STACK/$1.json")'"
}

cat <<TEXT

  The gateway  $GATE   (policy: examples/sample-app/policy.yaml)
  The app      $APP   (behind it; open to whoever can reach it)

TEXT
cat <<TEXT
  Two accounts, made a moment ago with \`ostiary user\`; their passwords are this demo's alone:

    alice   viewer          $(password_of alice)
    root    administrator   $(password_of root)

  What follows can be pasted into another terminal, from top to bottom:

TEXT
try 401 "no token" "$(status "$GATE/")"
field="field() { sed -n \"s/.*\\\"\$1\\\":\\\"\([^\\\"]*\)\\\".*/\1/p\"; }    # one text of a JSON answer"
eval "$field"
show "$field"
echo
try 200 "alice signs in; her access token is good for five minutes" "$(sign_in_lines alice)"
try 200 "alice, a viewer" "$(status "$(as ALICE /)")"
try 403 "alice on the admin page" "$(status "$(as ALICE /admin/stats)")"
try 200 "root signs in" "$(sign_in_lines root)"
try 200 "root, an administrator" "$(status "$(as ROOT /admin/stats)")"
try 200 "who alice is" "curl -s -w '%{http_code}\n' $(as ALICE /_ostiary/v1/me)"
try 200 "the next tokens for her refresh token" "$(
    tokens alice "$GATE/_ostiary/oauth/token -d grant_type=refresh_token -d client_id=ostiary \\
    -d refresh_token=\$(echo \"\$alice\" | field refresh_token)"
)"
try 200 "alice with her next token" "$(status "$(as ALICE /)")"
try 204 "alice signs out" "$(status "-X POST $(as ALICE /_ostiary/v1/sign-out)")"
try 401 "the same token, from then on" "$(status "$(as ALICE /)")"

if [ "$all_as_expected" = 0 ]; then
    cat "$STACK/gate.log" >&2
    fail "not every answer was as expected"
fi
if [ -n "$once" ]; then
    say "all answers are as expected"
    exit 0
fi

ostiary="$BIN/ostiary"
settings="--config $PWD/examples/sample-app/ostiary.yaml --set data=$STACK/data"
cat <<TEXT
  A role for alice, which counts from her next token on, and all that is known of her:

  $ostiary role grant admin alice $settings
  $ostiary user show alice $settings

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
