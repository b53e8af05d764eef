"""Which handshakes reach the app, and which of its answers open a tunnel."""

import base64

from frames import KEY, PING, TEXT, frame
from opening import OPENING, agreement, handshake, tunnel
from stand.report import check, expect

FIELDS = ("sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol",
          "sec-websocket-extensions", "upgrade", "origin", "cookie")


def refused(scene, request, status, reason, path):
    with scene.connect() as client:
        client.send(request)
        head = client.head(patience=3)
        body = client.body(head, patience=3)
        expect(head.status == status and f'"reason":"{reason}"'.encode() in body,
               f"{request[:200]!r} is answered {head.first} {body!r}, not {status} {reason}")
    expect(not scene.app.visits[path].qsize(), f"{request[:200]!r} has reached the app")
    return head


@check("what is no sound handshake is refused, and reaches nobody", "plain")
def unsound(scene):
    count = 0

    def without(name, *instead):
        return (*(field for field in OPENING if not field.startswith(name)), *instead)

    for opening in (
        without("Sec-WebSocket-Key"),
        without("Sec-WebSocket-Key", "Sec-WebSocket-Key: "),
        without("Sec-WebSocket-Key", "Sec-WebSocket-Key: c2hvcnQ="),
        without("Sec-WebSocket-Key", f"Sec-WebSocket-Key: {base64.b64encode(b'x' * 17).decode()}"),
        without("Sec-WebSocket-Key", "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!=="),
        (*OPENING, f"Sec-WebSocket-Key: {KEY}"),
        without("Sec-WebSocket-Version"),
        (*OPENING, "Sec-WebSocket-Version: 13"),
        without("Connection"),
        without("Connection", "Connection: keep-alive"),
        without("Upgrade", "Upgrade: websocket, h2c"),
        (*OPENING, "Upgrade: websocket"),
        (*OPENING, "Content-Length: 5"),
        (*OPENING, "Transfer-Encoding: chunked"),
        (*OPENING, "Origin: http://app.test", "Origin: http://app.test"),
    ):
        path = f"/ws/unsound/{count}"
        refused(scene, handshake(scene, path, opening=opening), 400, "bad_handshake", path)
        count += 1
    for version in ("12", "8", "0", "14", "x"):
        path = f"/ws/version/{version}"
        head = refused(
            scene, handshake(scene, path, opening=without(
                "Sec-WebSocket-Version", f"Sec-WebSocket-Version: {version}")),
            426, "handshake_version", path)
        expect(head.value("sec-websocket-version") == "13", "what is spoken is not said")
    # Something else than WebSocket is an ordinary request, and decided as one.
    opening = without("Upgrade", "Upgrade: h2c")
    refused(scene, handshake(scene, "/ws/h2c", opening=opening), 403, "forbidden", "/ws/h2c")
    with scene.connect() as client:
        client.send(handshake(scene, "/app/h2c", opening=opening))
        visit = scene.app.visit("/app/h2c")
        expect(not visit.request.values("upgrade"), "the app is asked for another protocol")
        visit.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        expect(client.head().status == 204, "no ordinary answer")
        visit.over()
    return f"{count} forms 400 bad_handshake, 5 versions 426, another protocol ignored"


@check("a handshake by another method or version of HTTP is none", "plain")
def other_requests(scene):
    answers = []
    for method, version in (("POST", "1.1"), ("PUT", "1.1"), ("HEAD", "1.1"), ("GET", "1.0")):
        path = f"/ws/other/{method}{version[-1]}"
        with scene.connect() as client:
            client.send(handshake(scene, path, method=method, version=version))
            head = client.head(patience=3)
            expect(head.status in (400, 403, 405), f"{method} by {version}: {head.first}")
            answers.append(head.status)
        expect(not scene.app.visits[path].qsize(), "it has reached the app")
    return f"POST, PUT, HEAD and HTTP/1.0: {answers}"


