"""The gate as a process of its own, with its policy, its issuer's keys and its tokens; and in its place,
to see checks fail, a relay that does something wrong (`spoiler.py`)."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "app.test"

POLICY = """
version: 1
issuers:
  test: {issuer: "https://id.test", audience: app, leeway: 0s}
claims: {subject: sub, roles: roles}
roles: {viewer: {}}
routes:
  - {id: public, match: ANY /public/**, auth: public}
  - {id: app, match: ANY /app/**, allow: {role: viewer}}
  - {id: feed, match: WEBSOCKET /ws/**, allow: {role: viewer}}
  - {id: open, match: WEBSOCKET /open/**, auth: public}
  - id: listed
    match: WEBSOCKET /listed/**
    allow: {role: viewer}
    websocket: {origins: ["https://a.test", "https://b.test:8443"]}
  - {id: quiet, match: WEBSOCKET /quiet/**, allow: {role: viewer}, websocket: {idle: 2s}}
  - {id: bound, match: WEBSOCKET /bound/**, allow: {role: viewer}, websocket: {max_age: token}}
  - id: aged
    match: WEBSOCKET /aged/**
    allow: {role: viewer}
    websocket: {max_age: 2s, on_expiry: keep}
"""


class Issuer:
    """Whose tokens the policy above accepts; the key lives as long as this process."""

    def __init__(self, folder):
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key()))
        self.file = os.path.join(folder, "keys.json")
        with open(self.file, "w", encoding="ascii") as file:
            json.dump({"keys": [{**public, "kid": "k", "alg": "ES256", "use": "sig"}]}, file)

    def token(self, lasts=3600, role="viewer"):
        # Issued a while ago: the gate's clock is read in steps of some milliseconds, and the policy above
        # allows for no difference.
        now = int(time.time())
        return jwt.encode(
            {"iss": "https://id.test", "aud": "app", "sub": "alice", "roles": [role],
             "iat": now - 5, "exp": now + lasts},
            self._key, "ES256", {"kid": "k"})


class Process:
    """Something between clients and the app. `addresses` has what it listens on."""

    def __init__(self, command, folder, transport, name):
        self.log_path = os.path.join(folder, f"{name}.log")
        self.transport = transport
        # The log's file is not the process's own: nothing of it is lost when the process is killed.
        with open(self.log_path, "wb") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder,
                env={name: value for name, value in os.environ.items()
                     if not name.startswith("OSTIARY_") and name != "PORT"})
        self.pid = self._process.pid
        try:
            self.address = self._listening(folder, name)
        except BaseException:
            self.stop()
            raise

    def _listening(self, folder, name):
        path = os.path.join(folder, f"{name}.sock")
        limit = time.monotonic() + 20
        while time.monotonic() < limit and self._process.poll() is None:
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", self.log())
            if found and self.transport == "tcp":
                return int(found[1])
            if self.transport == "unix" and os.path.exists(path):
                return path
            time.sleep(0.02)
        raise RuntimeError(f"{name} does not listen: {self.log()}")

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def terminate(self):
        self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds):
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        if self._process.poll() is None:
            self._process.terminate()
            if self.wait(3) is None:
                self._process.kill()
        self._process.wait()

    # Memory, in bytes.

    def _memory(self, name):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return int(re.search(rf"{name}:\s+(\d+) kB", file.read())[1]) << 10

    def resident(self):
        return self._memory("VmRSS")

    def most_resident(self):
        return self._memory("VmHWM")

    def forget_most(self):
        """Lets `most_resident` begin anew (proc(5), clear_refs)."""
        with open(f"/proc/{self.pid}/clear_refs", "w", encoding="ascii") as file:
            file.write("5")


class Stand:
    """Starts what checks ask for, once for all that ask for the same, and stops all of it."""

    def __init__(self, binary, folder):
        self.binary, self.folder = os.path.abspath(binary), folder
        self.issuer = Issuer(folder)
        self.policy = os.path.join(folder, "policy.yaml")
        with open(self.policy, "w", encoding="ascii") as file:
            file.write(POLICY)
        self._running, self._shared, self._lock = [], {}, threading.Lock()
        self._count = 0

    def gate(self, app, transport, settings, shared=True):
        """A gate before `app`; one that nobody else uses unless `shared`."""
        key = (transport, app.url, tuple(settings))
        with self._lock:
            if shared and key in self._shared:
                return self._shared[key]
            name = self._name("gate")
            command = [
                self.binary, "serve", "--policy", self.policy, "--upstream", app.url,
                "--set", f"data={self.folder}/data", "--set", f"public_url=http://{HOST}",
                "--set", f"issuers.test.keys={self.issuer.file}",
                "--set", f"listeners={self._listener(transport, name)}",
                "--set", "log.access=false", "--set", "limits.body=8GiB",
            ]
            for setting in settings:
                command += ["--set", setting]
            gate = Process(command, self.folder, transport, name)
            self._running.append(gate)
            if shared:
                self._shared[key] = gate
            return gate

    def spoiler(self, app, transport, harm):
        with self._lock:
            name = self._name("spoiler")
            spoiler = Process(
                [sys.executable, os.path.join(os.path.dirname(__file__), "spoiler.py"), harm,
                 self._listener(transport, name), app.url],
                self.folder, transport, name)
            self._running.append(spoiler)
            return spoiler

    def _name(self, kind):
        self._count += 1
        return f"{kind}{self._count}"

    def _listener(self, transport, name):
        return "127.0.0.1:0" if transport == "tcp" else f"unix:{self.folder}/{name}.sock"

    def stop(self):
        for process in self._running:
            process.stop()
