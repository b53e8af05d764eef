#!/bin/sh
# What idle keep-alive connections cost the gate in memory, each after one request, over a base of as
# many as 100; then what 64 busy ones cost over that.
#
#   Benchmarks/idle-connections.sh [connections]
#
# Needs python3, and a limit of open files above the number of connections. OSTIARY_BIN names
# another program than .build/release/ostiary. Fails above 8 KiB for each idle one, or 16 MiB for the busy ones.
set -eu

count=${1:-10000}
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
ostiary=${OSTIARY_BIN:-$root/.build/release/ostiary}
# The gate takes what begins with OSTIARY_ for settings.
unset OSTIARY_BIN
ulimit -n "$((count + 1000))"
folder=$(mktemp -d)
gate= upstream=
finish() {
    for process in $gate $upstream; do kill "$process" 2>/dev/null || :; done
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

cat > "$folder/policy.yaml" <<'END'
version: 1
issuers: {local: {embedded: true}}
claims: {subject: sub, roles: roles}
roles: {viewer: {}}
routes:
  - {id: public, match: ANY /public/**, auth: public}
END
python3 "$root/Tests/SlowClients/upstream.py" "$folder/app.sock" &
upstream=$!
: > "$folder/log"
"$ostiary" serve --policy "$folder/policy.yaml" --upstream "unix:$folder/app.sock" \
    --set "data=$folder/data" --set "listeners=unix:$folder/gate.sock" --set public_url=http://a \
    --set log.access=false --set "limits.connections=$((count + 500))" --set timeouts.idle=1h \
    2> "$folder/log" &
gate=$!
for _ in $(seq 100); do
    grep -q 'listening on' "$folder/log" && [ -S "$folder/app.sock" ] && break
    sleep 0.1
done
python3 - "$folder/gate.sock" "$gate" "$count" <<'END'
import socket
import sys
import threading
import time

path, pid, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
REQUEST = b"GET /public/small HTTP/1.1\r\nHost: a\r\n\r\n"


def resident():
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def ask(client, name=b"small"):
    client.sendall(REQUEST.replace(b"small", name))
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    assert data.startswith(b"HTTP/1.1 200 "), data
    head, body = data.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    left = length - len(body)
    while left > 0:
        left -= len(client.recv(65536))


def connect():
    client = socket.socket(socket.AF_UNIX)
    while True:
        try:
            client.connect(path)
            return client
        except BlockingIOError:
            time.sleep(0.01)


def use(number):
    clients = [connect() for _ in range(number)]
    for client in clients:
        ask(client)
    time.sleep(1)
    return clients


clients = use(100)
base = resident()
clients += use(count)
idle = resident()
each = (idle - base) / count


def busy():
    client = connect()
    end = time.monotonic() + 5
    while time.monotonic() < end:
        ask(client, b"large")


threads = [threading.Thread(target=busy) for _ in range(64)]
most = 0
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    most = max(most, resident())
    time.sleep(0.05)
extra = most - idle
print(f"base {base >> 20} MiB; {count} idle: {each / 1024:.2f} KiB each; "
      f"64 busy: {extra / 2**20:.1f} MiB over that")
sys.exit(0 if each <= 8192 and extra <= 16 << 20 else 1)
END
