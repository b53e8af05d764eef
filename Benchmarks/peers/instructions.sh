#!/usr/bin/env bash
# Counts the instructions that the gateway spends on a request, in user space and from the first byte to the
# last, and fails where a count exceeds its limit in instructions.limits by more than a twentieth. Counts
# repeat within a hundredth, where times do not.
#
# usage: Benchmarks/peers/instructions.sh [--print]
#   --print: no comparison; prints the counts in the form of instructions.limits
# OSTIARY_BIN: the gateway to measure, an optimised build with --static-swift-stdlib; without it, one is built.
# Needs Debian's valgrind and gcc.
set -euo pipefail
gateway=${OSTIARY_BIN:+$(realpath "$OSTIARY_BIN")}
# The gateway must not take this for a setting of its own, nor the port that hosting platforms set.
unset OSTIARY_BIN PORT
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)

few=300
many=2300

fail() {
    echo "instructions: $*" >&2
    exit 1
}

[ "${1:-}" = --print ] || [ $# -eq 0 ] || fail "\`$1\` is not an option; see the head of this file"
for tool in valgrind gcc python3; do
    command -v "$tool" >/dev/null || fail "$tool is missing: apt-get install $tool"
done

if [ -z "$gateway" ]; then
    swift build -c release --static-swift-stdlib --product ostiary --package-path "$repository" \
        --scratch-path "$repository/.build-static" >&2
    gateway=$repository/.build-static/release/ostiary
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/ostiary-instructions.XXXXXX")
processes=()
# shellcheck disable=SC2317 # it is called when this script ends
stop() {
    local status=$? process
    for process in "${processes[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
    for process in "${processes[@]}"; do wait "$process" 2>/dev/null || true; done
    rm -rf "$work"
    exit "$status"
}
trap stop EXIT

for program in upstream load; do
    gcc -O2 -o "$work/$program" "$here/programs/$program.c"
done
# Valgrind 3.19 does not understand the debug information; it needs none.
strip --strip-debug -o "$work/ostiary" "$gateway"

free_port() { python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

upstream_port=$(free_port)
"$work/upstream" "$upstream_port" &
processes+=($!)

"$work/ostiary" keys generate --out "$work/signing.pem" --public "$work/jwks.json" >/dev/null
(
    umask 077
    "$work/ostiary" token mint --key "$work/signing.pem" --issuer https://issuer.example --audience api --sub alice \
        --role admin >"$work/token"
)
sed -e "s/@ALGORITHM@/ES256/" -e "s/@ASSERTION@//" "$here/configurations/policy.yaml" >"$work/policy.yaml"

# serve OPEN TOKEN: sets `counted` to how many instructions the gateway takes to start, to serve that many
# requests for a public route and that many with one token, and to end.
serve() {
    local port gateway_process tries
    port=$(free_port)
    sed -e "s/@PORT@/$port/" -e "s/@UPSTREAM@/$upstream_port/" -e "s|@KEYS@|$work|" \
        "$here/configurations/ostiary.yaml" >"$work/ostiary.yaml"
    (cd "$work" && exec valgrind --tool=callgrind --callgrind-out-file="$work/out" ./ostiary serve \
        --config ostiary.yaml) >"$work/log" 2>&1 &
    gateway_process=$!
    processes+=("$gateway_process")
    for ((tries = 0; tries < 1200; tries++)); do
        grep -q "listening on" "$work/log" && break
        kill -0 "$gateway_process" 2>/dev/null || fail "the gateway did not start: $(tail -n 5 "$work/log")"
        sleep 0.1
    done
    load "$port" --requests "$1" --path /open/orders
    load "$port" --requests "$2" --path /api/orders --tokens "$work/token"
    kill -TERM "$gateway_process"
    wait "$gateway_process" || fail "the gateway failed: $(tail -n 5 "$work/log")"
    counted=$(sed -n 's/^totals: *//p' "$work/out")
    [ "${counted:-0}" -gt 0 ] || fail "callgrind counted nothing"
}

load() {
    local outcome
    outcome=$("$work/load" "$@" --connections 1) || fail "the gateway does not answer"
    [[ $outcome == *'"bad_status": 0, "bad_body": 0, "broken": 0'* ]] || fail "wrong answers: $outcome"
}

serve "$few" "$few"
base=$counted
serve "$many" "$few"
echo "request/public $(((counted - base) / (many - few)))" >"$work/counts"
serve "$few" "$many"
echo "request/one-ES256-token $(((counted - base) / (many - few)))" >>"$work/counts"

if [ "${1:-}" = --print ]; then
    cat "$work/counts"
    exit
fi
awk '
    FNR == NR { if ($1 !~ /^#/) limit[$1] = $2; next }
    !($1 in limit) { print "instructions: " $1 ": no limit; " $2 " measured"; bad = 1; next }
    { share = $2 / limit[$1]; word = "ok"
      if (share > 1.05) { word = "TOO MANY"; bad = 1 }
      else if (share < 0.90) word = "ok; the limit can be lowered"
      printf "instructions: %-42s %8d of %8d  %s\n", $1, $2, limit[$1], word
      delete limit[$1] }
    END { for (name in limit) { print "instructions: " name ": not measured"; bad = 1 }; exit bad }
' "$here/instructions.limits" "$work/counts"
