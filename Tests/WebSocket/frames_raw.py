"""Frames sent by hand: every byte of them arrives, both ways, and no other."""

import threading
import time

from frames import MASK, PING, PONG, TEXT, cases, frame, parse, thousand
from opening import agreement, handshake, tunnel
from stand.report import Failure, check, expect
from stand.wire import PATIENCE


class Reader:
    """Reads all that comes, up to the end."""

    def __init__(self, wire):
        self.data, self.how, self.error = b"", None, None
        self._thread = threading.Thread(target=self._run, args=[wire], daemon=True)
        self._thread.start()

    def _run(self, wire):
        try:
            self.data, self.how = wire.rest()
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def all(self):
        self._thread.join(2 * PATIENCE)
        if self.error or self.how is None:
            raise Failure(f"no end has come: {self.error}")
        return self.data, self.how


def play(scene, connect, path, from_client, from_app, *, piece=None, ahead=0, behind=0):
    """Both sides send their bytes, and end; what has each of them seen, and how has it ended?

    `piece`: sent in pieces of so many bytes. `ahead`: so many bytes of the client's travel with its
    handshake; `behind`: so many of the app's with its 101."""
    with connect() as client:
        client.send(handshake(scene, path) + from_client[:ahead])
        visit = scene.app.visit(path)
        visit.send(agreement() + from_app[:behind])
        head = client.head()
        expect(head.status == 101, f"no tunnel: {head.first}")
        at_client, at_app = Reader(client), Reader(visit)
        sending = threading.Thread(
            target=visit.send_pieces, args=[from_app[behind:], piece or 1 << 30], daemon=True)
        sending.start()
        client.send_pieces(from_client[ahead:], piece or 1 << 30)
        client.finish()
        seen_by_app = at_app.all()
        sending.join(PATIENCE)
        visit.finish()
        seen_by_client = at_client.all()
        visit.close()
        return seen_by_app, seen_by_client


def identical(scene, name, from_client, from_app, **options):
    without = play(scene, scene.connect_directly, "/ws/raw", from_client, from_app, **options)
    expect(without == ((from_client, "end"), (from_app, "end")), f"{name}: not even without a gate")
    through = play(scene, scene.connect, "/ws/raw", from_client, from_app, **options)
    for side, before, after in zip(("app", "client"), without, through):
        if before != after:
            at = next((index for index, (one, other) in enumerate(zip(before[0], after[0]))
                       if one != other), min(len(before[0]), len(after[0])))
            raise Failure(
                f"{name}: the {side} has {len(after[0])} bytes ({after[1]}), without the gate "
                f"{len(before[0])} ({before[1]}); they differ from {at} on")


SILENT = ["websocket.ping_interval=0s"]


@check("frames of every kind are the same with and without the gate", "flip", SILENT)
def every_kind(scene):
    count = total = 0
    from_apps = dict(cases(None))
    for name, from_client in cases(MASK):
        from_app = from_apps.get(name, b"")
        identical(scene, name, from_client, from_app)
        count, total = count + 1, total + len(from_client) + len(from_app)
    return f"{count} cases, {total >> 10} KiB"


@check("so they are byte by byte, and cut anywhere", "flip", SILENT)
def in_pieces(scene):
    count = 0
    from_apps = dict(cases(None))
    for name, from_client in cases(MASK):
        from_app = from_apps.get(name, b"")
        for piece in (1, 3, 7):
            if len(from_client) + len(from_app) <= 1000 * piece:
                identical(scene, f"{name}, by {piece}", from_client, from_app, piece=piece)
                count += 1
    return f"{count} runs"


@check("so they are when they travel with the handshake or its answer", "flip", SILENT)
def with_the_handshake(scene):
    made = [thousand(mask)[:20000] for mask in (MASK, None)]
    for ahead, behind in ((1, 1), (6, 2), (17, 0), (0, 17), (300, 300), (5000, 3000),
                          (20000, 20000)):
        identical(scene, f"{ahead} and {behind} ahead", *made, ahead=ahead, behind=behind)
    return "of 1 to 20,000 bytes"


@check("32 MiB each way at once are the same", "flip", SILENT)
def much(scene):
    # Nobody waits for the other: what is held in between must not block both.
    from_client = frame(2, bytes(range(256)) * 4096, MASK) * 32
    from_app = frame(2, bytes(range(255, -1, -1)) * 4096) * 32
    start = time.monotonic()
    identical(scene, "much", from_client, from_app)
    return f"{time.monotonic() - start:.1f} s with and without"


def is_own(payload):
    """Whether a ping is one of the gate's: twelve bytes, and none of these checks sends such."""
    return len(payload) == 12


