"""The gate of the run: its configuration, its processes, and what it holds."""

import os
import re
import socket
import subprocess
import time

POLICY = """\
version: 1
issuers: {local: {embedded: true}}
claims: {subject: sub, roles: roles}
roles: {viewer: {}}
routes:
  - {id: public, match: ANY /public/**, auth: public}
  - {id: private, match: ANY /private/**, allow: {role: viewer}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"endurance: {what} (after {seconds} s)")
        time.sleep(0.05)


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A process that is stopped by its own id."""

    def __init__(self, command, **options):
        self.child = subprocess.Popen(command, **options)

    def stop(self, seconds=20):
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.child.returncode

    def kill(self):
        self.child.kill()
        self.child.wait()


class Upstream(Process):
    def __init__(self, programs, port, mode):
        super().__init__([f"{programs}/upstream", str(port), mode])
        wait_for(lambda: accepts(port), 10, "the app does not listen")


class Gate(Process):
    def __init__(self, program, folder, upstream_port):
        policy = os.path.join(folder, "policy.yaml")
        with open(policy, "w", encoding="utf-8") as file:
            file.write(POLICY)
        self.port = free_port()
        data = ["--set", f"data={folder}/data", "--set", f"listeners=127.0.0.1:{self.port}"]
        settings = {
            "log.access": "false", "limits.connections": "20000",
            # Silent apps are part of the run, and nobody is to wait for long.
            "timeouts.response_head": "2s", "timeouts.upstream_idle": "20s",
        }
        self.log = os.path.join(folder, "log")
        with open(self.log, "w", encoding="utf-8") as log:
            super().__init__(
                [program, "serve", "--policy", policy, "--upstream", f"http://127.0.0.1:{upstream_port}", *data]
                + [part for name, value in settings.items() for part in ("--set", f"{name}={value}")],
                stderr=log)
        wait_for(lambda: accepts(self.port) or self.child.poll() is not None, 20, "the gate does not listen")
        if self.child.poll() is not None:
            with open(self.log, encoding="utf-8") as log:
                raise SystemExit("endurance: the gate did not start:\n" + log.read())
        self.token = subprocess.run(
            [program, "token", "mint", "--sub", "alice", "--role", "viewer", "--lifetime", "24h", *data],
            check=True, capture_output=True, text=True).stdout.strip()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def memory(self):
        """Resident memory in MiB."""
        with open(f"/proc/{self.child.pid}/status", encoding="utf-8") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024
