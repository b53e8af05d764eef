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
# (The help is read whole before it is searched: `grep -q` ends at the first match, and what writes
# into a closed pipe has failed.)
width=()
options=$(swift test --help-hidden)
if [[ $options == *--experimental-maximum-parallelization-width* ]]; then
    width=(--experimental-maximum-parallelization-width 6)
else
    echo "test: this Swift runs all tests at once; those with bounds in time may fail" >&2
fi

if ! swift test --disable-xctest "${width[@]}" "$@" 2>&1 | tee "$log"; then
    # Thousands of lines have passed since: what failed is said again, last.
    echo "test: failed:" >&2
    grep -E "^✘ Test .*(recorded an issue|failed after)|error:|[Ff]atal error" "$log" | sed -n 1,60p >&2 || true
    exit 1
fi
count=$(sed -n 's/.*Test run with \([0-9]*\) test.*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
if [ "$count" -eq 0 ]; then
    echo "test: no test ran" >&2
    exit 1
fi
echo "test: $count tests passed"
