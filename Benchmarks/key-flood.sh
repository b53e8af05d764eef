#!/usr/bin/env bash
# Measures what 10,000 tokens a second with unknown key IDs cost those whose tokens are good, at a real
# gateway that fetches its keys over HTTPS. Fails when the 99th percentile of good tokens is more than
# 1.5 times what it is in the same run without the flood, or when the flood brings about more than one
# fetch of the keys per cooldown. Status 2: the machine was too busy to tell; figures are of the quiet
# moments.
#
# usage: Benchmarks/key-flood.sh [--quick] [--pipelined]
#   --quick      a few short windows, to see whether it works
#   --pipelined  the flood comes over one connection, 50 requests at once
# OSTIARY_BIN: the gateway to measure, an optimised build; without it, one is made from this source.
# KEY_FLOOD_BIN: the same for the program that measures.
# The gateway has processor 0 to itself and everything else runs on processor 1, so nothing else should
# run on the machine. Needs openssl, python3 and curl.
set -euo pipefail
gateway=${OSTIARY_BIN:+$(realpath "$OSTIARY_BIN")}
program=${KEY_FLOOD_BIN:+$(realpath "$KEY_FLOOD_BIN")}
# The gateway must not take this for a setting of its own, nor the port that hosting platforms set.
unset OSTIARY_BIN PORT
cd "$(dirname "$0")"

cooldown=30

say() { echo "key-flood: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

measure=()
for option; do
    case "$option" in
    --quick) measure+=(--pairs 5 --window 500) ;;
    --pipelined) measure+=(--pipelined) ;;
    *) fail "\`$option\` is not an option; see the head of this file" ;;
    esac
done
[ "$(nproc)" -ge 2 ] || fail "two processors are needed, one of them for the gateway alone"
for tool in openssl python3 curl taskset; do
    command -v "$tool" >/dev/null || fail "$tool is missing: Scripts/install-packages.sh $tool"
done

if [ -z "$gateway" ]; then
    say "building the gateway (the first time takes some minutes)"
    (cd .. && swift build -c release --product ostiary --scratch-path .build-release >&2)
    gateway=$PWD/../.build-release/release/ostiary
fi
if [ -z "$program" ]; then
    say "building key-flood"
    swift build -c release --product key-flood --scratch-path .build-bench >&2
    program=.build-bench/release/key-flood
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/ostiary-key-flood.XXXXXX")
processes=()
# shellcheck disable=SC2317 # it is called when this script ends
stop() {
    local status=$? process
    trap '' INT TERM HUP
    for process in "${processes[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
    for process in "${processes[@]}"; do wait "$process" 2>/dev/null || true; done
    rm -rf "$work"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

taskset --cpu-list --pid 1 $$ >/dev/null

# line FILE TEXT PROCESS: the first line of the file with the text, as soon as it is there.
line() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        grep -s -m 1 -- "$2" "$1" && return
        kill -0 "$3" 2>/dev/null || break
        sleep 0.1
    done
    cat "$1" >&2
    fail "no line \`$2\` has come"
}

# The issuer: an authority, a certificate for localhost, keys, and a server that publishes them.
new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
openssl req -x509 "${new_key[@]}" -days 2 -subj "/CN=benchmark authority" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
    -keyout "$work/authority.key" -out "$work/authority.pem" 2>"$work/openssl.log"
openssl req "${new_key[@]}" -subj "/CN=localhost" -keyout "$work/server.key" \
    -out "$work/server.csr" 2>"$work/openssl.log"
openssl x509 -req -in "$work/server.csr" -CA "$work/authority.pem" -CAkey "$work/authority.key" \
    -set_serial 1 -days 2 -out "$work/server.pem" 2>"$work/openssl.log" \
    -extfile <(printf '%s\n' "subjectAltName=DNS:localhost" "basicConstraints=critical,CA:FALSE")
"$gateway" keys generate --out "$work/signing.pem" --public "$work/jwks.json" >/dev/null

key_server=../Tests/TestSupport/KeyServer/key-server.py
python3 "$key_server" "$work/server.pem" "$work/server.key" 0 0 >"$work/key-server.log" 2>&1 &
processes+=($!)
read -r _ https_port _ control_port < <(line "$work/key-server.log" ready $!)
curl -sS --fail --max-time 10 -o /dev/null -X PUT --data @- "http://127.0.0.1:$control_port/jwks" <<JSON
{"body": "$(base64 -w0 <"$work/jwks.json")", "headers": [["Content-Type", "application/json"]]}
JSON

# The gateway.
upstream_port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
issuer=https://localhost:$https_port
cat >"$work/policy.yaml" <<YAML
version: 1
hosts: [app.test]
issuers:
  bench: {issuer: "$issuer", audience: [app], algorithms: [ES256]}
claims: {subject: sub, roles: {from: roles}}
roles: {viewer: {}}
defaults: {identity: {headers: {X-Auth-User: subject, X-Auth-Roles: roles}}}
routes:
  - {id: api, match: ANY /api/**, allow: {role: viewer}}
YAML
cat >"$work/ostiary.yaml" <<YAML
version: 1
listeners: ["127.0.0.1:0"]
public_url: http://app.test
upstreams: {app: {url: "http://127.0.0.1:$upstream_port"}}
policy: policy.yaml
data: $work/data
threads: 1
admin: {listener: "127.0.0.1:0"}
issuers:
  bench:
    jwks_url: $issuer/jwks
    ca: authority.pem
    allow_private_addresses: true
    cooldown: ${cooldown}s
log: {access: false}
YAML
# In a session of its own: where the system shares out time by sessions, ours, which never sleeps,
# would leave the gateway little.
setsid taskset --cpu-list 0 "$gateway" serve --config "$work/ostiary.yaml" >"$work/gateway.log" 2>&1 &
gateway_process=$!
processes+=("$gateway_process")
# port TEXT: the number of the address behind the text, which the gateway writes once it listens.
port() {
    line "$work/gateway.log" "$1" "$gateway_process" |
        sed -E "s/.*$1[^0-9]*127\.0\.0\.1:([0-9]+).*/\1/"
}
gateway_port=$(port "listening on")
admin_port=$(port "answering operators")
curl -sS --fail --max-time 10 --retry 50 --retry-delay 1 -o /dev/null \
    "http://127.0.0.1:$admin_port/readyz" || fail "the gateway has not got its keys"

(
    umask 077
    "$gateway" token mint --key "$work/signing.pem" --issuer "$issuer" --audience app --sub alice \
        --role viewer >"$work/token"
)
# Awaited, so that a signal to this script need not wait for its end.
"$program" --gateway "$gateway_port" --process "$gateway_process" --upstream "$upstream_port" \
    --key-server "$control_port" --token "$work/token" --cooldown "$cooldown" "${measure[@]}" &
processes+=($!)
status=0
wait $! || status=$?
[ "$status" = 0 ] || tail -n 5 "$work/gateway.log" >&2
exit "$status"
