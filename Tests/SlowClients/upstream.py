"""An app on a Unix socket: 2 bytes at most paths, 128 KiB at /public/large."""

import asyncio
import sys


PIECE = b"x" * 65536


async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            fields = head.decode("latin-1").lower().split("\r\n")
            for field in fields[1:]:
                if field.startswith("content-length:"):
                    await reader.readexactly(int(field.split(":", 1)[1]))
            pieces = [PIECE] * 2 if "/public/large" in fields[0] else [b"ok"]
            length = sum(map(len, pieces))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length)
            for piece in [] if fields[0].startswith("head ") else pieces:
                writer.write(piece)
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_unix_server(serve, sys.argv[1], backlog=1024)
    await server.serve_forever()


asyncio.run(main())
