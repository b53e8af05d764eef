#!/bin/sh
# Attacks the gate with slowhttptest in its four modes (slow heads, slow bodies, overlapping ranges,
# slow reading), and asks all the while, as somebody else: every answer must be 200, and soon.
#
#   Tests/SlowClients/run.sh [seconds for each mode]
#
# Needs slowhttptest and python3 (Debian: apt-get install -y slowhttptest python3). OSTIARY_BIN
# names another program than .build/debug/ostiary.
set -eu

seconds=${1:-15}
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
ostiary=${OSTIARY_BIN:-$root/.build/debug/ostiary}
# The gate takes what begins with OSTIARY_ for settings.
unset OSTIARY_BIN
command -v slowhttptest >/dev/null || { echo "slowhttptest is not installed" >&2; exit 69; }

folder=$(mktemp -d)
gate= upstream=
finish() {
    for process in $gate $upstream; do kill "$process" 2>/dev/null || :; done
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

cat > "$folder/policy.yaml" <<'END'
version: 1
issuers: {local: {embedded: true}}
claims: {subject: sub, roles: roles}
roles: {viewer: {}}
routes:
  - {id: public, match: ANY /public/**, auth: public}
END
python3 "$root/Tests/SlowClients/upstream.py" "$folder/app.sock" &
upstream=$!
# Short times, so that the run sees both the attack and its end.
"$ostiary" serve --policy "$folder/policy.yaml" --upstream "unix:$folder/app.sock" \
    --set "data=$folder/data" --set listeners=127.0.0.1:0 --set log.access=false \
    --set timeouts.request_head=4s --set timeouts.stream_idle=5s --set timeouts.idle=5s \
    2> "$folder/log" &
gate=$!
: >> "$folder/log"
port=
for _ in $(seq 100); do
    port=$(sed -n 's|.*listening on http://127.0.0.1:\([0-9]*\).*|\1|p' "$folder/log")
    [ -z "$port" ] || [ ! -S "$folder/app.sock" ] || break
    sleep 0.1
done
[ -n "$port" ] || { cat "$folder/log" >&2; echo "the gate does not listen" >&2; exit 1; }
url="http://127.0.0.1:$port/public"

failed=0
attack() {
    name=$1
    shift
    slowhttptest "$@" -c 600 -r 200 -l "$seconds" -p 3 > "$folder/attack" 2>&1 &
    attacker=$!
    python3 "$root/Tests/SlowClients/witness.py" "$port" "$gate" "$seconds" "$name" || failed=1
    wait "$attacker" 2>/dev/null || :
    # An attack that did not take place proves nothing.
    sed -i 's/\x1b\[[0-9;]*[mHJ]//g' "$folder/attack"
    grep -aqE '^(connected|closed): +[1-9]|No open connections left' "$folder/attack" \
        || { echo "$name: slowhttptest did not run" >&2; tail -5 "$folder/attack" >&2; failed=1; }
}

attack "slow heads" -H -i 1 -u "$url/small"
attack "slow bodies" -B -i 1 -s 8192 -x 8 -u "$url/small"
attack "ranges" -R -a 1 -b 3000 -u "$url/small"
attack "slow reading" -X -w 512 -y 1024 -n 1 -z 32 -k 3 -u "$url/large"

kill -0 "$gate" || { echo "the gate has died" >&2; failed=1; }
exit $failed