@check("who may not gets 401 or 403, and reaches nobody", "plain")
def not_admitted(scene):
    refused(scene, handshake(scene, "/ws/nobody", token=None), 401, "unauthenticated", "/ws/nobody")
    refused(scene, handshake(scene, "/ws/bad", token="a.b.c"), 401, "token_invalid", "/ws/bad")
    old = scene.issuer.token(-1)
    refused(scene, handshake(scene, "/ws/old", token=old), 401, "token_expired", "/ws/old")
    guest = scene.issuer.token(role="guest")
    refused(scene, handshake(scene, "/ws/guest", token=guest), 403, "forbidden", "/ws/guest")
    refused(scene, handshake(scene, "/app/page"), 403, "upgrade_not_allowed", "/app/page")
    refused(scene, handshake(scene, "/public/page", token=None), 403, "upgrade_not_allowed",
            "/public/page")
    refused(scene, handshake(scene, "/nowhere"), 403, "forbidden", "/nowhere")
    # And what is for WebSockets is for nothing else.
    refused(scene, scene.request("GET", "/ws/plain"), 403, "forbidden", "/ws/plain")
    return "no token, bad, expired, another role, no route for it"


@check("pages of other origins are refused", "plain")
def origins(scene):
    for origin in ("https://evil.test", "null", "http://app.test:81", "http://app.test.evil.test",
                   "http://xapp.test", "app.test", "http://app.test, http://evil.test"):
        refused(scene, handshake(scene, "/ws/origin", f"Origin: {origin}"), 403, "origin",
                "/ws/origin")
    for origin in ("https://c.test", "http://a.test", "https://a.test:444", "https://b.test", None):
        fields = [f"Origin: {origin}"] if origin else []
        refused(scene, handshake(scene, "/listed/x", *fields), 403, "origin", "/listed/x")
    for path, origin in (("/ws/page", "http://app.test"), ("/ws/program", None),
                         ("/listed/a", "https://a.test"), ("/listed/b", "https://b.test:8443")):
        client, visit = tunnel(scene, path, fields=[f"Origin: {origin}"] if origin else [])
        expect(visit.request.value("origin") == origin, "the app sees another origin")
        client.close()
        visit.close()
    return "12 refused, 4 admitted"


@check("the app sees the handshake as it was sent, and the client the answer", "plain")
def negotiated(scene):
    offers = (
        (("Sec-WebSocket-Protocol: chat, superchat",), ("Sec-WebSocket-Protocol: superchat",)),
        (("Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: other"),
         ("Sec-WebSocket-Protocol: other",)),
        (("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",),
         ("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover",)),
        (("Sec-WebSocket-Extensions: x-one, permessage-deflate;a=\"b\"", "Cookie: a=b; c=d"),
         ("Set-Cookie: e=f; Path=/", "Sec-WebSocket-Extensions: permessage-deflate", "X-Own: yes")),
        (("Sec-WebSocket-Protocol: chat",), ()),
    )
    for number, (offer, answer) in enumerate(offers):
        path = f"/ws/offer/{number}"
        seen = []
        for connect in (scene.connect_directly, scene.connect):
            with connect() as client:
                client.send(handshake(scene, path, *offer))
                visit = scene.app.visit(path)
                visit.send(agreement(*answer))
                head = client.head()
                seen.append(([(name, value) for name, value in visit.request.fields
                              if name in FIELDS], head.status, sorted(head.fields)))
                visit.close()
        expect(seen[0] == seen[1], f"without the gate {seen[0]}, with it {seen[1]}")
    with scene.connect() as client:
        client.send(handshake(scene, "/ws/identity", "X-Ostiary-Subject: root"))
        visit = scene.app.visit("/ws/identity")
        expect(not visit.request.values("authorization"), "the app is told the token")
        expect(not visit.request.values("x-ostiary-subject"), "the app is told an identity")
        visit.close()
    return f"{len(offers)} offers of subprotocols and extensions"


