#!/usr/bin/env bash
# Counts the instructions of what is promised to be cheap, and fails where a count exceeds its limit
# in instructions.limits by more than a twentieth. Counts repeat, where times do not.
#
# usage: Benchmarks/instructions.sh [--print]
#   --print: no comparison; prints the counts in the form of instructions.limits
# Needs Debian's valgrind.
set -euo pipefail
cd "$(dirname "$0")"

repetitions=50

fail() {
    echo "instructions: $*" >&2
    exit 1
}

[ "${1:-}" = --print ] || [ $# -eq 0 ] || fail "\`$1\` is not an option; see the head of this file"
command -v valgrind >/dev/null || fail "valgrind is missing: apt-get install valgrind"

for program in token-benchmark policy-benchmark; do
    swift build -c release --scratch-path .build-bench --product "$program" >&2
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Valgrind 3.19 does not understand the debug information; it needs the names of functions only.
for program in token-benchmark policy-benchmark; do
    strip --strip-debug -o "$work/$program" ".build-bench/release/$program"
done

# count PROGRAM SUBJECT…: a line for each with what one repetition takes. All are measured in one process,
# with one key, so that differences between them are exact.
count() {
    local program=$1
    shift
    rm -f "$work"/out*
    valgrind --tool=callgrind --collect-atstart=no --toggle-collect=measured_region \
        --dump-after=measured_region --callgrind-out-file="$work/out" \
        "$work/$program" --count "$repetitions" "$@" >"$work/log" 2>&1 ||
        { cat "$work/log" >&2; fail "the program failed"; }
    local number=0 subject total
    for subject in "$@"; do
        number=$((number + 1))
        total=$(sed -n 's/^totals: *//p' "$work/out.$number")
        [ "${total:-0}" -gt 0 ] || fail "callgrind counted nothing for \`$subject\`"
        echo "$subject $((total / repetitions))"
    done
}

# Of the whole and the bare verification, the difference: what we add to libcrypto's work.
above_bare() {
    count token-benchmark "verify/$1" "bare-prepared/$1" |
        awk -v name="above-bare/$1" 'NR == 1 { whole = $2 } NR == 2 { print name, whole - $2 }'
}

measure() {
    above_bare RS256
    above_bare ES256
    count token-benchmark verify/HS256
    count token-benchmark cache-hit/ES256 garbage/ES256/{bytes,one-part,noise-in-three-parts,wide-header} \
        garbage/ES256/{escapes-in-the-header,long-kid,payload-of-noise,payload-without-an-issuer} \
        garbage/ES256/{issuer-behind-a-long-claim,unknown-kid,signature-of-a-wrong-length}
    count policy-benchmark decision/{10,1000,10000}/{plain,escaped}
}

if [ "${1:-}" = --print ]; then
    measure
    exit
fi
measure >"$work/counts"
awk '
    FNR == NR { if ($1 !~ /^#/) limit[$1] = $2; next }
    !($1 in limit) { print "instructions: " $1 ": no limit; " $2 " measured"; bad = 1; next }
    { share = $2 / limit[$1]; word = "ok"
      if (share > 1.05) { word = "TOO MANY"; bad = 1 }
      else if (share < 0.90) word = "ok; the limit can be lowered"
      printf "instructions: %-42s %8d of %8d  %s\n", $1, $2, limit[$1], word
      delete limit[$1] }
    END { for (name in limit) { print "instructions: " name ": not measured"; bad = 1 }; exit bad }
' instructions.limits "$work/counts"
