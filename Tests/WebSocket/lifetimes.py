"""How long a WebSocket lives, and how its end reaches either side."""

import time

from frames import CLOSE, MASK, PING, PONG, TEXT, frame, parse
from frames_raw import is_own
from opening import tunnel
from stand.report import check, expect
from stand.wire import Ended


def close_frame(wire, patience, data=b""):
    """Reads up to a close frame: its code and reason, and which frames came before. `data` has been read
    already."""
    before, limit = [], time.monotonic() + patience
    while True:
        try:
            data += wire.receive(max(0.001, limit - time.monotonic()))
        except Ended as end:
            raise AssertionError(f"no close frame, but an {end.how}; before it: {before}") from None
        found, left = parse(data)
        data = data[len(data) - left:]
        for opcode, payload, raw in found:
            if opcode == CLOSE:
                expect(raw[1] & 0x80 == (0x80 if wire.is_app else 0), "masked as it must not be")
                expect(not data, f"something follows the close frame: {data!r}")
                return int.from_bytes(payload[:2], "big"), payload[2:].decode(), before
            before.append((opcode, payload))


def ended_by(scene, path, code, reason, patience, token=True, keep=None):
    """Waits until the gate ends a WebSocket; when each side was told, in seconds from its opening."""
    client, visit = tunnel(scene, path, token=token)
    client.is_app, visit.is_app = False, True
    start = time.monotonic()
    if keep:
        keep(client, visit)
    told = close_frame(client, patience)
    at_client = time.monotonic() - start
    expect(told[:2] == (code, reason), f"the client is told {told[:2]}")
    expect(all(opcode == PING for opcode, _ in told[2]), f"the client has {told[2]}")
    told = close_frame(visit, 3)
    expect(told == (code, reason, []), f"the app is told {told}")
    at_app = time.monotonic() - start
    # The connections end as well, whoever says nothing more.
    for wire in (client, visit):
        rest, _ = wire.rest(patience=4)
        expect(rest == b"", f"something follows the close frame: {rest!r}")
    client.close()
    visit.close()
    return at_client, at_app


@check("4401 when the token expires", "plain", waits=True)
def expired(scene):
    late = []
    # Times of tokens are whole seconds: at any part of one.
    for path, part in (("/bound/a", 0.05), ("/bound/b", 0.5), ("/bound/c", 0.95), ("/ws/d", 0.3)):
        time.sleep((part - time.time()) % 1)
        expiry = int(time.time()) + 3
        token = scene.issuer.token(expiry - int(time.time()))
        opened = time.time()
        at_client, _ = ended_by(scene, path, 4401, "token_expired", 6, token)
        late.append(opened + at_client - expiry)
    # Clocks are asked for whole seconds, five times in one.
    expect(-0.1 < min(late) and max(late) < 1.3, f"{late} s after the token")
    return f"{min(late):.2f} to {max(late):.2f} s after the token"


@check("max_age ends a WebSocket, whatever the token says", "plain", waits=True)
def aged(scene):
    took = []
    for lasts in (3600, 2):
        token = scene.issuer.token(lasts)
        at_client, _ = ended_by(scene, "/aged/x", 1001, "max_age", 5, token)
        expect(1.9 < at_client < 2.6, f"after {at_client:.1f} s")
        took.append(at_client)
    return f"after {took[0]:.2f} s of 2 s; with a token of 2 s after {took[1]:.2f} s"


@check("websocket.max_age ends what no token binds", "plain", ["websocket.max_age=2s"], waits=True)
def aged_by_setting(scene):
    took = []
    for path, token in (("/open/x", None), ("/ws/x", True)):
        at_client, _ = ended_by(scene, path, 1001, "max_age", 5, token)
        expect(1.9 < at_client < 2.6, f"after {at_client:.1f} s")
        took.append(at_client)
    return f"after {took[0]:.2f} s and {took[1]:.2f} s of 2 s"


@check("silence ends a WebSocket, frames keep it", "plain",
       ["websocket.idle=3s", "websocket.ping_interval=1s"], waits=True)
def idle(scene):
    def keep(client, visit):
        for number in range(4):
            time.sleep(1)
            sender, reader = (client, visit) if number % 2 else (visit, client)
            data = frame(TEXT, b"here", MASK if number % 2 else None)
            sender.send(data)
            while not reader.exactly(len(data)) == data:
                # One of the gate's pings.
                reader.exactly(14 - len(data))

    silent, _ = ended_by(scene, "/ws/idle", 1001, "idle", 6)
    expect(2.9 < silent < 3.7, f"after {silent:.1f} s")
    ruled, _ = ended_by(scene, "/quiet/x", 1001, "idle", 6)
    expect(1.9 < ruled < 2.7, f"after {ruled:.1f} s by the route's rule")
    kept, _ = ended_by(scene, "/ws/kept", 1001, "idle", 6, keep=keep)
    expect(6.8 < kept < 8, f"after {kept:.1f} s")
    return f"after {silent:.2f} s of 3 s, {ruled:.2f} s of the route's 2 s, 4 s of talk and then 3 s"


@check("pings come in silence only, and at their interval", "plain",
       ["websocket.ping_interval=1s"], waits=True)
def pings(scene):
    client, visit = tunnel(scene, "/ws/pings-only")
    for number in range(8):
        time.sleep(0.5)
        data = frame(TEXT, b"busy %d" % number)
        visit.send(data)
        expect(client.exactly(len(data)) == data, "a ping amid traffic")
    times, start = [], time.monotonic()
    for _ in range(3):
        found, _ = parse(client.exactly(14, patience=3))
        expect(found[0][0] == PING and is_own(found[0][1]), f"{found}")
        times.append(time.monotonic() - start)
    pauses = [after - before for before, after in zip([0, *times], times)]
    expect(all(0.9 < pause < 1.6 for pause in pauses), f"after {pauses}")
    expect(visit.says_nothing_for(0.1), "the app is pinged")
    client.send(frame(PONG, found[0][1], MASK))
    expect(visit.says_nothing_for(0.3), "the app sees an answer to what it has not asked")
    client.close()
    visit.close()
    return "after " + ", ".join(f"{pause:.2f}" for pause in pauses) + " s of 1 s; none amid traffic"


