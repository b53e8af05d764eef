"""Answers with no body, with one of unknown length, and with one that breaks off."""

import time

from stand.report import check, expect


def exchange(scene, client, method, answer, path, *, closes=False, has_body=True):
    client.send(scene.request(method, path))
    visit = scene.app.visit(path)
    visit.send(answer)
    if closes:
        visit.close()
    head = client.head()
    body = client.body(head) if has_body else None
    visit.over()
    return head, body


@check("answers without a body leave the connection for the next", "flip")
def no_body(scene):
    with scene.connect() as client:
        for method, answer, length in (
            ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "1000"),
            ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", None),
            ("HEAD", b"HTTP/1.1 404 Not Found\r\n\r\n", None),
            ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", None),
            ("GET", b"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 77\r\n\r\n", "77"),
            ("DELETE", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "0"),
        ):
            head, _ = exchange(
                scene, client, method, answer, "/app/no-body", has_body=False)
            expect(head.value("content-length") == length, f"{head.fields}")
            expect(client.says_nothing_for(0.05), f"{head.first} has a body")
            # What followed would be taken for the next answer.
            head, body = exchange(
                scene, client, "GET",
                b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nafter", "/app/after")
            expect((head.status, body) == (200, b"after"), f"{head.first} {body!r}")
    return "HEAD, 204, 304 and an empty 200"


@check("a body that ends with the connection arrives whole", "flip")
def until_close(scene):
    data = bytes(range(256)) * 1000
    with scene.connect() as client:
        head, body = exchange(
            scene, client, "GET", b"HTTP/1.1 200 OK\r\n\r\n" + data, "/app/until", closes=True)
        expect(head.values("transfer-encoding") == ["chunked"], f"{head.fields}")
        expect(body == data, f"{len(body)} bytes")
        head, body = exchange(
            scene, client, "GET", b"HTTP/1.0 200 OK\r\n\r\nold", "/app/until", closes=True)
        expect(body == b"old", f"{body!r}")
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/until", version="1.0"))
        visit = scene.app.visit("/app/until")
        visit.send(b"HTTP/1.1 200 OK\r\n\r\n" + data)
        visit.close()
        head = client.head()
        expect(not head.values("transfer-encoding"), f"{head.fields}")
        expect(client.rest() == (data, "end"), "another body for HTTP/1.0")
    return "in chunks for HTTP/1.1, up to the end for HTTP/1.0"


@check("half an answer never looks whole", "deaf")
def half(scene):
    for name, head, data in (
        ("length", b"Content-Length: 100", b"x" * 60),
        ("chunks", b"Transfer-Encoding: chunked", b"3c\r\n" + b"x" * 60 + b"\r\n"),
        ("inside a chunk", b"Transfer-Encoding: chunked", b"64\r\n" + b"x" * 60),
    ):
        for leave in ("close", "reset"):
            with scene.connect() as client:
                client.send(scene.request("GET", "/app/half"))
                visit = scene.app.visit("/app/half")
                visit.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + data)
                time.sleep(0.1)
                getattr(visit, leave)()
                expect(client.head().status == 200, "no head")
                rest, _ = client.rest(patience=3)
                expect(rest.count(b"x") <= 60 and b"\r\n0\r\n" not in rest, f"{name}: {rest!r}")
    if scene.transport == "unix":
        return "an app that closes, six times"
    # A reset where the end would be the body's end: an orderly end would lie.
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/half"))
        visit = scene.app.visit("/app/half")
        visit.send(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 60)
        time.sleep(0.1)
        visit.reset()
        client.head()
        rest, _ = client.rest(patience=3)
        expect(b"\r\n0\r\n" not in rest, f"{rest!r}")
    return "an app that closes or resets, seven times"


@check("103 passes, and the answer behind it", "flip")
def early_hints(scene):
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/hints"))
        visit = scene.app.visit("/app/hints")
        visit.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
        head = client.head(patience=3)
        expect(head.status == 103 and head.value("link") == "</a.css>; rel=preload", head.first)
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        head = client.head()
        expect(head.status == 200 and client.body(head) == b"ok", head.first)
        visit.over()
        return "before the answer is there"