@check("answers to the gate's pings go no further, all other frames do", "plain",
       ["websocket.ping_interval=500ms"], waits=True)
def own_pings(scene):
    client, visit = tunnel(scene, "/ws/pings")
    told, sent, seen, answers = bytearray(), bytearray(), bytearray(), 0
    script = [
        frame(TEXT, b"begin", MASK),
        frame(TEXT, b"Hel", MASK, final=False),
        frame(PONG, b"", MASK) + frame(PONG, b"nobody asked", MASK),
        frame(0, b"lo", MASK) + frame(PING, b"mine", MASK),
        frame(PONG, b"x" * 125, MASK) + frame(PONG, b"123456789012", MASK),
        frame(2, b"\x8a\x8c" * 200, MASK),
    ]

    def read_frames(seconds):
        """What comes to the client, without the gate's pings."""
        end, own = time.monotonic() + seconds, []
        while time.monotonic() < end:
            if not client.says_nothing_for(0.05):
                told.extend(client.receive())
            found, _ = parse(bytes(told))
            for opcode, payload, raw in found:
                del told[:len(raw)]
                if opcode == PING and is_own(payload):
                    own.append(payload)
                else:
                    seen.extend(raw)
            if own:
                return own
        return own

    expected_by_client = b""
    for number, part in enumerate(script):
        own = read_frames(3)
        expect(own, f"no ping came to a WebSocket that is silent (round {number})")
        answer = frame(PONG, own[-1], MASK)
        if number % 2:
            # Not all at once: it is known by its whole.
            for index in range(len(answer)):
                client.send(answer[index:index + 1])
            client.send(part)
        else:
            client.send(answer + part)
        answers += 1
        sent.extend(part)
        news = frame(TEXT, b"news %d" % number)
        visit.send(news)
        expected_by_client += news
        got = visit.exactly(len(part), patience=4)
        expect(got == part, f"round {number}: the app has {got!r}, not {part!r}")
        expect(visit.says_nothing_for(0.1), "the app sees more than was sent to it")
    # Twice the same answer, and one to a ping that was never sent: they are no answers.
    client.send(answer)
    expect(visit.exactly(len(answer), patience=3) == answer, "a pong that answers nothing is lost")
    read_frames(0.3)
    expect(bytes(seen) == expected_by_client, "the client has other frames than the app has sent")
    client.close()
    visit.close()
    return f"{answers} answers swallowed, whole and byte by byte; {len(sent)} bytes passed"


@check("no ping is put inside a frame", "plain", ["websocket.ping_interval=300ms"], waits=True)
def ping_between(scene):
    client, visit = tunnel(scene, "/ws/between")
    data = frame(TEXT, b"a" * 1000, final=False)
    visit.send(data[:500])
    expect(client.exactly(500) == data[:500], "another frame")
    expect(client.says_nothing_for(1.5), "something has come inside a frame")
    visit.send(data[500:])
    expect(client.exactly(len(data) - 500, patience=2) == data[500:], "another frame")
    # Between fragments there is a place for one.
    found, _ = parse(client.exactly(14, patience=2))
    expect(found[0][0] == PING and is_own(found[0][1]), f"no ping: {found}")
    client.close()
    visit.close()
    return "but between two fragments"


@check("a side that reads nothing stops the other", "hoard", SILENT, alone=True)
def back_pressure(scene):
    measured = []
    for reader_is_app in (False, True):
        client, visit = tunnel(scene, "/ws/slow", scene.connect(receive_buffer=1 << 16))
        scene.gate.forget_most()
        before = scene.gate.resident()
        sender, reader = (client, visit) if reader_is_app else (visit, client)
        data = frame(2, bytes(range(256)) * (1 << 16), MASK if reader_is_app else None) * 6
        fit = sender.send_what_fits(data, 1.0)
        growth = max(0, scene.gate.most_resident() - before)
        # What the kernel's buffers hold is all.
        expect(fit < 32 << 20, f"{fit >> 20} MiB are gone that nobody reads")
        expect(growth < 16 << 20, f"the gate has grown by {growth >> 20} MiB")
        expect(reader.exactly(fit) == data[:fit], "other bytes")
        sender.socket.setblocking(True)
        sender.send(data[fit:fit + 1000])
        expect(reader.exactly(1000) == data[fit:fit + 1000], "it does not go on")
        measured.append(f"{fit >> 10} KiB in flight, memory +{growth >> 10} KiB")
        client.close()
        visit.close()
    return f"client: {measured[0]}; app: {measured[1]}"
