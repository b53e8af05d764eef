"""The libraries from PyPI, each used as its documentation shows, and the judge for the other two."""

import base64
import json
import subprocess
import tempfile
import warnings
from datetime import datetime, timezone

import jwt
from joserfc import jws as joserfc_jws
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import KeySet

import mutants

warnings.simplefilter("ignore")
REQUIRED = ["iss", "aud", "sub", "exp"]


class FrozenTime(datetime):
    """PyJWT asks the clock itself."""

    now_seconds = mutants.NOW

    @classmethod
    def now(cls, tz=None):
        return datetime.fromtimestamp(cls.now_seconds, tz or timezone.utc)


jwt.api_jwt.datetime = FrozenTime


class PyJWT:
    name = "PyJWT"

    def __init__(self, rules):
        self.rules = rules
        self.keys = []
        for key in rules.key_list():
            try:
                self.keys.append(jwt.PyJWK.from_dict(key))
            except Exception:  # a key that the library does not take is one that it does not have
                pass

    def judge(self, token: bytes):
        try:
            name = jwt.get_unverified_header(token).get("kid")
            key = self.key(name)
            if self.rules.signature_only:
                jwt.PyJWS().decode(token, key, algorithms=self.rules.algorithms)
            else:
                jwt.decode(
                    token, key, algorithms=self.rules.algorithms, audience=self.rules.audience,
                    issuer=self.rules.issuer, leeway=self.rules.leeway,
                    options={"require": REQUIRED},
                )
            return True, ""
        except Exception as error:
            return False, type(error).__name__

    def key(self, name):
        if self.rules.single_key and self.keys:
            return self.keys[0]
        return next(key for key in self.keys if key.key_id == name and name is not None)


class JoseRFC:
    name = "joserfc"

    def __init__(self, rules):
        self.rules = rules
        try:
            self.keys = KeySet.import_key_set({"keys": rules.key_list()})
        except Exception:
            self.keys = None
        self.claims = joserfc_jwt.JWTClaimsRegistry(
            now=mutants.NOW, leeway=rules.leeway,
            iss={"essential": True, "value": rules.issuer},
            aud={"essential": True, "value": rules.audience},
            sub={"essential": True}, exp={"essential": True},
        )

    def judge(self, token: bytes):
        try:
            if self.keys is None:
                return False, "key set"
            if self.rules.signature_only:
                joserfc_jws.deserialize_compact(token, self.keys, self.rules.algorithms)
            else:
                decoded = joserfc_jwt.decode(token, self.keys, algorithms=self.rules.algorithms)
                self.claims.validate(decoded.claims)
            return True, ""
        except Exception as error:
            return False, type(error).__name__


class Judge:
    """Our verifier and jwt-kit, in one Swift program: `token-judge`."""

    def __init__(self, program):
        self.program = program

    def judge(self, cases):
        """Pairs of (ours, jwt-kit's) verdicts, in the order of the cases."""
        with tempfile.TemporaryFile("w+") as source, tempfile.TemporaryFile("w+") as answers:
            known = set()
            for case in cases:
                line = {"context": case.rules.name,
                        "token": base64.b64encode(case.token).decode()}
                if case.rules.name not in known:
                    known.add(case.rules.name)
                    line["rules"] = case.rules.document()
                source.write(json.dumps(line) + "\n")
            source.seek(0)
            subprocess.run([self.program], stdin=source, stdout=answers, check=True)
            answers.seek(0)
            for line in answers:
                answer = json.loads(line)
                yield tuple(
                    (answer[name]["accepted"], answer[name]["reason"])
                    for name in ("ostiary", "jwtKit")
                )
