"""What the gate keeps of large bodies: next to nothing, however slowly somebody takes them."""

import hashlib
import threading
import time

from stand.report import check, expect

PIECE = bytes(range(256)) * 1024
#: How much the gate may grow while a body passes.
MOST = 16 << 20
#: How much a sender may get rid of that nobody reads: buffers of the kernel, of four sockets.
AHEAD = 32 << 20


def warm_up(scene):
    """A first exchange with a body of some size, so that what is needed once is there."""
    with scene.connect() as client:
        client.send(scene.request("POST", "/app/warm", f"Content-Length: {4 << 20}"))
        Sender(client, 4 << 20)
        visit = scene.app.visit("/app/warm")
        visit.exactly(4 << 20)
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (4 << 20))
        Sender(visit, 4 << 20)
        client.body(client.head())
        visit.over()
    scene.gate.forget_most()
    return scene.gate.resident()


class Sender:
    """Sends many bytes in a thread of its own, and knows how many, and their hash."""

    def __init__(self, wire, size, frame=lambda piece: piece, end=b""):
        self.sent, self.hash, self.error = 0, hashlib.sha256(), None
        self._wire, self._size, self._frame, self._end = wire, size, frame, end
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        number = 0
        try:
            while self.sent < self._size:
                # No two pieces are the same, so that none can stand for another.
                piece = number.to_bytes(8, "big") + PIECE[8:]
                self._wire.send(self._frame(piece), patience=120)
                self.hash.update(piece)
                self.sent += len(piece)
                number += 1
            self._wire.send(self._end)
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def join(self):
        self._thread.join(120)
        expect(self.error is None, f"the sender has failed: {self.error}")


def take(wire, size, slowly=0):
    """Reads `size` bytes: nothing for 3 s, a little for `slowly` seconds, and then the rest."""
    digest, count = hashlib.sha256(), 0

    def some(most):
        nonlocal count
        data = wire.receive(patience=30, most=min(most, size - count))
        digest.update(data)
        count += len(data)

    end = time.monotonic() + slowly
    while time.monotonic() < end and count < size:
        some(4096)
        time.sleep(0.005)
    while count < size:
        some(1 << 18)
    return digest.hexdigest()


def speed(size, seconds):
    return f"{size >> 20} MiB, {size / seconds / 1e6:.0f} MB/s"


def grown(scene, before):
    growth = max(0, scene.gate.most_resident() - before)
    expect(growth <= MOST, f"the gate has grown by {growth / (1 << 20):.1f} MiB")
    return f"memory +{growth / (1 << 20):.1f} MiB over {before / (1 << 20):.1f}"


@check("a slow reader of a large answer does not fill the gate's memory", "hoard", alone=True)
def slow_reader(scene):
    size, before = scene.options["slow_size"], warm_up(scene)
    with scene.connect(receive_buffer=1 << 16) as client:
        client.send(scene.request("GET", "/app/slow-reader"))
        visit = scene.app.visit("/app/slow-reader")
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        sender = Sender(visit, size)
        head = client.head()
        expect(head.value("content-length") == str(size), head.first)
        time.sleep(3)
        ahead = sender.sent
        # The app is not read ahead of the client, but for what systems' buffers hold.
        expect(ahead < AHEAD, f"the app has got rid of {ahead >> 20} MiB that nobody reads")
        digest = take(client, size, slowly=3)
        sender.join()
        expect(digest == sender.hash.hexdigest(), "another body")
        visit.over()
    return f"{size >> 20} MiB, {ahead >> 10} KiB ahead of the reader, {grown(scene, before)}"


@check("an app that reads an upload slowly does not fill it either", "hoard", alone=True)
def slow_app(scene):
    size, before = scene.options["slow_size"], warm_up(scene)
    with scene.connect() as client:
        client.send(scene.request("POST", "/app/slow-app", f"Content-Length: {size}"))
        sender = Sender(client, size)
        visit = scene.app.visit("/app/slow-app")
        time.sleep(3)
        ahead = sender.sent
        expect(ahead < AHEAD, f"the client has got rid of {ahead >> 20} MiB that nobody reads")
        digest = take(visit, size, slowly=3)
        sender.join()
        expect(digest == sender.hash.hexdigest(), "another body")
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        head = client.head()
        expect(head.status == 200 and client.body(head) == b"ok", head.first)
        visit.over()
    return f"{size >> 20} MiB, {ahead >> 10} KiB ahead of the app, {grown(scene, before)}"


@check("a slow reader of chunks does not fill it", "hoard", alone=True)
def slow_chunks(scene):
    size, before = scene.options["slow_size"] // 4, warm_up(scene)
    with scene.connect(receive_buffer=1 << 16) as client:
        client.send(scene.request("GET", "/app/slow-chunks"))
        visit = scene.app.visit("/app/slow-chunks")
        visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        sender = Sender(
            visit, size, lambda piece: b"%x\r\n%s\r\n" % (len(piece), piece), b"0\r\n\r\n")
        expect(client.head().status == 200, "no answer")
        time.sleep(2)
        ahead, digest = sender.sent, hashlib.sha256()
        expect(ahead < AHEAD, f"the app has got rid of {ahead >> 20} MiB that nobody reads")
        while piece := client.chunk():
            digest.update(piece)
        client.trailers()
        sender.join()
        expect(digest.digest() == sender.hash.digest(), "another body")
        visit.over()
    return f"{size >> 20} MiB, {ahead >> 10} KiB ahead of the reader, {grown(scene, before)}"


@check("a large answer arrives whole, with flat memory", "hoard", alone=True)
def large_answer(scene):
    size, before = scene.options["size"], warm_up(scene)
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/large-answer"))
        visit = scene.app.visit("/app/large-answer")
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        sender, start = Sender(visit, size), time.monotonic()
        client.head()
        digest = take(client, size)
        took = time.monotonic() - start
        sender.join()
        expect(digest == sender.hash.hexdigest(), "another body")
        visit.over()
    return f"{speed(size, took)}, {grown(scene, before)}"


@check("a large upload arrives whole, with flat memory", "hoard", alone=True)
def large_upload(scene):
    size, before = scene.options["size"], warm_up(scene)
    with scene.connect() as client:
        client.send(scene.request("PUT", "/app/large-upload", f"Content-Length: {size}"))
        sender, start = Sender(client, size), time.monotonic()
        visit = scene.app.visit("/app/large-upload")
        digest = take(visit, size)
        took = time.monotonic() - start
        sender.join()
        expect(digest == sender.hash.hexdigest(), "another body")
        visit.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        expect(client.head().status == 204, "no answer")
        visit.over()
    return f"{speed(size, took)}, {grown(scene, before)}"
