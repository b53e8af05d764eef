"""The app behind the gate, whose part is played by the checks themselves: who asks for a path waits for
the request to arrive there, and answers it with whatever bytes."""

import collections
import os
import queue
import socket
import threading

from . import wire as wires
from .wire import Ended, Silence, Wire


class Visit(Wire):
    """A request that has arrived: its head is read, everything else is to be done."""

    def __init__(self, wire, head):
        super().__init__(wire.socket, bytes(wire.buffer))
        self.request = head
        self._over = threading.Event()

    def over(self):
        """The connection may carry another request."""
        self._over.set()

    def close(self):
        super().close()
        self._over.set()

    def reset(self):
        super().reset()
        self._over.set()

    def wait(self):
        self._over.wait()


class App:
    def __init__(self, folder, transport, name="app"):
        self.visits = collections.defaultdict(queue.Queue)
        if transport == "unix":
            self.address = os.path.join(folder, f"{name}.sock")
            self.url = f"unix:{self.address}"
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(self.address)
        else:
            self._listener = socket.socket()
            self._listener.bind(("127.0.0.1", 0))
            self.address = self._listener.getsockname()[1]
            self.url = f"http://127.0.0.1:{self.address}"
        self._listener.listen(256)
        threading.Thread(target=self._accept, daemon=True).start()

    def visit(self, path, patience=None):
        """The next request for `path`."""
        try:
            return self.visits[path].get(timeout=patience or wires.PATIENCE)
        except queue.Empty:
            raise Silence(f"no request for {path} has come") from None

    def has_been_asked(self, path, within=0.2):
        try:
            self.visit(path, within).close()
            return True
        except Silence:
            return False

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[Wire(connection)], daemon=True).start()

    def _serve(self, wire):
        try:
            while True:
                visit = Visit(wire, wire.head(patience=3600))
                self.visits[visit.request.path].put(visit)
                visit.wait()
                wire.buffer = visit.buffer
        except (Ended, Silence, OSError):
            wire.close()

    def close(self):
        self._listener.close()
