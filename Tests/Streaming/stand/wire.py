"""Sockets as checks use them: every wait has an end, and bytes are what they are."""

import select
import socket
import struct
import time

#: Seconds, where nothing else is said. What takes longer has not happened.
PATIENCE = 15.0


class Silence(Exception):
    """What was waited for did not come."""


class Ended(Exception):
    """The other side has ended the connection; `how` is `end` or `reset`."""

    def __init__(self, how):
        super().__init__(f"the connection has ended ({how})")
        self.how = how


class Head:
    """A request's or an answer's head, its names in lower case."""

    def __init__(self, raw):
        self.raw = raw
        lines = raw.decode("latin-1").split("\r\n")
        self.first = lines[0]
        self.fields = [
            (name.lower(), value.strip(" \t"))
            for name, _, value in (line.partition(":") for line in lines[1:] if line)
        ]
        parts = self.first.split(" ", 2)
        self.status = int(parts[1]) if parts[0].startswith("HTTP/") else None
        self.method = None if self.status else parts[0]
        self.path = None if self.status else parts[1].partition("?")[0]

    def values(self, name):
        return [value for known, value in self.fields if known == name]

    def value(self, name):
        values = self.values(name)
        return values[0] if len(values) == 1 else None


class Wire:
    """One connection, of either side of the gate."""

    def __init__(self, connection, buffer=b""):
        self.socket = connection
        self.buffer = bytearray(buffer)
        if connection.family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @classmethod
    def connect(cls, address, receive_buffer=None):
        """`address` is a port of 127.0.0.1, or the path of a Unix socket."""
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        connection = socket.socket(family)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(PATIENCE)
        connection.connect(address if family == socket.AF_UNIX else ("127.0.0.1", address))
        return cls(connection)

    # Sending

    def send(self, data, patience=None):
        self.socket.settimeout(patience or PATIENCE)
        try:
            self.socket.sendall(data)
        except socket.timeout:
            raise Silence("nobody takes what is sent") from None
        except OSError:
            raise Ended("reset") from None

    def send_pieces(self, data, size):
        for start in range(0, len(data), size):
            self.send(data[start:start + size])

    def send_what_fits(self, data, pause):
        """How much goes out until for `pause` seconds nobody takes any more."""
        self.socket.setblocking(False)
        view, sent = memoryview(data), 0
        while sent < len(view) and select.select([], [self.socket], [], pause)[1]:
            sent += self.socket.send(view[sent:sent + 65536])
        return sent

    # Receiving

    def receive(self, patience=None, most=1 << 18):
        """The next bytes, whatever they are."""
        if self.buffer:
            data = bytes(self.buffer[:most])
            del self.buffer[:most]
            return data
        patience = patience or PATIENCE
        self.socket.settimeout(patience)
        try:
            data = self.socket.recv(most)
        except socket.timeout:
            raise Silence(f"nothing has come for {patience:.1f} s") from None
        except OSError:
            raise Ended("reset") from None
        if not data:
            raise Ended("end")
        return data

    def _until(self, has_come, patience):
        limit = time.monotonic() + (patience or PATIENCE)
        kept = bytearray()
        while (count := has_come(kept)) is None:
            kept += self.receive(max(0.001, limit - time.monotonic()))
        self.buffer[:0] = kept[count:]
        return bytes(kept[:count])

    def exactly(self, count, patience=None):
        return self._until(lambda kept: count if len(kept) >= count else None, patience)

    def line(self, patience=None):
        def end(kept):
            at = kept.find(b"\r\n")
            return at + 2 if at >= 0 else None

        return self._until(end, patience)[:-2]

    def head(self, patience=None):
        def end(kept):
            at = kept.find(b"\r\n\r\n")
            return at + 4 if at >= 0 else None

        return Head(self._until(end, patience)[:-4])

    def chunk(self, patience=None):
        """The next chunk's data; the last one's is empty, and its trailers are still to be read."""
        size = int(self.line(patience).partition(b";")[0], 16)
        if size == 0:
            return b""
        return self.exactly(size + 2, patience)[:-2]

    def trailers(self, patience=None):
        """What follows the last chunk."""
        fields = []
        while line := self.line(patience):
            name, _, value = line.decode("latin-1").partition(":")
            fields.append((name.lower(), value.strip()))
        return fields

    def body(self, head, patience=None):
        """The body of an answer that has one, as told by its head."""
        if head.value("content-length"):
            return self.exactly(int(head.value("content-length")), patience)
        if "chunked" in head.values("transfer-encoding"):
            pieces = []
            while piece := self.chunk(patience):
                pieces.append(piece)
            self.trailers(patience)
            return b"".join(pieces)
        return self.rest(patience)[0]

    def rest(self, patience=None):
        """All up to the end, and how it ended."""
        pieces = []
        while True:
            try:
                pieces.append(self.receive(patience))
            except Ended as end:
                return b"".join(pieces), end.how

    def says_nothing_for(self, seconds):
        """Whether neither a byte nor an end comes."""
        if self.buffer:
            return False
        return not select.select([self.socket], [], [], seconds)[0]

    # Ending

    def finish(self):
        """Ends this side only."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.socket.close()

    def reset(self):
        """As if the process had died; a Unix socket knows no more than an end."""
        if self.socket.family != socket.AF_UNIX:
            self.socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
