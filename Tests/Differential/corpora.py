"""The public test vectors: Wycheproof's tokens, and the examples of RFC 7520, RFC 8037 and RFC 7797."""

import json
import pathlib

from rules import Case, Rules

WYCHEPROOF = [
    "json_web_signature_test.json", "json_web_key_test.json", "json_web_crypto_test.json",
    "json_web_encryption_test.json",
]


def read(folder):
    """Every token of the folder as a case. Their payloads are no claims: only signatures count."""
    folder = pathlib.Path(folder)
    yield from wycheproof(folder / "wycheproof")
    yield from cookbook(folder / "cookbook")


def rules(name, keys):
    keys = keys if "keys" in keys else {"keys": [keys]}
    symmetric = [key.get("kty") == "oct" for key in keys["keys"]]
    public, secrets = (None, keys) if symmetric and all(symmetric) else (keys, None)
    return Rules(
        name, public, secrets, signature_only=True, single_key=len(keys["keys"]) == 1)


def wycheproof(folder):
    for file in WYCHEPROOF:
        for number, group in enumerate(json.loads((folder / file).read_text())["testGroups"]):
            held = rules(f"{file}/{number}", group.get("public") or group["private"])
            for test in group["tests"]:
                token = test.get("jws", test.get("jwe"))
                yield Case(f"{file}/{test['tcId']}", held, as_bytes(token))


def cookbook(folder):
    for path in sorted(folder.rglob("*.json")):
        document = json.loads(path.read_text())
        for number, example in enumerate(document if isinstance(document, list) else [document]):
            if "output" not in example:
                continue
            name = f"{path.name}/{number}"
            held = rules(name, public_half(example["input"]["key"]))
            for form, token in example["output"].items():
                if form in ("compact", "json", "json_flat"):
                    yield Case(f"{name}/{form}", held, as_bytes(token))


def as_bytes(token):
    return (token if isinstance(token, str) else json.dumps(token)).encode()


def public_half(key):
    """The examples sign, and so show private keys; sets of those are refused by everybody."""
    if isinstance(key, list):
        return {"keys": [public_half(k) for k in key]}
    if key.get("kty") == "oct":
        return key
    return {n: v for n, v in key.items() if n not in ("d", "p", "q", "dp", "dq", "qi")}
