"""Answers that come bit by bit: event streams and long polls."""

import time

from stand.report import check, expect
from stand.wire import Silence

EVENTS = 50
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def soon_enough(delays):
    """Machines that have much to do are slow now and then, and a proxy that waits for more is always."""
    late = [delay for delay in delays if delay >= 100]
    expect(len(late) < 5, f"{len(late)} of {len(delays)} have taken 100 ms or more")


def timed_events(visit, client, frame, read):
    """Sends events, each when the one before has arrived, and says how long they took: the median, and
    the longest but one in ten, in milliseconds."""
    delays = []
    for number in range(EVENTS):
        soon_enough(delays)
        event = b"id: %d\ndata: %s\n\n" % (number, b"x" * (number * 37 % 600))
        start = time.monotonic()
        visit.send(frame(event))
        arrived = read(event)
        delays.append((time.monotonic() - start) * 1000)
        expect(arrived == event, f"event {number} has arrived as {arrived!r}")
    delays.sort()
    median, slow = delays[EVENTS // 2], delays[EVENTS * 9 // 10]
    return f"{EVENTS} events, median {median:.2f} ms, nine in ten within {slow:.2f} ms"


def begin(scene, path, extra):
    client = scene.connect()
    client.send(scene.request("GET", path, "Accept: text/event-stream"))
    visit = scene.app.visit(path)
    visit.send(STREAM + extra + b"\r\n")
    # Before the first event: a page is told at once that its stream is open.
    head = client.head(patience=2)
    expect(head.status == 200, head.first)
    expect(head.value("content-type") == "text/event-stream", str(head.fields))
    return client, visit, head


@check("events in chunks arrive one by one", "late")
def chunked_events(scene):
    client, visit, _ = begin(scene, "/app/chunked", b"Transfer-Encoding: chunked\r\n")
    text = timed_events(
        visit, client, lambda event: b"%x\r\n%s\r\n" % (len(event), event),
        lambda _: client.chunk())
    visit.send(b"0\r\n\r\n")
    expect(client.chunk() == b"" and client.trailers() == [], "the stream has no end")
    visit.over()
    return text


@check("events up to the connection's end arrive one by one", "late")
def closed_events(scene):
    client, visit, head = begin(scene, "/app/closed", b"Connection: close\r\n")
    expect(head.values("transfer-encoding") == ["chunked"], str(head.fields))
    text = timed_events(visit, client, lambda event: event, lambda _: client.chunk())
    visit.close()
    expect(client.chunk() == b"", "the stream has no end")
    return text


@check("events of a client of HTTP/1.0 arrive one by one", "late")
def old_events(scene):
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/old", version="1.0"))
        visit = scene.app.visit("/app/old")
        visit.send(STREAM + b"Transfer-Encoding: chunked\r\n\r\n")
        head = client.head(patience=2)
        expect(not head.values("transfer-encoding"), str(head.fields))
        text = timed_events(
            visit, client, lambda event: b"%x\r\n%s\r\n" % (len(event), event),
            lambda event: client.exactly(len(event)))
        visit.send(b"0\r\n\r\n")
        expect(client.rest() == (b"", "end"), "the connection does not end with the stream")
        visit.over()
        return text


@check("nothing of a stream is held back", "hold")
def not_held(scene):
    client, visit, _ = begin(scene, "/app/held", b"Transfer-Encoding: chunked\r\n")
    for size in (1, 2, 100, 8191, 8192, 8193, 30000):
        visit.send(b"%x\r\n%s\r\n" % (size, b"y" * size))
        arrived = 0
        while arrived < size:
            arrived += len(client.chunk(patience=2))
        expect(arrived == size, f"{arrived} bytes of a chunk of {size}")
    visit.close()
    return "chunks of 1 to 30,000 bytes"


@check("a client that leaves a stream is noticed by the app", "deaf", waits=True)
def client_leaves(scene):
    took = []
    for leave in ("close", "reset"):
        client, visit, _ = begin(scene, f"/app/leave-{leave}", b"Transfer-Encoding: chunked\r\n")
        start = time.monotonic()
        getattr(client, leave)()
        visit.rest(patience=4)
        took.append(time.monotonic() - start)
    expect(max(took) < 2, f"after {max(took):.1f} s")
    return f"after {took[0] * 1000:.0f} ms, after a reset {took[1] * 1000:.0f} ms"


@check(
    "a silent stream is cut off after timeouts.stream_idle", "plain",
    ["timeouts.stream_idle=2s"], waits=True)
def silent_stream(scene):
    client, visit, _ = begin(scene, "/app/silent", b"Transfer-Encoding: chunked\r\n")
    # Shorter pauses do not add up.
    for _ in range(3):
        time.sleep(1.2)
        visit.send(b"4\r\nping\r\n")
        expect(client.chunk() == b"ping", "the stream has not gone on")
    start = time.monotonic()
    rest, _ = client.rest(patience=6)
    took = time.monotonic() - start
    expect(rest == b"", f"half a stream looks whole: {rest!r}")
    expect(1.8 < took < 3.5, f"after {took:.1f} s")
    visit.rest(patience=2)
    return f"after {took:.1f} s, without an end that looks like one"


@check("a comment now and then keeps a stream open", "deaf", ["timeouts.stream_idle=2s"], waits=True)
def kept_stream(scene):
    client, visit, _ = begin(scene, "/app/kept", b"Connection: close\r\n")
    for _ in range(4):
        time.sleep(1)
        visit.send(b":\n\n")
        expect(client.chunk() == b":\n\n", "the comment has not arrived")
    visit.close()
    expect(client.chunk(patience=3) == b"", "the stream has no end")
    return "for 4 s, of 2 s that a silence may last"


@check(
    "a long poll is answered when there is something to tell", "cut",
    ["timeouts.response_head=25s"], waits=True)
def long_poll(scene):
    pause = 2 if scene.options["slow_size"] < 512 << 20 else 20
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/poll"))
        visit = scene.app.visit("/app/poll")
        expect(client.says_nothing_for(pause), "something has come before the answer")
        start = time.monotonic()
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews")
        head = client.head()
        took = (time.monotonic() - start) * 1000
        expect(head.status == 200 and client.body(head) == b"news", head.first)
        visit.over()
        return f"after {pause} s, of 25 s that it may take; {took:.1f} ms from the app to the client"


@check("an app that says nothing is 504 upstream_timeout", "plain", ["timeouts.response_head=1s"],
       waits=True)
def no_answer(scene):
    with scene.connect() as client:
        client.send(scene.request("GET", "/app/never"))
        visit = scene.app.visit("/app/never")
        start = time.monotonic()
        head = client.head(patience=5)
        took = time.monotonic() - start
        body = client.body(head)
        expect(head.status == 504 and b'"reason":"upstream_timeout"' in body, f"{head.first} {body}")
        expect(0.8 < took < 2, f"after {took:.1f} s")
        # What comes too late answers nobody.
        visit.rest(patience=3)
        client.send(scene.request("GET", "/app/next"))
        following = scene.app.visit("/app/next")
        following.send(b"HTTP/1.1 204 No Content\r\n\r\n")
        expect(client.head().status == 204, "the connection does not go on")
        following.over()
        return f"after {took:.2f} s; the client's connection goes on"


@check("a request without an answer is pending as long as it may be", "cut",
       ["timeouts.response_head=3s"], waits=True)
def patient(scene):
    with scene.connect() as client:
        client.send(scene.request("POST", "/app/patient", "Content-Length: 2"))
        time.sleep(1.5)
        client.send(b"ab")
        visit = scene.app.visit("/app/patient")
        expect(visit.exactly(2) == b"ab", "the body has not arrived")
        try:
            # The time counts from the end of the request.
            client.receive(patience=2.2)
            raise AssertionError("answered too early")
        except Silence:
            pass
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        head = client.head()
        expect(client.body(head) == b"ok", head.first)
        visit.over()
        return "3.7 s from the head, 2.2 s from the end of the request, of 3 s"