@check("a close frame of the gate waits for the end of a frame", "plain", waits=True)
def behind_a_frame(scene):
    client, visit = tunnel(scene, "/aged/within")
    client.is_app, visit.is_app = False, True
    start = time.monotonic()
    data = frame(TEXT, b"t" * 500)
    visit.send(data[:200])
    expect(client.exactly(200) == data[:200], "another frame")
    time.sleep(max(0, start + 2.6 - time.monotonic()))
    expect(client.says_nothing_for(0.01), "something was put into the frame")
    visit.send(data[200:] + frame(TEXT, b"too late"))
    told = close_frame(client, 3, data[:200])
    expect(told == (1001, "max_age", [(TEXT, b"t" * 500)]), f"the client is told {told}")
    expect(client.rest(patience=4)[0] == b"", "something follows the close frame")
    return "and nothing of the app's follows"


def times_of(scene, path, leave_name, by_client):
    client, visit = tunnel(scene, path)
    sender, reader = (client, visit) if by_client else (visit, client)
    data = frame(TEXT, b"last words", MASK if by_client else None)
    sender.send(data)
    start = time.monotonic()
    if leave_name == "reset":
        # What is under way may be lost with a reset.
        expect(reader.exactly(len(data)) == data, "the last words are lost")
        start = time.monotonic()
    getattr(sender, leave_name)()
    rest, how = reader.rest(patience=4)
    took = time.monotonic() - start
    expect(leave_name == "reset" or rest == data, f"the last words are {rest!r}")
    expect(took < 2, f"{leave_name}: after {took:.1f} s")
    return client, visit, took * 1000, how


@check("an end of either side reaches the other", "deaf", waits=True)
def ends(scene):
    texts = []
    for by_client in (True, False):
        for leave in ("finish", "close", "reset"):
            client, visit, took, how = times_of(scene, f"/ws/end/{leave}/{by_client}", leave, by_client)
            if leave == "finish":
                # Half a close is no more than that: the other side may go on, and end when it likes.
                sender, reader = (visit, client) if by_client else (client, visit)
                time.sleep(0.5)
                data = frame(TEXT, b"still here" * 1000, None if by_client else MASK)
                sender.send(data)
                expect(reader.exactly(len(data)) == data, "half a close ends both ways")
                sender.finish()
                expect(reader.rest(patience=4) == (b"", "end"), "the second end does not arrive")
            texts.append(f"{leave} {took:.1f}")
            client.close()
            visit.close()
    return f"ms, client: {', '.join(texts[:3])}; app: {', '.join(texts[3:])}"


@check("a side that is gone is noticed while the other sends", "deaf", waits=True)
def gone_while_sending(scene):
    took = []
    for by_client in (True, False):
        for leave in ("close", "reset"):
            client, visit = tunnel(scene, f"/ws/gone/{leave}/{by_client}")
            leaver, sender = (client, visit) if by_client else (visit, client)
            data = frame(2, b"d" * 10000, None if by_client else MASK)
            sender.send(data * 10)
            getattr(leaver, leave)()
            start, ended = time.monotonic(), False
            while not ended and time.monotonic() < start + 4:
                try:
                    sender.send(data)
                    time.sleep(0.02)
                except Ended:
                    ended = True
            expect(ended, f"{leave}: bytes are taken that nobody gets")
            took.append(time.monotonic() - start)
            sender.close()
    expect(max(took) < 3, f"after {max(took):.1f} s")
    return f"within {max(took):.1f} s"


@check("who is told to stop tells both sides", "plain", ["timeouts.shutdown=1s"],
       waits=True, alone=True)
def shutdown(scene):
    pairs = [tunnel(scene, f"/ws/stop/{number}") for number in range(10)]
    for client, visit in pairs:
        client.is_app, visit.is_app = False, True
    start = time.monotonic()
    scene.gate.terminate()
    missing = []
    for client, visit in pairs:
        for name, wire in (("client", client), ("app", visit)):
            try:
                told = close_frame(wire, 5)
                expect(told == (1001, "shutdown", []), f"the {name} is told {told}")
            except AssertionError as error:
                missing.append(f"the {name}: {error}")
    took = time.monotonic() - start
    status = scene.gate.wait(6)
    expect(not missing, f"{len(missing)} of 20: {missing[0] if missing else ''}")
    expect(took < 2.5, f"after {took:.1f} s")
    expect(status == 0, f"the gate has ended with {status}")
    return f"10 WebSockets, after {took:.1f} s of 1 s; the gate ends with 0"


@check("WebSockets that end in time let the gate end", "deaf", ["timeouts.shutdown=20s"],
       waits=True, alone=True)
def shutdown_in_peace(scene):
    client, visit = tunnel(scene, "/ws/peace")
    scene.gate.terminate()
    time.sleep(0.5)
    data = frame(TEXT, b"still")
    visit.send(data)
    expect(client.exactly(len(data)) == data, "it was cut off")
    client.finish()
    visit.rest(patience=3)
    visit.close()
    client.rest(patience=3)
    start = time.monotonic()
    status = scene.gate.wait(6)
    expect(status == 0, f"the gate has ended with {status}")
    return f"{time.monotonic() - start:.1f} s behind the last"
