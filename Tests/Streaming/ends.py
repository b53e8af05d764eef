"""The gate stops while something streams."""

import time

from stand.report import check, expect


def stream(scene, path):
    client = scene.connect()
    client.send(scene.request("GET", path))
    visit = scene.app.visit(path)
    visit.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
    expect(client.head().status == 200 and client.chunk() == b"one", "no stream")
    return client, visit


@check("a stream may end in peace after the signal to stop", "plain", ["timeouts.shutdown=20s"],
       waits=True, alone=True)
def in_peace(scene):
    client, visit = stream(scene, "/app/peace")
    scene.gate.terminate()
    time.sleep(1)
    visit.send(b"3\r\ntwo\r\n0\r\n\r\n")
    expect(client.chunk() == b"two" and client.chunk() == b"", "the stream was cut off")
    client.trailers()
    client.rest(patience=3)
    status = scene.gate.wait(5)
    expect(status == 0, f"the gate has ended with {status}: {scene.gate.log()[-200:]}")
    return "1 s later; the gate ends behind it"


@check("a stream that does not end is cut off after timeouts.shutdown", "plain",
       ["timeouts.shutdown=1s"], waits=True, alone=True)
def cut_off(scene):
    client, visit = stream(scene, "/app/endless")
    start = time.monotonic()
    scene.gate.terminate()
    rest, _ = client.rest(patience=5)
    took = time.monotonic() - start
    expect(b"0\r\n\r\n" not in rest, "half a stream looks whole")
    expect(0.8 < took < 2.5, f"after {took:.1f} s")
    visit.rest(patience=3)
    status = scene.gate.wait(5)
    expect(status == 0, f"the gate has ended with {status}: {scene.gate.log()[-200:]}")
    return f"after {took:.1f} s of 1 s"
