#!/usr/bin/env bash
# Feeds the parsers and checks that strangers' bytes reach with inputs that libFuzzer makes up, and
# fails where something crashes, hangs, grows, or turns out untrue.
#
# usage: Fuzz/run.sh [SECONDS [TARGET…]]
#   SECONDS: for all targets together (60). TARGET: see Tests/FuzzTargets/FuzzTarget.swift (all).
# What fails is kept in Fuzz/crashes/TARGET; commit it: the tests replay it from then on. What is
# found of interest stays in Fuzz/.build-fuzz/corpus and is where the next run begins.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
    echo "fuzz: $*" >&2
    exit 1
}

seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || fail "\`$seconds\` is no number of seconds"
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(base64url json header claims token jwks pem request answer chunked connection forward)

# As a flag of the manifest libFuzzer does not link; the program's main function is its own. The codec's
# parts are internal to its module: the targets import it as tests do.
swift build -c release --sanitize fuzzer --scratch-path .build-fuzz -Xswiftc -parse-as-library \
    -Xswiftc -enable-testing
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
each=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]}))
failed=()

for target in "${targets[@]}"; do
    seeds=$work/$target
    found=.build-fuzz/corpus/$target
    mkdir -p "$seeds" "$found" "corpus/$target" "crashes/$target"
    # (The time is that of a clock: on a machine that has other work, twenty seconds are few.)
    # A crash is to be told from the report, not from Swift's own, which takes its time.
    if ! SWIFT_BACKTRACE=enable=no FUZZ_TARGET=$target FUZZ_SEEDS=$seeds .build-fuzz/release/fuzz \
        -max_total_time="$each" -max_len=9000 -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=64 \
        -dict=dictionary.txt -print_final_stats=1 -artifact_prefix="crashes/$target/" \
        "$found" "$seeds" "corpus/$target" "crashes/$target" >"$work/log" 2>&1; then
        failed+=("$target")
        grep -vE '^#|NEW_FUNC|^INFO' "$work/log" | tail -n 40 >&2 || true
    fi
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
    peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$work/log")
    coverage=$(grep -o 'cov: [0-9]* ft: [0-9]*' "$work/log" | tail -n 1 || true)
    printf 'fuzz: %-10s %9s executions in %s s, %s, peak %s MiB\n' "$target" "${executions:-no}" \
        "$each" "${coverage:-cov: none}" "${peak:-?}"
    # Nothing executed would be a quiet way of finding nothing.
    [ "${executions:-0}" -gt 100 ] || failed+=("$target")
    rmdir "corpus/$target" "crashes/$target" 2>/dev/null || true
done

[ ${#failed[@]} -eq 0 ] || fail "failed: ${failed[*]}; see Fuzz/crashes"
