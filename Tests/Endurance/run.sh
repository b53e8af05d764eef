#!/bin/sh
# Sends requests of all kinds through the gate, with clients that leave, an app that breaks off, dies and
# comes back, and checks every byte of every answer; at the end nothing may be left behind.
#
#   Tests/Endurance/run.sh [REQUESTS]     100000 unless said otherwise
#   Tests/Endurance/run.sh --self-test    shows that it would notice wrong, swapped and missing answers
#
# Needs gcc and python3. OSTIARY_BIN names another program than .build/debug/ostiary, SEED a run to
# repeat.
set -eu

folder=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
trap 'exit 1' INT TERM
for name in upstream load; do
    gcc -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o "$programs/$name" "$folder/programs/$name.c"
done
python3 "$folder/drive.py" "$programs" "${OSTIARY_BIN:-$folder/../../.build/debug/ostiary}" "$@"
