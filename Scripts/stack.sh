# shellcheck shell=bash
# The sample app with the gateway in front; sourced by demo.sh and picture.sh.
#
# After `stack_start`: GATE and APP (addresses), STACK (a folder of its own), the accounts alice
# (viewer) and root (admin), their passwords in `password_of NAME`, and in the folder alice.json and
# root.json, the bodies of their sign-ins. `stack_stop` ends both processes and removes the folder; it
# touches only what `stack_start` started.

say() { echo "$NAME: $*"; }

fail() {
    echo "$NAME: $*" >&2
    exit 1
}

stack_build() {
    Scripts/need-swift.sh
    Scripts/install-packages.sh libssl-dev libargon2-dev libsqlite3-dev libunistring-dev libcurl4-openssl-dev curl
    # Tried now, so that nobody waits for a build to hear of a taken port; chosen later.
    gate_port >/dev/null
    app_port >/dev/null
    # Not optimised: half the time to wait, and the tests use the same build.
    say "building (the first time takes some minutes)"
    local product
    for product in ostiary sample-app; do
        swift build --product "$product" >"$STACK/build.log" 2>&1 || {
            cat "$STACK/build.log" >&2
            fail "the build of $product failed"
        }
    done
    BIN=$(swift build --show-bin-path)
}

port_is_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# free_port WANTED NAME DEFAULT: prints WANTED, which must be free; without it, DEFAULT or the next
# free port after it.
free_port() {
    local port=${1:-$3}
    if [ -n "$1" ]; then
        if ! [[ $1 =~ ^[1-9][0-9]{0,4}$ ]] || [ "$1" -gt 65535 ]; then
            fail "$2=$1 is not a port"
        fi
        if port_is_taken "$port"; then
            fail "port $port is taken; free it, or choose another with $2"
        fi
    fi
    while port_is_taken "$port"; do
        port=$((port + 1))
        [ "$port" -lt $(($3 + 100)) ] ||
            fail "ports $3 to $((port - 1)) are all taken; choose one with $2"
    done
    echo "$port"
}

app_port() { free_port "${DEMO_APP_PORT:-}" DEMO_APP_PORT 8050; }

gate_port() { free_port "${DEMO_PORT:-${PORT:-}}" "${DEMO_PORT:+DEMO_}PORT" 8080; }

# wait_for_line FILE TEXT PROCESS WHAT: waits until the process has written the text.
wait_for_line() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        grep -qs "$2" "$1" && return
        kill -0 "$3" 2>/dev/null || break
        sleep 0.05
    done
    cat "$1" >&2
    fail "$4 did not start"
}

stack_create() {
    STACK=$(mktemp -d "${TMPDIR:-/tmp}/ostiary-$NAME.XXXXXX")
    APP_PROCESS='' GATE_PROCESS=''
    trap stack_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

stack_start() {
    local app_port gate_port
    app_port=$(app_port)
    APP=http://127.0.0.1:$app_port
    "$BIN/sample-app" --port "$app_port" >"$STACK/app.log" 2>&1 &
    APP_PROCESS=$!
    wait_for_line "$STACK/app.log" "listening on" "$APP_PROCESS" "the sample app"

    # After the app has its port, so that both never choose the same.
    gate_port=$(gate_port)
    GATE=http://127.0.0.1:$gate_port
    SETTINGS=(
        --config examples/sample-app/ostiary.yaml
        --set "listeners=127.0.0.1:$gate_port" --set "public_url=$GATE"
        --set "upstreams.app.url=$APP" --set "data=$STACK/data"
    )
    # Without PORT, which would set the listener's port again.
    env -u PORT "$BIN/ostiary" serve "${SETTINGS[@]}" >"$STACK/gate.log" 2>&1 &
    GATE_PROCESS=$!
    wait_for_line "$STACK/gate.log" "listening on" "$GATE_PROCESS" "the gateway"

    # While the gateway runs: it does what these ask of it.
    new_account alice create --role viewer
    new_account root superuser
}

# new_account NAME COMMAND [OPTION…]: makes an account with a random password, and writes the body of
# its sign-in, NAME.json, for this user's eyes only.
new_account() {
    local name=$1 command=$2 said
    shift 2
    # Without PORT, which would set the listener's port again.
    said=$(env -u PORT "$BIN/ostiary" user "$command" "$name" --email "$name@example.com" "$@" \
        "${SETTINGS[@]}" --generate-password) || fail "no account for $name"
    (umask 077 && printf '{"login":"%s","password":"%s"}\n' "$name" \
        "$(sed -n 's/^password: //p' <<<"$said")" >"$STACK/$name.json")
}

password_of() { sed -n 's/.*"password":"\([^"]*\)".*/\1/p' "$STACK/$1.json"; }

# sign_in NAME: writes NAME.token and NAME.header, for `curl -H @FILE` and this user's eyes only.
sign_in() {
    local token
    token=$(curl -s --fail --max-time 10 -H 'Content-Type: application/json' -d "@$STACK/$1.json" \
        "$GATE/_ostiary/v1/sign-in" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
    [ -n "$token" ] || fail "$1 cannot sign in"
    (umask 077 && echo "$token" >"$STACK/$1.token" &&
        echo "Authorization: Bearer $token" >"$STACK/$1.header")
}

stack_stop() {
    local status=$? process tries
    trap '' INT TERM HUP
    for process in $GATE_PROCESS $APP_PROCESS; do
        kill -TERM "$process" 2>/dev/null || true
    done
    for process in $GATE_PROCESS $APP_PROCESS; do
        # The gateway lets open answers end; after 12 seconds that has been long enough.
        for ((tries = 0; tries < 240; tries++)); do
            kill -0 "$process" 2>/dev/null || break
            sleep 0.05
        done
        kill -KILL "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$STACK"
    exit "$status"
}
