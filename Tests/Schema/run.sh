#!/usr/bin/env bash
# Asks a JSON Schema validator of others about our schemas: whether they are schemas at all, whether it
# judges a thousand files as the evaluator in our tests does, and whether the policies of this repository
# pass.
#
# usage: Tests/Schema/run.sh
# Needs Python 3 with venv; jsonschema and ruamel.yaml come from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! cmp -s Tests/Schema/requirements.txt .build-schema/installed.txt; then
    rm -rf .build-schema
    python3 -m venv .build-schema
    .build-schema/bin/pip install --quiet --disable-pip-version-check \
        --requirement Tests/Schema/requirements.txt
    cp Tests/Schema/requirements.txt .build-schema/installed.txt
fi
corpus=$(mktemp)
trap 'rm -f "$corpus"' EXIT
OSTIARY_SCHEMA_CORPUS=$corpus swift test ${SWIFT_FLAGS:-} --disable-xctest --filter PolicySchemaTests/corpus >&2
.build-schema/bin/python Tests/Schema/check.py "$corpus"
