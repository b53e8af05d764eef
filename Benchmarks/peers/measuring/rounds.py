"""The measuring itself: all proxies run at once, short slices of load go round them in turn.

The speed of a shared machine drifts by a quarter within seconds, so only what was measured in the same round
is ever compared.
"""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import checks, machine, tokens
from .cells import Cell, Group, Load
from .proxies import LOAD_PROCESSOR, PROXY_PROCESSOR, Programs, Running, start, start_upstream


@dataclass(frozen=True)
class Slice:
    """What came of a second of load on one cell."""

    round: int
    cell: str
    requests_per_second: float
    bytes_per_second: float
    # Of the proxy, in seconds.
    processor_per_request: float
    processor_per_byte: float
    # Microseconds.
    p50: float
    p99: float
    errors: int
    # Bytes of memory: before any load, and after this slice.
    resident_at_rest: int
    resident: int
    # The largest share of the time in which somebody else had a processor that we wanted.
    disturbance: float

    @staticmethod
    def read(path: Path) -> "list[Slice]":
        return [Slice(**json.loads(line)) for line in path.read_text().splitlines()]


@dataclass
class Target:
    """A cell's proxy, as it runs."""

    cell: Cell
    running: Running
    resident_at_rest: int
    next_token: int = 0


class Rounds:
    def __init__(self, programs: Programs, keys: Path, work: Path, seconds: float) -> None:
        self.programs = programs
        self.keys = keys
        self.work = work
        self.seconds = seconds

    def run(self, groups: tuple[Group, ...], count: int, results: Path) -> None:
        """Appends one line for each slice to `results`."""
        with ExitStack() as stack, results.open("a") as file:
            self.upstream = start_upstream(self.programs, self.work)
            stack.callback(self.upstream.stop)
            targets = {cell.name: self._prepare(cell, stack) for group in groups for cell in group.cells}
            # The first round only warms up.
            for number in range(-1, count):
                for group in groups:
                    for measured in self._round(number, group, targets):
                        if number < 0 and measured.errors:
                            raise RuntimeError(f"{measured.cell}: {measured.errors} requests failed")
                        if number >= 0:
                            file.write(json.dumps(asdict(measured)) + "\n")
                            file.flush()
                if number < 0:
                    for target in targets.values():
                        if target.cell.kind is not None:
                            checks.check_log(target.cell.name, target.cell.kind, target.running)
                if number >= 0:
                    print(f"peers: round {number + 1} of {count}", file=sys.stderr, flush=True)

    def _prepare(self, cell: Cell, stack: ExitStack) -> Target:
        if cell.kind is None:
            return Target(cell, self.upstream, machine.resident_bytes(self.upstream.process.pid))
        folder = self.work / cell.name.replace(", ", "-").replace(" ", "-")
        running = start(cell.kind, self.programs, self.keys, self.upstream.port, folder)
        stack.callback(running.stop)
        checks.check(cell.name, cell.kind, running, self.keys)
        return Target(cell, running, machine.resident_bytes(running.process.pid))

    def _round(self, number: int, group: Group, targets: dict[str, Target]) -> Iterator[Slice]:
        for cell in random.sample(group.cells, len(group.cells)):
            yield self._slice(number, targets[cell.name])

    def _slice(self, number: int, target: Target) -> Slice:
        proxy = target.running.process.pid
        others = [self.upstream.process.pid]
        if proxy in others:
            others = []
        proxy_before = machine.process_times(proxy)
        others_before = sum(machine.process_times(other).running for other in others)
        busy_before = machine.busy_seconds(LOAD_PROCESSOR)
        start_time = time.monotonic()
        made = self._load(target)
        passed = time.monotonic() - start_time
        busy = machine.busy_seconds(LOAD_PROCESSOR) - busy_before
        spent = machine.process_times(proxy) - proxy_before
        ours = made["processor"] + sum(machine.process_times(other).running for other in others) - others_before
        target.next_token += made["requests"]
        if number >= 0:
            target.running.empty_log()
        # A proxy that has no time left is slowed down by nobody on the other processor.
        beside = (busy - ours) / passed if spent.running / passed < 0.9 and others else 0.0
        return Slice(
            round=number, cell=target.cell.name,
            requests_per_second=made["requests"] / made["seconds"],
            bytes_per_second=made["bytes"] / made["seconds"],
            processor_per_request=spent.running / max(1, made["requests"]),
            processor_per_byte=spent.running / max(1, made["bytes"]),
            p50=made["p50"], p99=made["p99"],
            errors=made["bad_status"] + made["bad_body"] + made["broken"],
            resident_at_rest=target.resident_at_rest,
            resident=machine.resident_bytes(proxy),
            disturbance=max(0.0, spent.waiting / passed if others else 0.0, beside))

    def _load(self, target: Target) -> dict[str, Any]:
        load, kind = target.cell.load, target.cell.kind
        command = [
            "taskset", "--cpu-list", str(LOAD_PROCESSOR), str(self.programs.load), str(target.running.port),
            "--seconds", str(self.seconds), "--connections", str(load.connections), "--body", str(load.body),
            "--path", _path(load, checks_tokens=kind is not None and kind.checks_tokens),
        ]
        if load.upload:
            command += ["--upload", str(load.upload)]
        if kind is not None and kind.algorithm is not None:
            file = tokens.good_tokens(self.keys, kind.algorithm, many=load.many_tokens)
            command += ["--tokens", str(file), "--first", str(target.next_token)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=self.seconds + 60)
        if done.returncode != 0:
            raise RuntimeError(f"{target.cell.name}: {done.stderr.strip()}")
        result: dict[str, Any] = json.loads(done.stdout)
        return result


def _path(load: Load, *, checks_tokens: bool) -> str:
    return f"/{'api' if checks_tokens else 'open'}/{load.body if load.body != Load.body else 'orders'}"
