"""The same by two libraries of others, each on both sides; what they send and receive is recorded."""

import contextlib
import itertools
import os
import socket
import threading
import types

import websockets.exceptions
import websockets.frames
import websockets.sync.client
import websockets.sync.server
import wsproto
import wsproto.events as events
import wsproto.extensions
import wsproto.frame_protocol
import wsproto.utilities

from frames import MASK
from stand import wire
from stand.gate import HOST
from stand.report import check, expect

SILENT = ["websocket.ping_interval=0s"]
SIZES = (0, 1, 125, 126, 65535, 65536, 1 << 20)
# Random masks would make two runs differ.
websockets.frames.secrets = types.SimpleNamespace(token_bytes=lambda _: MASK)
wsproto.frame_protocol.os = types.SimpleNamespace(urandom=lambda _: MASK)


class Recorder(socket.socket):
    """A socket that keeps what goes through it."""

    def begin(self):
        self.sent, self.received = bytearray(), bytearray()
        if self.family != socket.AF_UNIX:
            self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def sendall(self, data, *flags):
        super().sendall(data, *flags)
        self.sent += data

    def recv(self, *arguments):
        data = super().recv(*arguments)
        self.received += data
        return data

    def frames(self):
        """Behind the heads: what was sent, and what was received."""
        return tuple(bytes(data).partition(b"\r\n\r\n")[2] for data in (self.sent, self.received))


class Listener(socket.socket):
    """An app's listening socket, whose connections are recorders."""

    numbers = itertools.count()

    @classmethod
    def open(cls, folder, transport):
        if transport == "unix":
            listener = cls(socket.AF_UNIX)
            path = os.path.join(folder, f"listener{next(cls.numbers)}.sock")
            listener.bind(path)
            listener.url, listener.to = f"unix:{path}", path
        else:
            listener = cls(socket.AF_INET)
            listener.bind(("127.0.0.1", 0))
            listener.to = listener.getsockname()
            listener.url = f"http://127.0.0.1:{listener.to[1]}"
        listener.listen(16)
        listener.accepted = []
        return listener

    def accept(self):
        descriptor, address = self._accept()
        recorder = Recorder(self.family, self.type, self.proto, descriptor).begin()
        self.accepted.append(recorder)
        return recorder, address


def connected(to):
    recorder = Recorder(socket.AF_UNIX if isinstance(to, str) else socket.AF_INET).begin()
    recorder.settimeout(wire.PATIENCE)
    recorder.connect(to)
    return recorder


def compare(scene, serve, talk):
    """Lets `talk` use a connection to `serve`, without and with the gate."""
    listener = Listener.open(os.path.dirname(scene.issuer.file), scene.transport)
    stop = serve(listener)
    try:
        gate = scene.before(listener)
        through = gate.address if scene.transport == "unix" else ("127.0.0.1", gate.address)
        seen = []
        for to in (listener.to, through):
            client = connected(to)
            with client:
                talked = talk(client)
                app = listener.accepted[-1]
                seen.append((talked, *client.frames(), *app.frames()))
        without, with_gate = seen
        expect(without[1] == without[4] and without[2] == without[3], "not even without a gate")
        for name, before, after in zip(
                ("what was agreed on", "what the client sent", "what the client has received",
                 "what the app sent", "what the app has received"), without, with_gate):
            expect(before == after, f"{name} differs: {before[:200]!r} and {after[:200]!r}")
        return len(without[1]) + len(without[2])
    finally:
        stop()


# websockets


def serve_websockets(compression):
    def handler(connection):
        with contextlib.suppress(websockets.exceptions.ConnectionClosed):
            for message in connection:
                if message == "fragments":
                    connection.send(["frag", "men", "", "ts"])
                elif message == "ping":
                    connection.ping(b"of the app").wait(wire.PATIENCE)
                    connection.send("pong")
                elif message == "close":
                    connection.close(4000, "genug für heute")
                else:
                    connection.send(message)

    def serve(listener):
        server = websockets.sync.server.serve(
            handler, sock=listener, compression=compression, subprotocols=["other", "chat"],
            max_size=None, ping_interval=None)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.shutdown

    return serve


