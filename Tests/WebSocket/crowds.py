"""Many WebSockets at a time, all of which talk, and what they cost the gate."""

import asyncio
import contextlib
import hashlib
import os
import time
import types

import websockets.asyncio.client
import websockets.asyncio.server
import websockets.exceptions

from stand.gate import HOST
from stand.report import check, expect

#: Bytes of the gate's memory for each open and silent WebSocket.
MOST_EACH = 48 << 10
MESSAGES = 10


def message(number, turn):
    """No two are the same."""
    seed = hashlib.sha256(b"%d %d" % (number, turn)).digest()
    return seed * (1 + (number + turn * 7) % 40)


async def echo(connection):
    with contextlib.suppress(websockets.exceptions.ConnectionClosed):
        async for data in connection:
            await connection.send(data)


async def crowd(scene, count):
    path = os.path.join(os.path.dirname(scene.issuer.file), "crowd.sock")
    options = {"compression": None, "ping_interval": None, "max_size": None}
    if scene.transport == "unix":
        server = await websockets.asyncio.server.unix_serve(echo, path, backlog=1024, **options)
        url = f"unix:{path}"
    else:
        server = await websockets.asyncio.server.serve(
            echo, "127.0.0.1", 0, backlog=1024, **options)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    gate = await asyncio.to_thread(scene.before, types.SimpleNamespace(url=url))
    options |= {"proxy": None, "open_timeout": 60, "close_timeout": 30, "additional_headers": {
        "Authorization": f"Bearer {scene.issuer.token()}"}}

    async def one():
        if scene.transport == "unix":
            return await websockets.asyncio.client.unix_connect(
                gate.address, f"ws://{HOST}/ws/crowd", **options)
        return await websockets.asyncio.client.connect(
            f"ws://{HOST}/ws/crowd", host="127.0.0.1", port=gate.address, **options)

    async def talk(connection, number):
        for turn in range(MESSAGES):
            data = message(number, turn)
            await connection.send(data)
            expect(await connection.recv() == data, f"socket {number} has another one's message")

    # What is needed once, before anything is measured.
    first = [await one() for _ in range(4)]
    await asyncio.gather(*(talk(connection, number) for number, connection in enumerate(first)))
    before = gate.resident()
    start = time.monotonic()
    connections = []
    for begin in range(0, count, 100):
        connections += await asyncio.gather(*(one() for _ in range(min(100, count - begin))))
    opened = time.monotonic() - start
    await asyncio.sleep(0.5)
    silent = gate.resident() - before
    start = time.monotonic()
    await asyncio.gather(
        *(talk(connection, number) for number, connection in enumerate(connections)))
    talked = time.monotonic() - start
    await asyncio.sleep(0.5)
    after = gate.resident() - before
    await asyncio.gather(*(connection.close(4000, "done") for connection in connections + first))
    expect(all(connection.close_code == 4000 for connection in connections), "another close code")
    server.close()
    expect(silent / count < MOST_EACH, f"{silent / count / 1024:.1f} KiB for each that is silent")
    return (f"{count} opened in {opened:.1f} s, {count * MESSAGES} messages there and back in "
            f"{talked:.1f} s; {silent / count / 1024:.1f} KiB each when silent, "
            f"{after / count / 1024:.1f} KiB after the talk")


@check("many WebSockets at a time, each with its own messages", "flip",
       ["limits.connections_per_address=100000", "limits.connections=100000",
        "limits.upstream_requests=100000", "websocket.ping_interval=0s"], alone=True)
def many(scene):
    return asyncio.run(asyncio.wait_for(crowd(scene, scene.options["connections"]), 300))
