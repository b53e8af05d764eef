"""The verifier of examples/assertion against a running gateway, and against forgeries."""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "assertion"
OSTIARY = os.environ["OSTIARY"]
sys.path.insert(0, str(EXAMPLE))
from verify import Verifier  # noqa: E402

GATEWAY = "http://app.test"


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, fields=None, method="GET"):
    """Status, body and fields of the answer."""
    request = urllib.request.Request(url, headers=fields or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


class Gate:
    """A gateway and the example app behind it."""

    def __init__(self, assertion="{}", bound=()):
        self.folder = tempfile.TemporaryDirectory(prefix="assertion")
        self.port, self.app_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.keys = self.url + "/_ostiary/assertion-jwks.json"
        folder = pathlib.Path(self.folder.name)
        policy = (EXAMPLE / "policy.yaml").read_text()
        assert "assertion: {}" in policy
        (folder / "policy.yaml").write_text(policy.replace("assertion: {}", f"assertion: {assertion}"))
        self.config = str(folder / "ostiary.yaml")
        (folder / "ostiary.yaml").write_text(
            "version: 1\n"
            f"listeners: ['127.0.0.1:{self.port}']\n"
            f"public_url: {GATEWAY}\n"
            f"upstreams: {{app: {{url: 'http://127.0.0.1:{self.app_port}'}}}}\n"
            "policy: policy.yaml\n"
            "data: data\n")
        self.log = open(folder / "log", "w+")
        self.app = subprocess.Popen(
            [sys.executable, str(EXAMPLE / "app.py"), str(self.app_port), GATEWAY, self.keys,
             *bound], stdout=self.log, stderr=self.log)
        self.gate = subprocess.Popen(
            [OSTIARY, "serve", "--config", self.config], stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                if fetch(self.keys)[0] == 200 and fetch(f"http://127.0.0.1:{self.app_port}/")[0]:
                    return
            except OSError:
                time.sleep(0.05)
        self.log.seek(0)
        raise AssertionError("no gateway: " + self.log.read())

    def stop(self):
        for process in (self.gate, self.app):
            process.terminate()
            process.wait()
        self.log.close()
        self.folder.cleanup()

    def ostiary(self, *arguments):
        return subprocess.run(
            [OSTIARY, *arguments, "--config", self.config], check=True, capture_output=True,
            text=True).stdout.strip()

    def token(self, subject="alice", *roles):
        flags = [flag for role in roles or ["viewer"] for flag in ("--role", role)]
        return self.ostiary("token", "mint", "--sub", subject, *flags)

    def get(self, path, token, **fields):
        return fetch(self.url + path, {"Authorization": f"Bearer {token}", **fields})

    def private_key(self):
        """The key that signs, which only a test would read."""
        folder = pathlib.Path(self.folder.name) / "data" / "keys" / "assertion"
        (file,) = folder.glob("*.pem")
        assert file.stat().st_mode & 0o777 == 0o600, file
        return serialization.load_pem_private_key(file.read_bytes(), None)

    def key_id(self):
        return json.loads(fetch(self.keys)[1])["keys"][0]["kid"]


class TestCase(unittest.TestCase):
    assertion, bound = "{}", ()

    @classmethod
    def setUpClass(cls):
        cls.gate = Gate(cls.assertion, cls.bound)

    @classmethod
    def tearDownClass(cls):
        cls.gate.stop()

    def verifier(self, app="app"):
        return Verifier(GATEWAY, app, self.gate.keys)

    def signed(self, key=None, kid=None, typ="ostiary-assertion+jwt", **changes):
        """As the gateway would sign it, but for the changes."""
        now = int(time.time())
        claims = {"iss": GATEWAY, "aud": "app", "sub": "alice", "iat": now, "exp": now + 60}
        claims.update(changes)
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(
            claims, key or self.gate.private_key(), algorithm="ES256",
            headers={"typ": typ, "kid": kid or self.gate.key_id()})

    def refuses(self, assertion, **request):
        with self.assertRaises(jwt.PyJWTError):
            self.verifier().verify(assertion, **request)


class Assertions(TestCase):
    def test_the_app_is_told_who_asks(self):
        status, body, _ = self.gate.get("/", self.gate.token("alice", "editor"))
        self.assertEqual((status, body), (200, "hello alice, editor, viewer\n"))

    def test_without_the_gateway_the_app_believes_nobody(self):
        token = self.gate.token()
        for fields in ({}, {"X-Ostiary-Assertion": token}, {"X-Ostiary-Assertion": "x.y.z"}):
            status, _, _ = fetch(f"http://127.0.0.1:{self.gate.app_port}/", fields)
            self.assertEqual(status, 401)

    def test_an_assertion_of_the_client_is_not_the_one_that_arrives(self):
        forged = self.signed(sub="root", roles=["admin"])
        for name in ("X-Ostiary-Assertion", "x-ostiary-assertion", "X_Ostiary_Assertion"):
            status, body, _ = self.gate.get("/", self.gate.token(), **{name: forged})
            self.assertEqual((status, body), (200, "hello alice, viewer\n"))

    def test_the_helper_of_these_tests_signs_what_is_believed(self):
        self.assertEqual(self.verifier().verify(self.signed())["sub"], "alice")

    def test_other_audience(self):
        self.refuses(self.signed(aud="other"))
        self.refuses(self.signed(aud=["app", "other"]))
        self.refuses(self.signed(aud=None))
        with self.assertRaises(jwt.InvalidAudienceError):
            self.verifier("other").verify(self.signed())

    def test_other_issuer(self):
        self.refuses(self.signed(iss="http://evil.test"))
        self.refuses(self.signed(iss=None))

    def test_expired(self):
        now = int(time.time())
        self.refuses(self.signed(iat=now - 120, exp=now - 60))
        self.refuses(self.signed(exp=None))

    def test_foreign_key(self):
        foreign = ec.generate_private_key(ec.SECP256R1())
        self.refuses(self.signed(key=foreign))
        self.refuses(self.signed(key=foreign, kid="unknown"))

    def test_changed_claims(self):
        header, payload, signature = self.signed().split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        claims["sub"] = "root"
        forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
        self.refuses(f"{header}.{forged}.{signature}")

    def test_not_signed(self):
        claims = {"iss": GATEWAY, "aud": "app", "sub": "root", "iat": 1, "exp": 1 << 40}
        self.refuses(
            jwt.encode(claims, None, "none", {"typ": "ostiary-assertion+jwt", "kid": "x"}))

    def test_another_kind_of_token(self):
        for typ in ("at+jwt", "JWT"):
            self.refuses(self.signed(typ=typ))
        self.refuses(self.gate.token())

    def test_an_assertion_is_no_bearer_token(self):
        for assertion in (self.signed(), self.signed(aud="ostiary"), self.signed(typ="at+jwt")):
            status, _, _ = self.gate.get("/", assertion)
            self.assertEqual(status, 401)

    def test_bound_to_a_request_that_the_app_was_not_asked_about(self):
        self.refuses(self.signed(method="GET"))

    def test_published_keys(self):
        status, body, fields = fetch(self.gate.keys)
        self.assertEqual(status, 200)
        self.assertEqual(fields["Cache-Control"], "public, max-age=300")
        (key,) = json.loads(body)["keys"]
        self.assertEqual((key["alg"], key["crv"], key["use"]), ("ES256", "P-256", "sig"))
        self.assertNotIn("d", key)
        issuers = json.loads(fetch(self.gate.url + "/.well-known/jwks.json")[1])["keys"]
        self.assertNotIn(key["kid"], [other["kid"] for other in issuers])


class BoundAssertions(TestCase):
    assertion, bound = "{bind: [method, host, path], ttl: 10s}", ("method", "host", "path")

    def test_each_request_is_told_apart(self):
        token = self.gate.token()
        for path in ("/", "/a/b", "/a%20b/%C3%A9", "/x?path=/y"):
            status, body, _ = self.gate.get(path, token)
            self.assertEqual((status, body), (200, "hello alice, viewer\n"), path)

    def test_for_another_request(self):
        request = {"method": "GET", "host": "app.test", "path": "/a"}
        assertion = self.signed(**request)
        self.assertEqual(self.verifier().verify(assertion, **request)["sub"], "alice")
        for name, other in (("method", "POST"), ("host", "b.test"), ("path", "/b")):
            self.refuses(assertion, **{**request, name: other})
            self.refuses(assertion, **{**request, name: None})
        self.refuses(self.signed(), **request)


class Rotation(TestCase):
    def test_who_keeps_a_copy_of_the_keys_is_not_surprised(self):
        gate, token = self.gate, self.gate.token()
        self.assertEqual(gate.get("/", token)[0], 200)
        first = gate.key_id()
        gate.ostiary("keys", "assertion", "--rotate")
        self.wait_for(lambda: len(json.loads(fetch(gate.keys)[1])["keys"]) == 2)
        self.assertEqual(gate.key_id(), first)
        self.assertEqual(gate.get("/", token)[0], 200)
        gate.ostiary("keys", "assertion", "--replace")
        self.wait_for(lambda: gate.key_id() != first)
        self.assertEqual(len(json.loads(fetch(gate.keys)[1])["keys"]), 1)
        # Who has not asked a moment ago asks for a key that is not known.
        key = gate.private_key()
        self.assertEqual(self.verifier().verify(self.signed(key))["sub"], "alice")

    def wait_for(self, holds):
        deadline = time.monotonic() + 20
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)


if __name__ == "__main__":
    unittest.main()