def talk_websockets(scene, compression, by_client):
    def talk(client):
        connection = websockets.sync.client.connect(
            f"ws://{HOST}/ws/library", sock=client, compression=compression, proxy=None,
            subprotocols=["chat"], max_size=None, ping_interval=None,
            additional_headers={"Authorization": f"Bearer {scene.issuer.token()}"})

        def echoed(message):
            connection.send(message)
            answer = connection.recv(wire.PATIENCE)
            whole = message if isinstance(message, (str, bytes)) else type(answer)().join(message)
            expect(answer == whole, "another echo")

        for size in SIZES:
            echoed("ü" * (size // 2) + "u" * (size % 2))
            echoed((bytes(range(256)) * (size // 256 + 1))[:size])
        echoed(["a text ", "in ", "", "fragments"])
        echoed([b"and", b"", b"bytes" * 20000])
        for payload in (b"", b"x", b"y" * 125):
            expect(connection.ping(payload).wait(wire.PATIENCE), "no pong")
        connection.pong(b"nobody asked")
        for wish, answer in (("fragments", "fragments"), ("ping", "pong")):
            connection.send(wish)
            expect(connection.recv(wire.PATIENCE) == (
                "fragments" if wish == "fragments" else answer), "another answer")
        if by_client:
            connection.close(3001, "bis später")
        else:
            connection.send("close")
            try:
                connection.recv(wire.PATIENCE)
            except websockets.exceptions.ConnectionClosed:
                pass
        expect(connection.close_code == (3001 if by_client else 4000), "another code")
        return (connection.subprotocol, str(connection.protocol.extensions),
                connection.close_code, connection.close_reason)

    return talk


@check("what `websockets` sends is the same with and without the gate", "flip", SILENT)
def by_websockets(scene):
    count = total = 0
    for compression in (None, "deflate"):
        for by_client in (True, False):
            total += compare(scene, serve_websockets(compression),
                             talk_websockets(scene, compression, by_client))
            count += 1
    return f"{count} conversations, {total >> 10} KiB, plain and compressed, subprotocol agreed on"


# wsproto


class End:
    """A connection driven by wsproto."""

    def __init__(self, connection, kind):
        self.socket, self.state, self._events = connection, wsproto.WSConnection(kind), []

    def send(self, *what):
        for event in what:
            self.socket.sendall(self.state.send(event))

    def next(self):
        while not self._events:
            self.socket.settimeout(wire.PATIENCE)
            data = self.socket.recv(65536)
            self.state.receive_data(data or None)
            for event in self.state.events():
                if isinstance(event, events.Ping):
                    self.socket.sendall(self.state.send(event.response()))
                self._events.append(event)
        return self._events.pop(0)

    def message(self):
        """The next message, as a whole, or another event."""
        parts = []
        while True:
            event = self.next()
            if isinstance(event, events.Message):
                parts.append(event.data)
                if event.message_finished:
                    return type(event.data)().join(parts)
            elif not isinstance(event, (events.Ping, events.Pong)):
                return event


def serve_wsproto(extensions):
    def attend(connection):
        end = End(connection, wsproto.ConnectionType.SERVER)
        try:
            request = end.next()
            agreed = extensions()
            end.send(events.AcceptConnection(
                subprotocol=request.subprotocols[-1], extensions=agreed))
            between = [] if agreed else [events.Ping(b"within")]
            while True:
                message = end.message()
                if isinstance(message, events.CloseConnection):
                    end.send(message.response())
                    break
                if message == "close":
                    end.send(events.CloseConnection(code=4001, reason="genug"))
                    end.message()
                    break
                kind = events.TextMessage if isinstance(message, str) else events.BytesMessage
                half = len(message) // 2
                end.send(kind(message[:half], message_finished=False), *between,
                         kind(message[half:]))
        except (OSError, wsproto.utilities.ProtocolError):
            pass
        finally:
            connection.close()

    def accept(listener):
        try:
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=attend, args=[connection], daemon=True).start()
        except OSError:
            pass

    def serve(listener):
        threading.Thread(target=accept, args=[listener], daemon=True).start()
        return listener.close

    return serve


def talk_wsproto(scene, extensions, by_client):
    def talk(client):
        end = End(client, wsproto.ConnectionType.CLIENT)
        end.send(events.Request(
            host=HOST, target="/ws/library", subprotocols=["one", "two"], extensions=extensions(),
            extra_headers=[(b"Authorization", b"Bearer " + scene.issuer.token().encode())]))
        accepted = end.next()
        expect(isinstance(accepted, events.AcceptConnection), f"{accepted}")
        # Compressed, wsproto loses its place at a control frame between fragments, without a gate too.
        between = [] if accepted.extensions else [events.Pong(b"unasked")]
        for size in SIZES[3:] if accepted.extensions else SIZES:
            for message in ("ü" * (size // 2), bytes(range(256)) * (size // 256 + 1)):
                kind = events.TextMessage if isinstance(message, str) else events.BytesMessage
                end.send(kind(message[:10], message_finished=False), *between, kind(message[10:]))
                expect(end.message() == message, "another echo")
        if by_client:
            end.send(events.CloseConnection(code=1000, reason="bis später"))
        else:
            end.send(events.TextMessage("close"))
        last = end.message()
        expect(isinstance(last, events.CloseConnection), f"{last}")
        if not by_client:
            end.send(last.response())
        while client.recv(4096):
            pass
        return accepted.subprotocol, str(accepted.extensions), last.code, last.reason

    return talk


@check("so is what `wsproto` sends", "flip", SILENT)
def by_wsproto(scene):
    count = total = 0
    for extensions in (list, lambda: [wsproto.extensions.PerMessageDeflate()]):
        for by_client in (True, False):
            total += compare(scene, serve_wsproto(extensions),
                             talk_wsproto(scene, extensions, by_client))
            count += 1
    return f"{count} conversations, {total >> 10} KiB, plain and compressed, subprotocol agreed on"
