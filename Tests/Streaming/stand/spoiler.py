"""In the gate's place, a relay that does one thing wrong: the checks that are about that thing must fail.

usage: spoiler.py HARM LISTENER UPSTREAM
  plain    passes everything on at once, and asks nobody for a token: as if there were no gate
  flip     changes one bit, each way, behind the first head
  late     passes everything on 0.4 s later
  hold     passes on what it has read when there are 64 KiB of it, or at the end
  deaf     does not pass the end of a connection on
  hoard    reads as fast as it can, whoever takes what it has read
  cut      ends the connection when the first bytes come behind the first head of the app
"""

import os
import queue
import socket
import struct
import sys
import threading
import time

harm, listener, upstream = sys.argv[1:]


def connect():
    if upstream.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(upstream[5:])
        return connection
    return socket.create_connection(("127.0.0.1", int(upstream.rpartition(":")[2])))


class Direction:
    """The bytes of one direction, and what is done to them."""

    def __init__(self, source, sink, from_app):
        self.source, self.sink, self.from_app = source, sink, from_app
        self.seen, self.done = b"", False
        self.queue = queue.Queue(0 if harm == "hoard" else 4)

    def start(self):
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.write, daemon=True).start()

    def read(self):
        try:
            while data := self.source.recv(1 << 16):
                self.queue.put((time.monotonic(), data))
            self.queue.put((0, "end"))
        except OSError:
            self.queue.put((0, "reset"))

    def write(self):
        held, has_begun = b"", False
        try:
            while True:
                at, data = self.queue.get()
                if data in ("end", "reset"):
                    self.sink.sendall(held)
                    self.end(data)
                    return
                data = self.spoil(data)
                if harm == "hoard" and not has_begun:
                    has_begun = True
                    time.sleep(0.5)
                if harm == "hold":
                    held += data
                    if len(held) < 65536:
                        continue
                    data, held = held, b""
                if harm == "late":
                    time.sleep(max(0, at + 0.4 - time.monotonic()))
                self.sink.sendall(data)
        except OSError:
            if harm != "deaf":
                self.abort()

    def spoil(self, data):
        if harm not in ("flip", "cut") or self.done:
            return data
        before = len(self.seen)
        self.seen += data
        at = self.seen.find(b"\r\n\r\n")
        if at < 0 or len(self.seen) == at + 4:
            return data
        self.done = True
        at = at + 4 - before
        if harm == "flip":
            return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
        if self.from_app:
            self.abort()
        return data

    def end(self, how):
        if harm == "deaf":
            return
        if how == "reset":
            self.abort()
        else:
            self.sink.shutdown(socket.SHUT_WR)

    def abort(self):
        for end in (self.source, self.sink):
            try:
                if end.family != socket.AF_UNIX:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
                end.close()
            except OSError:
                pass


if listener.startswith("unix:"):
    accepting = socket.socket(socket.AF_UNIX)
    accepting.bind(listener[5:])
    accepting.listen(1024)
else:
    accepting = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(f"listening on http://127.0.0.1:{accepting.getsockname()[1]}", flush=True)
# Handlers of signals have no place in a relay: who is told to stop stops.
while True:
    client, _ = accepting.accept()
    try:
        app = connect()
    except OSError:
        client.close()
        continue
    for end in (client, app):
        if end.family != socket.AF_UNIX:
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    Direction(client, app, False).start()
    Direction(app, client, True).start()
