#!/usr/bin/env bash
# Speaks WebSocket through a gate, by hand and by two libraries of others, and compares what arrives with what
# was sent: handshakes, frames, ends, and many sockets at a time.
#
# usage: Tests/WebSocket/run.sh [CONNECTIONS] [--self-test] [--only=TEXT]
#   CONNECTIONS: how many at a time (1000).
#   --self-test: with a relay that does wrong in the gate's place; every check must fail then.
#   --only=TEXT: only checks whose name holds TEXT.
# OSTIARY_BIN: the program; without it, it is built.
# Needs Python 3 with venv; websockets, wsproto and PyJWT come from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! cmp -s Tests/WebSocket/requirements.txt .build-websocket/installed.txt; then
    rm -rf .build-websocket
    python3 -m venv .build-websocket
    .build-websocket/bin/pip install --quiet --disable-pip-version-check \
        --requirement Tests/WebSocket/requirements.txt
    cp Tests/WebSocket/requirements.txt .build-websocket/installed.txt
fi
if [ -z "${OSTIARY_BIN:-}" ]; then
    swift build ${SWIFT_FLAGS:-} --product ostiary >&2
    OSTIARY_BIN="$(swift build ${SWIFT_FLAGS:-} --show-bin-path)/ostiary"
fi
# The gate needs two descriptors for a socket, and so does this program.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
export OSTIARY_BIN PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PWD/Tests/Streaming"
exec .build-websocket/bin/python Tests/WebSocket/check.py "$@"
