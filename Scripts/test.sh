#!/usr/bin/env bash
# Runs all tests and fails when one fails, or when none ran: a filter or a broken target that
# matches nothing "passes" too.
#
# usage: Scripts/test.sh [ARGUMENTS OF swift test]
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# All tests at once would wait for each other's threads: every `await` of one goes to the end of a
# queue of a thousand. A few at a time take no longer, and none of them waits.
width=()
if swift test --help-hidden | grep -q -- --experimental-maximum-parallelization-width; then
    width=(--experimental-maximum-parallelization-width 6)
fi

if ! swift test --disable-xctest "${width[@]}" "$@" 2>&1 | tee "$log"; then
    echo "test: failed" >&2
    exit 1
fi
count=$(sed -n 's/.*Test run with \([0-9]*\) test.*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
if [ "$count" -eq 0 ]; then
    echo "test: no test ran" >&2
    exit 1
fi
echo "test: $count tests passed"
