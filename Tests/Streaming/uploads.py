"""Requests whose body comes bit by bit, and what is decided before any of it."""

import threading
import time

from events import soon_enough
from stand.report import check, expect
from stand.wire import Ended, Silence

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answered(client, visit, status=200):
    visit.send(OK)
    head = client.head()
    expect(head.status == status and client.body(head) == b"ok", head.first)
    visit.over()


@check("an upload in chunks arrives piece by piece", "late")
def chunked_upload(scene):
    with scene.connect() as client:
        client.send(scene.request("POST", "/app/up", "Transfer-Encoding: chunked"))
        visit = scene.app.visit("/app/up", patience=2)
        expect(visit.request.values("transfer-encoding") == ["chunked"], "no chunks")
        expect(not visit.request.values("content-length"), "the length of what has no end yet")
        delays = []
        for number in range(40):
            piece = b"%d," % number * (1 + number * 13 % 200)
            start = time.monotonic()
            client.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            expect(visit.chunk(patience=3) == piece, f"piece {number} is another")
            delays.append((time.monotonic() - start) * 1000)
            soon_enough(delays)
        client.send(b"0\r\n\r\n")
        expect(visit.chunk() == b"" and visit.trailers() == [], "the body has no end")
        answered(client, visit)
        delays.sort()
        return f"40 pieces, median {delays[20]:.2f} ms, nine in ten within {delays[36]:.2f} ms"


@check("an upload of known length arrives piece by piece", "late")
def counted_upload(scene):
    pieces = [b"%d," % number * (1 + number * 13 % 200) for number in range(40)]
    with scene.connect() as client:
        length = sum(map(len, pieces))
        client.send(scene.request("PUT", "/app/counted", f"Content-Length: {length}"))
        visit = scene.app.visit("/app/counted", patience=2)
        expect(visit.request.value("content-length") == str(length), "another length")
        expect(not visit.request.values("transfer-encoding"), "chunks nobody asked for")
        delays = []
        for piece in pieces:
            start = time.monotonic()
            client.send(piece)
            expect(visit.exactly(len(piece), patience=3) == piece, "another piece")
            delays.append((time.monotonic() - start) * 1000)
            soon_enough(delays)
        answered(client, visit)
        delays.sort()
        return f"40 pieces, median {delays[20]:.2f} ms, nine in ten within {delays[36]:.2f} ms"


@check("both sides can speak at once", "late")
def both_ways(scene):
    with scene.connect() as client:
        client.send(scene.request("POST", "/app/both", "Transfer-Encoding: chunked"))
        visit = scene.app.visit("/app/both")
        visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        expect(client.head().status == 200, "no answer before the request's end")
        delays = []
        for number in range(20):
            start = time.monotonic()
            client.send(b"3\r\nq%02d\r\n" % number)
            expect(visit.chunk(patience=3) == b"q%02d" % number, "another question")
            visit.send(b"3\r\na%02d\r\n" % number)
            expect(client.chunk(patience=3) == b"a%02d" % number, "another answer")
            delays.append((time.monotonic() - start) * 1000)
            soon_enough(delays)
        client.send(b"0\r\n\r\n")
        expect(visit.chunk() == b"", "the request has no end")
        visit.trailers()
        visit.send(b"0\r\n\r\n")
        expect(client.chunk() == b"", "the answer has no end")
        visit.over()
        return f"20 questions and answers in one exchange, {sum(delays) / 20:.2f} ms each"


@check("trailers pass both ways, cleaned", "plain")
def trailers(scene):
    with scene.connect() as client:
        client.send(scene.request("POST", "/app/trailers", "Transfer-Encoding: chunked",
                                  "Trailer: X-Sum, X-Ostiary-Subject"))
        client.send(b"3\r\nabc\r\n0\r\nX-Sum: 6\r\nX-Ostiary-Subject: root\r\n"
                    b"X_Forwarded_For: 1.2.3.4\r\nAuthorization: Bearer x\r\n\r\n")
        visit = scene.app.visit("/app/trailers")
        expect(visit.chunk() == b"abc" and visit.chunk() == b"", "another body")
        up = visit.trailers()
        expect(up == [("x-sum", "6")], f"the app has {up}")
        visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Hash\r\n\r\n"
                   b"2\r\nok\r\n0\r\nX-Hash: 1f\r\nX-Ostiary-Subject: root\r\n"
                   b"Set-Cookie: a=b\r\n\r\n")
        head = client.head()
        expect(head.status == 200, head.first)
        expect(client.chunk() == b"ok" and client.chunk() == b"", "another body")
        down = client.trailers()
        expect(down == [("x-hash", "1f")], f"the client has {down}")
        visit.over()
        return "one of four arrives at the app, one of three at the client"


@check("100 Continue comes after the decision, and before the body", "cut")
def go_on(scene):
    with scene.connect() as client:
        client.send(scene.request(
            "POST", "/app/go-on", "Expect: 100-continue", "Content-Length: 4"))
        head = client.head(patience=3)
        expect(head.status == 100, head.first)
        client.send(b"body")
        visit = scene.app.visit("/app/go-on")
        expect(not visit.request.values("expect"), "the app is asked once more")
        expect(visit.exactly(4) == b"body", "another body")
        # The app's own comes too late, and goes no further.
        visit.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        answered(client, visit)
        return "once"


