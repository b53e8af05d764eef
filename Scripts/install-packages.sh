#!/usr/bin/env bash
# Installs the Debian packages that are missing, and nothing when none is.
#
# usage: Scripts/install-packages.sh PACKAGE…
set -euo pipefail

fail() {
    echo "install-packages: $*" >&2
    exit 1
}

[ $# -gt 0 ] || fail "name the packages to install"

if ! command -v dpkg-query >/dev/null; then
    fail "this is not a Debian system; install these by hand, under the names they have here: $*"
fi

missing=()
for package in "$@"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
        fail "missing: ${missing[*]}; neither root nor sudo is at hand, so install them as root:" \
            "apt-get install ${missing[*]}"
    as_root=(sudo)
fi

echo "install-packages: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq || fail "apt-get update failed; is there a network?"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    fail "apt-get could not install ${missing[*]}"
