"""What tokens are judged by, and what is judged."""

import json
from dataclasses import dataclass, field

import mutants
from signing import ALGORITHMS


@dataclass
class Rules:
    name: str
    keys: dict | None = None
    secrets: dict | None = None
    signature_only: bool = False
    # A configured key that is used whatever the token names, where a library can be used so.
    single_key: bool = False
    issuer: str = mutants.ISSUER
    audience: str = mutants.AUDIENCE
    algorithms: list = field(default_factory=lambda: ALGORITHMS)
    leeway: int = mutants.LEEWAY

    def key_list(self):
        return [key for part in (self.keys, self.secrets) if part for key in part["keys"]]

    def document(self):
        return {
            "keys": json.dumps(self.keys) if self.keys else None,
            "secrets": json.dumps(self.secrets) if self.secrets else None,
            "issuer": self.issuer, "audience": self.audience, "algorithms": self.algorithms,
            "leeway": self.leeway, "now": mutants.NOW, "signatureOnly": self.signature_only,
        }


@dataclass
class Case:
    origin: str
    rules: Rules
    token: bytes
