#!/usr/bin/env bash
# Runs the example app of examples/assertion behind a gateway: whether its verifier, which is built on a library
# of others, believes what the gateway signs and nothing else.
#
# usage: Tests/Assertion/run.sh
# Needs Python 3 with venv; PyJWT comes from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! cmp -s Tests/Assertion/requirements.txt .build-assertion/installed.txt; then
    rm -rf .build-assertion
    python3 -m venv .build-assertion
    .build-assertion/bin/pip install --quiet --disable-pip-version-check \
        --requirement Tests/Assertion/requirements.txt
    cp Tests/Assertion/requirements.txt .build-assertion/installed.txt
fi
swift build ${SWIFT_FLAGS:-} --product ostiary >&2
PYTHONDONTWRITEBYTECODE=1 OSTIARY="$(swift build ${SWIFT_FLAGS:-} --show-bin-path)/ostiary" \
    exec .build-assertion/bin/python -m unittest --quiet Tests/Assertion/check.py