@check("forms that browsers send are sound", "plain")
def sound(scene):
    for opening in (
        ("Upgrade: WebSocket", *OPENING[1:]),
        (OPENING[0], "Connection: keep-alive, Upgrade", *OPENING[2:]),
        ("upgrade: websocket", "connection: upgrade", *OPENING[2:]),
        ("Upgrade: WEBSOCKET", "Connection: keep-alive", "Connection: UPGRADE", *OPENING[2:]),
    ):
        with scene.connect() as client:
            client.send(handshake(scene, "/ws/forms", opening=opening))
            visit = scene.app.visit("/ws/forms")
            visit.send(agreement())
            expect(client.head().status == 101, "no tunnel")
            expect(not visit.request.values("authorization"), "the app is told the token")
            visit.close()
    return "4"


@check("a 101 that does not fit is 502, and opens nothing", "plain")
def wrong_agreement(scene):
    good = agreement()
    offer = ("Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Extensions: permessage-deflate")
    wrong = {
        "another key": agreement(key="AAAAAAAAAAAAAAAAAAAAAA=="),
        "no accept": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     b"Connection: Upgrade\r\n\r\n",
        "two accepts": agreement("Sec-WebSocket-Accept: x"),
        "no upgrade": good.replace(b"Upgrade: websocket\r\n", b""),
        "no connection": good.replace(b"Connection: Upgrade\r\n", b""),
        "another protocol": good.replace(b"Upgrade: websocket", b"Upgrade: h2c"),
        "HTTP/1.0": good.replace(b"HTTP/1.1", b"HTTP/1.0"),
        "a subprotocol that was not offered": agreement("Sec-WebSocket-Protocol: other"),
        "two subprotocols": agreement("Sec-WebSocket-Protocol: chat",
                                      "Sec-WebSocket-Protocol: chat"),
        "an extension that was not offered": agreement("Sec-WebSocket-Extensions: x-other"),
        "a body": agreement("Content-Length: 5") + b"hello",
        "chunks": agreement("Transfer-Encoding: chunked"),
    }
    for name, answer in wrong.items():
        with scene.connect() as client:
            client.send(handshake(scene, "/ws/wrong", *offer))
            visit = scene.app.visit("/ws/wrong")
            visit.send(answer)
            head = client.head()
            body = client.body(head)
            expect(head.status == 502 and b'"reason":"upstream_invalid"' in body,
                   f"{name}: {head.first}")
            client.send(frame(TEXT, b"GET / HTTP/1.1", b"abcd"))
            rest, _ = visit.rest(patience=3)
            expect(rest == b"", f"{name}: the app gets {rest!r}")
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/unasked"))
        visit = scene.app.visit("/app/unasked")
        visit.send(good)
        expect(client.head().status == 502, "a 101 that nobody has asked for")
        visit.close()
    return f"{len(wrong)}, and one that nobody has asked for"


@check("an app that answers otherwise opens nothing", "cut")
def no_tunnel(scene):
    for status in ("200 OK", "426 Upgrade Required", "401 Unauthorized", "302 Found",
                   "500 Internal Server Error"):
        answer = f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nno".encode()
        with scene.connect() as client:
            client.send(handshake(scene, "/ws/no"))
            visit = scene.app.visit("/ws/no")
            visit.send(answer)
            head = client.head()
            expect(str(head.status) == status[:3] and client.body(head) == b"no", head.first)
            visit.over()
            # What is said now is a request like any other, and decided like any other.
            client.send(scene.request("GET", "/app/secret", token=None))
            head = client.head()
            expect(head.status == 401, f"a request through a tunnel that is none: {head.first}")
            client.body(head)
            client.send(scene.request("GET", "/public/open", token=None))
            visit = scene.app.visit("/public/open")
            visit.send(answer)
            expect(client.body(client.head()) == b"no", "the connection does not go on")
            visit.over()
        with scene.connect() as client:
            # Frames that were sent ahead go nowhere.
            client.send(handshake(scene, "/ws/ahead") + frame(PING, b"ahead", b"abcd"))
            visit = scene.app.visit("/ws/ahead")
            visit.send(answer)
            head = client.head()
            expect(client.body(head) == b"no", head.first)
            expect(client.rest(patience=5)[0] == b"", "the connection goes on")
            expect(visit.says_nothing_for(0.2), "the app gets the frames")
            visit.close()
    return "200, 426, 401, 302 and 500"
