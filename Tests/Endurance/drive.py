"""Runs the endurance test: gate, app and clients, the app's deaths, and the judgement at the end."""

import mmap
import os
import random
import struct
import sys
import tempfile
import threading
import time

from gate import Gate, Process, Upstream, free_port, wait_for

CONNECTIONS = 64
# Seconds between two deaths of the app, and how long what happens then may be put down to them.
CRASHES = (6, 14)
AFTERMATH = 3
# Beyond what the gate held when a fifth of the requests was through: allocators keep some room, and no
# more of it after ten million requests than after two.
GROWTH = 24


class Weather:
    """A counter in a file that clients look at: odd while the app is down or has just come back."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "weather")
        with open(self.path, "wb") as file:
            file.write(bytes(4))
        with open(self.path, "r+b") as file:
            self._view = mmap.mmap(file.fileno(), 4)

    def change(self):
        self._view[:] = struct.pack("=I", struct.unpack("=I", self._view[:])[0] + 1)


class Run:
    def __init__(self, programs, program, requests, seed, mode="honest", crashes=True):
        self.requests, self.seed, self.mode = requests, seed, mode
        self.programs, self.program = programs, program
        self.crashes = 0 if crashes else None
        self.memory = []
        self.counts = {}
        self.over = threading.Event()

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.processes = []
        self.weather = Weather(self.folder.name)
        self.app_port = free_port()
        self.app = Upstream(self.programs, self.app_port, self.mode)
        try:
            self.gate = Gate(self.program, self.folder.name, self.app_port)
        except BaseException:
            self.app.stop()
            raise
        return self

    def __exit__(self, *_):
        self.over.set()
        for process in [*self.processes, self.gate, self.app]:
            process.stop()
        self.folder.cleanup()

    def perform(self, show=True):
        """Returns the exit status of the clients."""
        self.base = self.gate.descriptors()
        load = Process(
            [f"{self.programs}/load", str(self.gate.port), str(self.requests), str(CONNECTIONS), str(self.seed),
             self.gate.token, self.weather.path],
            stdout=-1, text=True)
        self.processes.append(load)
        crashing = threading.Thread(target=self._crash_now_and_then, daemon=True)
        if self.crashes is not None:
            crashing.start()
        began = time.monotonic()
        for line in load.child.stdout:
            self.counts = {name: int(value) for name, value in (part.split("=") for part in line.split())}
            met = self.counts["settled"] - self.counts["unavailable"]
            self.memory.append((met, self.gate.memory(), self.gate.descriptors()))
            if show:
                self._show(time.monotonic() - began)
        self.over.set()
        if crashing.is_alive():
            crashing.join()
        self.seconds = time.monotonic() - began
        return load.child.wait()

    def _crash_now_and_then(self):
        chance = random.Random(self.seed)
        pause = 1.0
        while not self.over.wait(pause):
            pause = chance.uniform(*CRASHES)
            self.weather.change()
            self.app.kill()
            self.over.wait(chance.uniform(0, 1.5))
            self.app = Upstream(self.programs, self.app_port, self.mode)
            self.over.wait(AFTERMATH)
            self.weather.change()
            self.crashes += 1

    def _show(self, seconds):
        settled, memory, descriptors = self.memory[-1]
        rate = settled / max(seconds, 0.001)
        left = (self.requests - settled) / max(rate, 1)
        text = (f"{settled:>10,} of {self.requests:,}  {rate:>8,.0f}/s  {left:>5.0f} s left  "
                f"{memory:6.1f} MiB  {descriptors:>4} descriptors  {self.crashes or 0} crashes")
        if sys.stdout.isatty():
            print("\r" + text, end="", flush=True)
        elif int(seconds) % 15 == 0:
            print(text, flush=True)

    def _memory_at(self, share):
        reached = [memory for settled, memory, _ in self.memory if settled <= share * self.requests]
        return max(reached or [self.memory[0][1]])

    def verdicts(self, status):
        """Name, what was found, and whether it is as it should be."""
        counts = self.counts
        yield "clients saw no fault", f"status {status}", status == 0
        for kind, name in [("wrong", "wrong answers"), ("lost", "answers lost for no reason"),
                           ("hung", "requests without an end")]:
            yield name, f"{counts[kind]:,}", counts[kind] == 0
        met = counts["settled"] - counts["unavailable"]
        yield "requests that met the app", f"{met:,}", met >= self.requests
        for kind in ["right", "refused", "truncated", "unavailable", "aborted"]:
            # What did not happen was not tested.
            yield kind, f"{counts[kind]:,}", counts[kind] > 0
        yield "crashes of the app", f"{self.crashes}", self.crashes > 0
        early, late = self._memory_at(0.2), max(memory for _, memory, _ in self.memory)
        yield "memory flat", f"{early:.1f} MiB after a fifth, {late:.1f} MiB at most", late - early <= GROWTH
        self.app.stop()
        try:
            wait_for(lambda: self.gate.descriptors() <= self.base, 10, "")
        except SystemExit:
            pass
        left = self.gate.descriptors()
        yield "descriptors flat", f"{self.base} before, {left} after", left <= self.base
        self.app = Upstream(self.programs, self.app_port, self.mode)
        after = Run.once(self)
        yield "served after it all", f"status {after}", after == 200
        ended = self.gate.stop()
        yield "the gate ends in order", f"status {ended}", ended == 0

    def once(self):
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", self.gate.port, timeout=5)
        connection.request("GET", "/public/1/l/100/-")
        return connection.getresponse().status


def long_run(programs, program, requests, seed):
    print(f"endurance: {requests:,} requests over {CONNECTIONS} connections, SEED={seed}", flush=True)
    with Run(programs, program, requests, seed) as run:
        status = run.perform()
        print()
        failed = False
        for name, found, holds in run.verdicts(status):
            failed |= not holds
            print(f"  {'ok    ' if holds else 'FAILED'}  {name:<28}{found}")
        rate = run.counts["settled"] / run.seconds
        print(f"  {run.counts['bytes'] / 2**30:.1f} GiB of answers in {run.seconds:.0f} s, {rate:,.0f} requests/s")
    return failed


def self_test(programs, program):
    """An app that misbehaves must be reported, and one that does not, not."""
    failed = False
    for mode, kind in [("honest", None), ("wrong-byte", "wrong"), ("swapped", "wrong"), ("silent", "lost")]:
        with Run(programs, program, 6000, 1, mode, crashes=False) as run:
            status = run.perform(show=False)
            noticed = [name for name in ("wrong", "lost", "hung") if run.counts[name] > 0]
        holds = noticed == ([kind] if kind else []) and status == (1 if kind else 0)
        failed |= not holds
        print(f"  {'ok    ' if holds else 'FAILED'}  {mode}: {', '.join(noticed) or 'nothing'} reported", flush=True)
    return failed


def main():
    programs, program, *arguments = sys.argv[1:]
    # The gate takes what begins with OSTIARY_ for settings.
    os.environ.pop("OSTIARY_BIN", None)
    if not os.access(program, os.X_OK):
        raise SystemExit(f"endurance: no program at {program}; build it (make build), or name it with OSTIARY_BIN")
    if arguments == ["--self-test"]:
        return self_test(programs, program)
    requests = int(arguments[0]) if arguments else 100_000
    seed = int(os.environ.get("SEED") or random.randrange(1 << 32))
    return long_run(programs, program, requests, seed)


if __name__ == "__main__":
    sys.exit(main())
