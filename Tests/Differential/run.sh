#!/usr/bin/env bash
# Judges corpora and mutated tokens by four libraries, and fails on a disagreement that nobody has
# explained.
#
# usage: Tests/Differential/run.sh [MUTANTS [SEED]]
#   MUTANTS: how many (1000). SEED: any number; a new one unless given, printed.
# OSTIARY_VECTORS: a folder of the public test vectors, which are judged too where it is set.
# DIFFERENTIAL_TABLE=FILE: writes the counts there as the table of docs/differential.md.
# Needs Python 3 with venv; PyJWT and joserfc come from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! cmp -s Tests/Differential/requirements.txt .build-differential/installed.txt; then
    rm -rf .build-differential
    python3 -m venv .build-differential
    .build-differential/bin/pip install --quiet --disable-pip-version-check \
        --requirement Tests/Differential/requirements.txt
    cp Tests/Differential/requirements.txt .build-differential/installed.txt
fi
swift build -c release --package-path Benchmarks --scratch-path Benchmarks/.build-bench \
    --product token-judge >&2
exec .build-differential/bin/python Tests/Differential/differential.py \
    --judge Benchmarks/.build-bench/release/token-judge --mutants "${1:-1000}" \
    --seed "${2:-$RANDOM$RANDOM}"
