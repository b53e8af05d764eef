"""Opening handshakes, as a client and as an app."""

from frames import KEY, accept
from stand.report import expect

OPENING = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
           f"Sec-WebSocket-Key: {KEY}")


def handshake(scene, path, *fields, token=True, method="GET", version="1.1", opening=OPENING):
    return scene.request(method, path, *opening, *fields, token=token, version=version)


def agreement(*fields, key=KEY):
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
             f"Sec-WebSocket-Accept: {accept(key)}", *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def tunnel(scene, path, connection=None, fields=(), answer=(), token=True):
    """A WebSocket that both sides have agreed on: the client's end and the app's."""
    client = connection or scene.connect()
    client.send(handshake(scene, path, *fields, token=token))
    visit = scene.app.visit(path)
    visit.send(agreement(*answer))
    head = client.head()
    expect(head.status == 101, f"no tunnel: {head.first}")
    return client, visit
