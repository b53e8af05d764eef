"""The proxies: how each is configured, started and ended. All have one worker, pinned to one processor, and
write an access log."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PROXY_PROCESSOR = 0
LOAD_PROCESSOR = 1
CONFIGURATIONS = Path(__file__).parent.parent / "configurations"


@dataclass(frozen=True)
class Kind:
    """What is measured: a program in one configuration."""

    program: str
    # The algorithm of the tokens that it checks; None: it checks none.
    algorithm: str | None = None
    logs: bool = True
    # Whether it tells the app of the user in a signed assertion too.
    asserts: bool = False
    # Of nginx: how many pieces of 64 KiB of an answer it may hold.
    pieces: int = 16

    @property
    def checks_tokens(self) -> bool:
        return self.algorithm is not None


@dataclass(frozen=True)
class Programs:
    """Where the programs are."""

    ostiary: Path
    envoy: Path
    upstream: Path
    load: Path


@dataclass
class Running:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def empty_log(self) -> None:
        if self.log.exists():
            os.truncate(self.log, 0)


def start_upstream(programs: Programs, folder: Path) -> Running:
    port = free_port()
    return _start([str(programs.upstream), str(port)], port, LOAD_PROCESSOR, folder / "upstream.log", folder)


def start(kind: Kind, programs: Programs, keys: Path, upstream: int, folder: Path) -> Running:
    """`folder` is the proxy's own."""
    folder.mkdir(parents=True)
    port = free_port()
    log = folder / "access.log"
    words = {
        "PORT": str(port), "UPSTREAM": str(upstream), "KEYS": str(keys), "FOLDER": str(folder), "LOG": str(log),
        "ALGORITHM": kind.algorithm or "ES256", "ASSERTION": ", assertion: {}" if kind.asserts else "",
        "PIECES": str(kind.pieces),
    }

    def configuration(name: str) -> str:
        text = (CONFIGURATIONS / name).read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        if not kind.logs:
            text = text.replace("log global", "no log")
        (folder / name).write_text(text)
        return str(folder / name)

    # What a proxy prints is its access log, unless it is told a file.
    output = log
    match kind.program:
        case "ostiary":
            configuration("policy.yaml")
            command = [str(programs.ostiary), "serve", "--config", configuration("ostiary.yaml")]
        case "haproxy":
            name = "haproxy-jwt.cfg" if kind.checks_tokens else "haproxy-plain.cfg"
            command = [_find("haproxy"), "-db", "-f", configuration(name)]
        case "nginx":
            output = folder / "output.log"
            command = [_find("nginx"), "-e", str(folder / "errors.log"), "-c", configuration("nginx.conf")]
        case "envoy":
            output = folder / "output.log"
            command = [str(programs.envoy), "-c", configuration("envoy.yaml"), "--concurrency", "1",
                       "--disable-hot-restart", "-l", "error"]
        case other:
            raise ValueError(f"`{other}` is no proxy")
    running = _start(command, port, PROXY_PROCESSOR, output, folder)
    running.log = log
    return running


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _find(program: str) -> str:
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise RuntimeError(f"{program} is missing; run.sh installs it")
    return found


def _start(command: list[str], port: int, processor: int, output: Path, folder: Path) -> Running:
    # Settings of whoever runs this are not for the gateway that is measured.
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("OSTIARY_") and name != "PORT"}
    with output.open("ab") as file:
        process = subprocess.Popen(
            ["taskset", "--cpu-list", str(processor), *command], stdout=file, stderr=subprocess.STDOUT, cwd=folder,
            env=environment)
    running = Running(port, process, output)
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return running
        except OSError:
            time.sleep(0.05)
    running.stop()
    raise RuntimeError(f"{command[0]} does not listen: {output.read_text()[-2000:]}")