@check("without a token 401 comes, no 100, and the body is not waited for", "plain")
def no_token(scene):
    for size in (4, 1 << 20):
        with scene.connect() as client:
            client.send(scene.request(
                "POST", "/app/no-token", "Expect: 100-continue", f"Content-Length: {size}",
                token=None))
            head = client.head(patience=3)
            body = client.body(head)
            expect(head.status == 401 and b'"reason":"unauthenticated"' in body, head.first)
            # What follows is no request: where it would begin nobody knows.
            expect(client.rest(patience=5)[0] == b"", "something follows the answer")
    with scene.connect() as client:
        client.send(scene.request("POST", "/app/no-token", "Transfer-Encoding: chunked", token=None))
        start = time.monotonic()
        expect(client.head(patience=3).status == 401, "the body is waited for")
        took = (time.monotonic() - start) * 1000
    expect(not scene.app.has_been_asked("/app/no-token"), "the app has been asked")
    return f"after {took:.1f} ms; the app is not asked"


@check("a body over the limit is 413, before it is read", "plain", ["limits.body=1MiB"])
def over_the_limit(scene):
    with scene.connect() as client:
        client.send(scene.request(
            "POST", "/app/large", "Expect: 100-continue", f"Content-Length: {(1 << 20) + 1}"))
        head = client.head(patience=3)
        expect(head.status == 413 and b'"reason":"body_too_large"' in client.body(head), head.first)
    expect(not scene.app.has_been_asked("/app/large"), "the app has been asked")
    with scene.connect() as client:
        # Of unknown length: it is noticed on the way, and the app does not take what it has for a whole.
        client.send(scene.request("POST", "/app/larger", "Transfer-Encoding: chunked"))
        visit = scene.app.visit("/app/larger")
        reader = threading.Thread(target=lambda: seen.append(visit.rest(patience=5)), daemon=True)
        seen = []
        reader.start()
        try:
            for _ in range(17):
                client.send(b"10000\r\n" + b"z" * 65536 + b"\r\n")
        except Ended:
            pass
        head = client.head(patience=3)
        expect(head.status == 413, head.first)
        reader.join(6)
        expect(seen and b"\r\n0\r\n\r\n" not in seen[0][0], "the app has a whole body")
    return "by its own account, and on the way"


def early(scene, path, leave):
    """The app answers 413 when it has seen the head; the client goes on sending until it has the answer."""
    with scene.connect() as client:
        client.send(scene.request("POST", path, "Transfer-Encoding: chunked"))
        visit = scene.app.visit(path)
        stop, sent = threading.Event(), [0]

        def upload():
            piece = b"4000\r\n" + b"u" * 0x4000 + b"\r\n"
            try:
                while not stop.is_set():
                    client.send(piece)
                    sent[0] += 0x4000
            except (Ended, Silence, OSError):
                pass

        uploading = threading.Thread(target=upload, daemon=True)
        uploading.start()
        for _ in range(4):
            visit.chunk()
        visit.send(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n"
                   b"Connection: close\r\n\r\ntoo much")
        leave(visit)
        try:
            start = time.monotonic()
            head = client.head(patience=5)
            body = client.body(head)
            took = (time.monotonic() - start) * 1000
        finally:
            stop.set()
            client.reset()
            uploading.join(5)
        expect((head.status, body) == (413, b"too much"), f"{head.first} {body!r}")
        visit.close()
        return f"after {took:.1f} ms, {sent[0] >> 10} KiB sent meanwhile"


@check("an answer before the upload's end reaches the client", "hold")
def early_answer(scene):
    def read_on(visit):
        threading.Thread(target=lambda: visit.rest(patience=3), daemon=True).start()

    return early(scene, "/app/early", read_on)


@check("an answer reaches the client also of an app that reads nothing more", "hold")
def early_stop(scene):
    return early(scene, "/app/early-stop", lambda visit: None)


@check("an answer reaches the client also of an app that closes on the upload", "hold")
def early_close(scene):
    return early(scene, "/app/early-close", lambda visit: visit.close())


@check("an upload that is broken off is none for the app", "deaf")
def broken_off(scene):
    took = []
    for leave in ("close", "reset"):
        for fields, data in (("Content-Length: 100", b"x" * 50),
                             ("Transfer-Encoding: chunked", b"32\r\n" + b"x" * 50 + b"\r\n")):
            client = scene.connect()
            client.send(scene.request("POST", "/app/broken", fields))
            client.send(data)
            visit = scene.app.visit("/app/broken")
            visit.exactly(len(data), patience=3)
            start = time.monotonic()
            getattr(client, leave)()
            rest, _ = visit.rest(patience=3)
            took.append((time.monotonic() - start) * 1000)
            expect(rest == b"", f"the app reads {rest!r} behind it")
    return f"within {max(took):.0f} ms"
