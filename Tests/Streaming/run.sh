#!/usr/bin/env bash
# Streams events, uploads and large bodies through a gate, and looks at both of its ends: what arrives when,
# what arrives at all, and what the gate keeps of it in memory.
#
# usage: Tests/Streaming/run.sh [MIB [SLOW_MIB]] [--self-test] [--only=TEXT]
#   MIB: of the bodies that pass each way (256). SLOW_MIB: of those that somebody takes slowly (512).
#   --self-test: with a relay that does wrong in the gate's place; every check must fail then.
#   --only=TEXT: only checks whose name holds TEXT.
# OSTIARY_BIN: the program; without it, it is built.
# Needs Python 3 with venv; PyJWT comes from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! cmp -s Tests/Streaming/requirements.txt .build-streaming/installed.txt; then
    rm -rf .build-streaming
    python3 -m venv .build-streaming
    .build-streaming/bin/pip install --quiet --disable-pip-version-check \
        --requirement Tests/Streaming/requirements.txt
    cp Tests/Streaming/requirements.txt .build-streaming/installed.txt
fi
if [ -z "${OSTIARY_BIN:-}" ]; then
    swift build ${SWIFT_FLAGS:-} --product ostiary >&2
    OSTIARY_BIN="$(swift build ${SWIFT_FLAGS:-} --show-bin-path)/ostiary"
fi
export OSTIARY_BIN PYTHONDONTWRITEBYTECODE=1
exec .build-streaming/bin/python Tests/Streaming/check.py "$@"
