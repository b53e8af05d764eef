"""Checks: what they need, how they are run, and the table of what came out.

A check is a function of a `Scene`; it returns what it measured, as a text, and raises where something does
not hold. It names by what it is spoilt (`spoiler.py`): with `--self-test` that stands in the gate's place,
and a check that holds all the same is reported, because it checks nothing.
"""

import concurrent.futures
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback

from .app import App
from .gate import HOST, Stand
from .wire import Wire

CHECKS = []


class Failure(Exception):
    """What was checked does not hold."""


def expect(holds, text):
    if not holds:
        raise Failure(text)


def check(name, spoilt_by, settings=(), *, waits=False, alone=False, transports=("tcp", "unix")):
    """`waits`: it passes its time waiting, and so beside others. `alone`: it needs a gate that nobody
    else uses, to measure or to stop it."""

    def register(function):
        CHECKS.append((name, function, spoilt_by, tuple(settings), waits, alone, transports))
        return function

    return register


class Scene:
    """What a check has to do with."""

    def __init__(self, place, app, issuer, transport, options):
        self._place, self.app, self.issuer = place, app, issuer
        self.transport, self.options = transport, options
        self.gate = self.before(app)

    def before(self, app):
        """A gate like that of this scene, before another app: whatever has a `url`."""
        return self._place(app)

    def connect(self, receive_buffer=None):
        return Wire.connect(self.gate.address, receive_buffer)

    def connect_directly(self):
        return Wire.connect(self.app.address)

    def request(self, method, path, *fields, token=True, version="1.1"):
        """A request's head, by somebody who may ask unless `token` is another one, or None."""
        lines = [f"{method} {path} HTTP/{version}", f"Host: {HOST}", *fields]
        if token:
            lines.append(f"Authorization: Bearer {self.issuer.token() if token is True else token}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def run(arguments, options, titles):
    """Runs all checks and prints the table.

    - Returns: the exit status.
    """
    self_test = "--self-test" in arguments
    only = [argument[7:] for argument in arguments if argument.startswith("--only=")]
    folder = tempfile.mkdtemp(prefix="gate-")
    # Stopped like that, it still stops what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stand = None
    try:
        stand = Stand(os.environ["OSTIARY_BIN"], folder)
        apps = {transport: App(folder, transport) for transport in ("tcp", "unix")}
        work = [
            (entry, transport)
            for entry in CHECKS for transport in entry[6]
            if not only or any(text in entry[0] for text in only)
            # What is wrong with a check is wrong over both.
            if not self_test or transport == entry[6][0]
        ]
        results = {}

        def perform(item):
            entry, transport = item
            name, function, spoilt_by, settings, _, alone, _ = entry
            start, gates = time.monotonic(), []

            def place(app):
                if self_test:
                    gate = stand.spoiler(app, transport, spoilt_by)
                else:
                    gate = stand.gate(app, transport, settings, not alone)
                gates.append(gate)
                return gate

            try:
                scene = Scene(place, apps[transport], stand.issuer, transport, options)
                text, holds = function(scene) or "", True
            except Exception as error:  # pylint: disable=broad-except
                text, holds = f"{type(error).__name__}: {error}", False
                if not self_test:
                    places = traceback.extract_tb(error.__traceback__)[1:]
                    text += "\n" + " < ".join(
                        f"{os.path.basename(place.filename)}:{place.lineno}"
                        for place in reversed(places))
            for gate in gates if self_test or alone else []:
                gate.stop()
            results[name, transport] = (holds, text, time.monotonic() - start)

        with concurrent.futures.ThreadPoolExecutor(24) as pool:
            for waiting in [pool.submit(perform, item) for item in work if item[0][4]]:
                waiting.result()
        for item in work:
            if not item[0][4]:
                perform(item)
        return table(work, results, titles, self_test)
    finally:
        if stand:
            stand.stop()
        shutil.rmtree(folder, ignore_errors=True)


def table(work, results, title, self_test):
    width = max((len(entry[0]) for entry, _ in work), default=0)
    print(f"{title}{': spoilt, so that every check must fail' if self_test else ''}")
    bad = 0
    for entry, transport in work:
        holds, text, seconds = results[entry[0], transport]
        good = holds != self_test
        bad += not good
        if self_test:
            text = f"({entry[2]}) {text}"
        verdict = ("fails" if self_test else "ok") if good else ("HOLDS" if self_test else "FAILED")
        first, *more = text.split("\n")
        print(f"  {entry[0]:{width}}  {transport:4}  {verdict:6}  {seconds:5.1f} s  {first[:160]}")
        for line in more if not good else []:
            print(f"      {line}", file=sys.stderr)
    print(f"{len(work)} checks, {bad} {'hold all the same' if self_test else 'failed'}")
    return 1 if bad or not work else 0
