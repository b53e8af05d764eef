#!/usr/bin/env bash
# Says what to do when there is no Swift, or one that is too old.
set -euo pipefail

need_major=6
need_minor=2
where="get Swift $need_major.$need_minor or later from https://www.swift.org/install/linux/"

if ! command -v swift >/dev/null; then
    echo "need-swift: \`swift\` is not in the PATH; $where" >&2
    exit 1
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | sed -n 1p)
major=${version%%.*}
minor=${version#*.}
if [ -z "$version" ] || [ "$major" -lt $need_major ] ||
    { [ "$major" -eq $need_major ] && [ "$minor" -lt $need_minor ]; }; then
    echo "need-swift: Swift ${version:-of an unknown version} is too old; $where" >&2
    exit 1
fi
