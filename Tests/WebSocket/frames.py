"""Frames of RFC 6455 as bytes, sound ones and others."""

import base64
import hashlib
import itertools
import random
import zlib

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
MASK = bytes.fromhex("37fa213d")


def accept(key):
    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    return base64.b64encode(digest).decode()


def frame(opcode, payload=b"", mask=None, *, final=True, reserved=0, form=None):
    """`form` forces the length to be written in 7, 16 or 64 bits; `mask` None: not masked."""
    length = len(payload)
    form = form or (7 if length < 126 else 16 if length < 65536 else 64)
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    marker = 0x80 if mask is not None else 0
    if form == 7:
        head += bytes([marker | length])
    elif form == 16:
        head += bytes([marker | 126]) + length.to_bytes(2, "big")
    else:
        head += bytes([marker | 127]) + length.to_bytes(8, "big")
    if mask is None:
        return head + payload
    pattern = (mask * (length // 4 + 1))[:length]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(pattern, "big")
    return head + mask + masked.to_bytes(length, "big")


def parse(data):
    """The frames that `data` begins with: opcode, payload, and their bytes; and how many bytes are left."""
    found, at = [], 0
    while True:
        if len(data) < at + 2:
            return found, len(data) - at
        length, start = data[at + 1] & 0x7F, at + 2
        if length == 126:
            length, start = int.from_bytes(data[start:start + 2], "big"), start + 2
        elif length == 127:
            length, start = int.from_bytes(data[start:start + 8], "big"), start + 8
        mask = data[start:start + 4] if data[at + 1] & 0x80 else None
        start += 4 if mask is not None else 0
        if len(data) < start + length:
            return found, len(data) - at
        payload = data[start:start + length]
        if mask is not None:
            payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
        found.append((data[at] & 0x0F, payload, data[at:start + length]))
        at = start + length


def close(code=None, reason=b"", mask=None):
    return frame(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason, mask)


def deflate(data):
    """As of RFC 7692 § 7.2.1, without context of messages before."""
    press = zlib.compressobj(wbits=-15)
    return (press.compress(data) + press.flush(zlib.Z_SYNC_FLUSH))[:-4]


def cases(mask):
    """Names, and the bytes of one side: a client's with a `mask`, an app's without (None)."""

    def one(*arguments, **options):
        return frame(*arguments, mask=mask, **options)

    other = None if mask is not None else MASK
    yield "an unmasked text of RFC 6455 § 5.7", bytes.fromhex("810548656c6c6f")
    yield "a masked text of RFC 6455 § 5.7", bytes.fromhex("818537fa213d7f9f4d5158")
    for length in (0, 1, 125, 126, 127, 65535, 65536, 1 << 20):
        payload = (bytes(range(32, 127)) * (length // 95 + 1))[:length]
        yield f"a text of {length}", one(TEXT, payload)
        payload = (bytes(range(256)) * (length // 256 + 1))[:length]
        yield f"{length} binary bytes", one(BINARY, payload)
    yield "a text in three fragments", (
        one(TEXT, b"Hel", final=False) + one(CONTINUATION, b"l", final=False)
        + one(CONTINUATION, b"o"))
    yield "empty fragments", (
        one(BINARY, final=False) + one(CONTINUATION, final=False) + one(CONTINUATION))
    yield "a text that is cut inside a letter", (
        one(TEXT, "ö".encode()[:1], final=False) + one(CONTINUATION, "ö".encode()[1:]))
    yield "fragments of 64 KiB", b"".join(
        one(CONTINUATION if number else BINARY, bytes([number]) * 65536, final=number == 3)
        for number in range(4))
    yield "control frames between fragments", (
        one(TEXT, b"a", final=False) + one(PING, b"between") + one(CONTINUATION, b"b", final=False)
        + one(PONG, b"nobody asked") + one(CONTINUATION, b"c") + one(PING))
    yield "a close between fragments", one(TEXT, b"a", final=False) + close(1000, b"", mask)
    for length in (0, 1, 125):
        yield f"a ping of {length}", one(PING, b"p" * length)
        yield f"a pong of {length} that nobody asked for", one(PONG, b"p" * length)
    yield "pongs one after another", one(PONG, b"1") * 50
    yield "a close without a code", close(None, b"", mask)
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
                 4000, 4401, 4999):
        yield f"close {code}", close(code, b"", mask)
    yield "a close with a reason", close(1001, "auf Wiedersehen, bis übermorgen".encode(), mask)
    yield "a close with a reason of 123", close(4000, b"r" * 123, mask)
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535):
        yield f"close {code}, which nobody may send", close(code, b"", mask)
    yield "a close with half a code", one(CLOSE, b"\x03")
    yield "a close with a reason that is no UTF-8", close(1000, b"\xff\xfe", mask)
    yield "frames behind a close", (
        close(1000, b"", mask) + one(TEXT, b"too late") + one(PING) + close(1001, b"", mask))
    for bits in range(1, 8):
        yield f"reserved bits {bits:03b}", one(TEXT, b"bits", reserved=bits) + one(TEXT, b"more")
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        yield f"reserved opcode {opcode}", one(opcode, b"what") + one(TEXT, b"more")
    for text in (b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xff", b"\xce"):
        yield f"text {text.hex()}, no UTF-8", one(TEXT, text) + one(TEXT, b"more")
    yield "a frame masked as the other side's are", (
        frame(TEXT, b"wrong side", mask=other) + one(TEXT, b"more"))
    yield "a ping masked as the other side's are", frame(PING, b"wrong side", mask=other)
    yield "a ping of 126", one(PING, b"x" * 126) + one(TEXT, b"more")
    yield "a close of 65536", one(CLOSE, b"x" * 65536)
    yield "a pong of 200", one(PONG, b"x" * 200)
    yield "a ping in fragments", one(PING, b"a", final=False) + one(CONTINUATION, b"b")
    yield "a close in fragments", one(CLOSE, b"\x03", final=False) + one(CONTINUATION, b"\xe8")
    yield "5 bytes, counted in 16 bits", one(TEXT, b"Hello", form=16)
    yield "5 bytes, counted in 64 bits", one(TEXT, b"Hello", form=64)
    yield "a ping counted in 16 bits", one(PING, b"Hello", form=16)
    yield "a length beyond 63 bits", (
        bytes([0x82, (0x80 if mask is not None else 0) | 127]) + b"\xff" * 8 + b"x" * 100)
    yield "a continuation of nothing", one(CONTINUATION, b"lost") + one(TEXT, b"more")
    yield "a text inside a text", (
        one(TEXT, b"a", final=False) + one(TEXT, b"b") + one(CONTINUATION, b"c"))
    yield "half a header", one(BINARY, b"x" * 300)[:3]
    yield "half a frame", one(BINARY, b"x" * 300)[:200]
    yield "half a pong", one(PONG, b"x" * 100)[:50]
    yield "a request in place of frames", b"GET /admin HTTP/1.1\r\nHost: app.test\r\n\r\n"
    yield "no frames at all", random.Random(1).randbytes(5000)
    yield "zeros", b"\0" * 1000
    for number, key in enumerate((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\r\n\r\n", b"GET ")):
        if mask is not None:
            yield f"mask {number}", b"".join(
                frame(opcode, b"masked " * 30, mask=key) for opcode in (TEXT, BINARY)) + frame(
                    PONG, b"masked", mask=key)
    # Only where compression was agreed on do these mean something; they pass in any case.
    yield "Hello of RFC 7692 § 7.2.3.1", one(TEXT, bytes.fromhex("f248cdc9c90700"), reserved=4)
    packed = deflate(b"a text that is long enough " * 500)
    yield "a compressed text in fragments", (
        one(TEXT, packed[:20], final=False, reserved=4) + one(PING, b"between")
        + one(CONTINUATION, packed[20:]))
    yield "a compressed block of nothing", one(BINARY, b"\0", reserved=4) + one(TEXT, b"plain")
    yield "a thousand frames", thousand(mask)


def thousand(mask, seed=7):
    """Sound messages of all kinds and sizes, in one long run."""
    made = random.Random(seed)
    parts = []
    for number in range(1000):
        size = made.choice((0, 1, 5, 60, 125, 126, 127, 500, 4000))
        key = made.randbytes(4) if mask is not None else None
        kind = made.randrange(10)
        if kind < 3:
            parts.append(frame(TEXT, b"%04d" % number + b"t" * size, key))
        elif kind < 6:
            parts.append(frame(BINARY, made.randbytes(size), key))
        elif kind < 8:
            parts.append(frame(made.choice((PING, PONG)), made.randbytes(min(size, 125)), key))
        else:
            parts.append(frame(TEXT, b"f" * size, key, final=False))
            for last in itertools.islice((False, False, True), made.randrange(3), None):
                if made.random() < 0.3:
                    parts.append(frame(PONG, b"within", key))
                parts.append(frame(CONTINUATION, b"c" * size, key, final=last))
    return b"".join(parts)
