"""Tokens that are nearly good: each is a good one with one or two things changed, most of them signed
after the change, so that every layer is reached."""

import json
import random

from cryptography.hazmat.primitives.asymmetric import utils

import signing
from signing import ALGORITHMS, encode

NOW = 1_800_000_000
ISSUER = "https://issuer.test"
AUDIENCE = "app"
LEEWAY = 30

# Raw JSON, so that values can be spelled in any way.
ANY_VALUES = [
    "null", "true", "false", "0", "1", "-1", "1.5", "[]", "{}", '""', '"x"', '["x"]', "[1]",
    '{"a":1}', '"1800000000"', "NaN", "Infinity", "1e400", "-0", "01", "1.", "9223372036854775808",
]
TIMES = [str(NOW + d) for d in (-86400, -31, -30, -29, -1, 0, 1, 29, 30, 31, 3600, 86399, 86401)] + [
    f"{NOW + 600}.5", f"{NOW + 600}.0", "1.8000006e9", "1800000600e0", "253402300799",
    "253402300800", "1e300", "-5", f'"{NOW + 600}"',
]
AUDIENCES = [
    '"app"', '["app"]', '["other","app"]', '["other"]', '"ap"', '"app2"', '"APP"', '["app",1]',
    '["app",null]', '[["app"]]', '"app "', '["app","app"]',
]
ISSUERS = [
    f'"{ISSUER}/"', '"https://issuer.tes"', f'"{ISSUER}.evil.test"', '"HTTPS://issuer.test"',
    f'["{ISSUER}"]', f'["{ISSUER}","https://evil.test"]', '"https://issuer\\u002etest"', '""',
    '"https://issuer.test\\u0000"', '"https://\\u0456ssuer.test"',
]
SUBJECTS = ['""', '"' + "s" * 255 + '"', '"' + "s" * 256 + '"', '"a\\u000ab"', '"a\\u0085b"',
            '"\\u00e9"', '"e\\u0301"', '"\\ud83d\\ude00"']
OTHER_CLAIMS = [
    ("cnf", '{"jkt":"x"}'), ("cnf", "null"), ("token_use", '"id"'), ("token_use", '"access"'),
    ("typ", '"Refresh"'), ("token_type", '"refresh"'), ("token_type", '"access"'),
    ("token_type", '"Sliding"'), ("typ", '"Bearer"'), ("jti", '"a"'), ("jti", "1"), ("jti", "null"),
    ("events", '{"http://schemas.openid.net/event/backchannel-logout":{}}'), ("events", "{}"),
    ("scope", '"a b"'), ("roles", '["a"]'), ("__proto__", "{}"), ("constructor", "1"),
    ("deep", "[" * 7 + "]" * 7), ("deep", "[" * 8 + "]" * 8), ("deep", "[" * 40 + "]" * 40),
    ("many", "[" + ",".join("0" * 1 for _ in range(257)) + "]"),
    ("number", "1e400"), ("number", "-0.0e-0"), ("number", "1" * 400), ("text", '"\\ud800"'),
    ("text", '"\\u0000"'), ("text", '"\\/\\b\\f\\n\\r\\t"'), ("n" * 300, "1"),
]
ODD_SCALARS = ["\\u0001", "\\n", "\\u007f", "\\u0080", "\\u009f", "\x7f", "\x85", "\xa0", "\u0100",
               "\u2028", "\U0001f600", "\\\\", '\\"', "\\/", "\\ud83d\\ude00", "~", " "]
# As bytes, for texts that may be no UTF-8.
ODD_BYTES = [b"\x00", b"\x1f", b"\n", b"\x80", b"\xbf", b"\xc1\x81", b"\xc3", b"\xe0\x80\x80", b"\xed\xbf\xbf",
             b"\xf4\x90\x80\x80", b"\xff", b"\\", b'"', b"\\u", b"\\ud83d", b"\xef\xbf\xbf", b"\xc3\xa9"]
TYPES = ['"JWT"', '"at+jwt"', '"application/at+jwt"', '"AT+JWT"', '"logout+jwt"', '"dpop+jwt"',
         '"secevent+jwt"', '"JOSE"', '"x"', "1", "null", '""']
KEY_IDS = ['"unknown"', '""', "1", "null", '["RS256"]', '"../../../../dev/null"',
           '"x\' UNION SELECT 1"', '"' + "k" * 256 + '"', '"' + "k" * 300 + '"', '"rs256"',
           '"%00"', '"RS256\\u0000"']
HEADER_MEMBERS = [
    ("crit", "[]"), ("crit", '["exp"]'), ("crit", '["b64"]'), ("crit", '["x"]'), ("crit", '"exp"'),
    ("crit", "[1]"), ("crit", '["alg"]'), ("crit", "null"), ("b64", "false"), ("b64", "true"),
    ("zip", '"DEF"'), ("cty", '"JWT"'), ("cty", '"text"'), ("jku", '"https://evil.test/keys"'),
    ("x5u", '"https://evil.test/chain"'), ("x5c", '["AAAA"]'), ("x5c", "[]"), ("x5t", '"AAAA"'),
    ("jwk", '{"kty":"oct","k":"AAAA"}'), ("x", "1"), ("nonce", '"n"'), ("iss", f'"{ISSUER}"'),
    ("exp", "1"), ("enc", '"A256GCM"'), ("p2c", "1000000000"), ("apu", '"AA"'), ("iv", '"AA"'),
    ("x", "[" * 40 + "]" * 40), ("n" * 300, "1"),
]
ALGORITHM_NAMES = [
    '"none"', '"None"', '"NONE"', '"nOnE"', '""', "null", "1", '["RS256"]', '"rs256"', '"HS256 "',
    '"ES521"', '"ES256K"', '"Ed25519"', '"Ed448"', '"RS1"', '"HS1"', '"A128KW"', '"dir"',
]


class Mutant:
    """A token under construction: members as raw JSON texts, then parts, then bytes."""

    def __init__(self, source: random.Random, keys):
        self.random = source
        self.keys = keys
        self.algorithm = source.choice(ALGORITHMS)
        self.header = [("alg", f'"{self.algorithm}"'), ("kid", f'"{self.algorithm}"')]
        if source.random() < 0.3:
            self.header.append(("typ", '"at+jwt"'))
        self.claims = [
            ("iss", f'"{ISSUER}"'), ("aud", f'"{AUDIENCE}"'), ("sub", '"alice"'),
            ("iat", str(NOW)), ("exp", str(NOW + 600)),
        ]
        self.kinds = []
        self.texts = None  # header and payload as bytes of JSON, once they are written
        self.parts = None  # encoded
        self.signature = None
        self.token = None

    def pick(self, values):
        return self.random.choice(values)

    def build(self) -> bytes:
        for _ in range(self.pick([1, 1, 1, 2])):
            change = self.pick(CHANGES)
            change(self)
            self.kinds.append(change.__name__)
        self.finish()
        return self.token

    def write(self):
        if self.texts is None:
            self.texts = [
                ("{" + ",".join(f'"{n}":{v}' for n, v in members) + "}").encode()
                for members in (self.header, self.claims)
            ]

    def encode(self):
        if self.parts is None:
            self.write()
            self.parts = [encode(text).encode() for text in self.texts]

    def sign(self):
        if self.signature is None:
            self.encode()
            self.signature = self.keys.sign(self.algorithm, b".".join(self.parts))

    def finish(self):
        if self.token is None:
            self.sign()
            self.token = b".".join([*self.parts, encode(self.signature).encode()])

    def replace(self, members, name, value):
        for index, (other, _) in enumerate(members):
            if other == name:
                members[index] = (name, value)
                return
        members.append((name, value))

    def remove(self, members, name):
        members[:] = [m for m in members if m[0] != name]


# Header and claims, before they are written.

def header_algorithm(m):
    names = ALGORITHM_NAMES + [f'"{a}"' for a in ALGORITHMS]
    m.replace(m.header, "alg", m.pick(names))


def header_key_id(m):
    m.replace(m.header, "kid", m.pick(KEY_IDS + [f'"{a}"' for a in ALGORITHMS]))


def header_type(m):
    m.replace(m.header, "typ", m.pick(TYPES))


def header_member(m):
    name, value = m.pick(HEADER_MEMBERS)
    m.header.append((name, value))


def header_missing(m):
    m.remove(m.header, m.pick(["alg", "kid"]))


def header_order(m):
    m.random.shuffle(m.header)


def claim_time(m):
    m.replace(m.claims, m.pick(["exp", "nbf", "iat"]), m.pick(TIMES + ANY_VALUES))


def claim_audience(m):
    m.replace(m.claims, "aud", m.pick(AUDIENCES + ANY_VALUES))


def claim_issuer(m):
    m.replace(m.claims, "iss", m.pick(ISSUERS + ANY_VALUES))


def claim_subject(m):
    odd = f'"{odd_text(m, ODD_SCALARS)}"'
    m.replace(m.claims, "sub", m.pick(SUBJECTS + ANY_VALUES + [odd] * 20))


def odd_text(m, oddities):
    """One oddity at any place of a text of any length: readers take several bytes at a time."""
    text = "t" * m.random.randrange(40)
    place = m.random.randrange(len(text) + 1)
    return text[:place] + m.pick(oddities) + text[place:]


def claim_missing(m):
    m.remove(m.claims, m.pick(["iss", "aud", "sub", "iat", "exp"]))


def claim_other(m):
    name, value = m.pick(OTHER_CLAIMS)
    m.replace(m.claims, name, value)


def many_claims(m):
    m.claims += [(f"c{n}", "0") for n in range(m.pick([200, 251, 252, 400]))]


# The JSON texts.

def json_text(m):
    m.write()
    which = m.pick([0, 1])
    text = m.texts[which]
    changes = [
        lambda t: b"\xef\xbb\xbf" + t, lambda t: t + b" ", lambda t: b" \r\n\t" + t,
        lambda t: t.replace(b",", b" ,\n "), lambda t: t.replace(b":", b" : "),
        lambda t: t[:-1] + b",}", lambda t: t + b"}", lambda t: t + b"{}", lambda t: t[:-1],
        lambda t: t[:-1] + b"/**/}", lambda t: t.replace(b'"', b"'"), lambda t: b"[" + t + b"]",
        lambda t: t + b"\0", lambda t: t.decode("utf-8", "replace").encode("utf-16"), lambda t: b"null",
        lambda t: t.decode("utf-8", "replace").encode("utf-16-le"), lambda t: b"", lambda t: b"{}",
        lambda t: t[:-1] + b',"x":"\xff"}', lambda t: t[:-1] + b',"x":"\xc0\xaf"}',
        lambda t: t[:-1] + b',"x":"\xed\xa0\x80"}', lambda t: t[:-1] + b',"x":"\x01"}',
        lambda t: t[:-1] + b',"x":"\\ud800"}', lambda t: t[:-1] + b',"x":"\\u12"}',
        lambda t: t[:-1] + b',"x":"\\x41"}', lambda t: t[:-1] + b',"\xc3\xa9":1,"e\xcc\x81":1}',
    ]
    m.texts[which] = m.pick(changes)(text)


def json_twice(m):
    m.write()
    which = m.pick([0, 1])
    members = m.header if which == 0 else m.claims
    name, value = m.pick(members)
    if m.random.random() < 0.5:
        value = m.pick(ANY_VALUES)
    spelled = name if m.random.random() < 0.5 else f"\\u{ord(name[0]):04x}" + name[1:]
    more = f'"{spelled}":{value}'.encode()
    text = m.texts[which]
    m.texts[which] = m.pick([text[:-1] + b"," + more + b"}", b"{" + more + b"," + text[1:]])


def json_nested_twice(m):
    m.write()
    which = m.pick([0, 1])
    m.texts[which] = m.texts[which][:-1] + b',"x":{"a":1,"a":2}}'


def json_escapes(m):
    m.write()
    which = m.pick([0, 1])
    text = m.texts[which].decode("utf-8", "replace")
    letters = [i for i, c in enumerate(text) if c.isalpha() and text[i - 1] != "\\"]
    if not letters:
        return
    place = m.pick(letters)
    m.texts[which] = (text[:place] + f"\\u{ord(text[place]):04x}" + text[place + 1:]).encode()


def json_odd_text(m):
    m.write()
    which = m.pick([0, 1])
    text = odd_text(m, ["|"]).encode().replace(b"|", m.pick(ODD_BYTES))
    m.texts[which] = m.texts[which][:-1] + b',"' + m.pick([b'x":"' + text, text + b'":"x']) + b'"}'


def json_long(m):
    m.write()
    which = m.pick([0, 1])
    filler = b"x" * m.pick([2900, 3500, 4200, 5600, 5800, 9000])
    m.texts[which] = m.texts[which][:-1] + b',"x":"' + filler + b'"}'


def json_byte(m):
    m.write()
    which = m.pick([0, 1])
    m.texts[which] = random_change(m, m.texts[which])


# The encoding of the two signed parts; the signature is over what is sent.

def part_encoding(m):
    m.encode()
    which = m.pick([0, 1])
    m.parts[which] = encoding_change(m, m.parts[which])


# The signature.

def signature_bytes(m):
    m.sign()
    m.signature = m.pick([
        lambda s: s[:-1], lambda s: s[1:], lambda s: s + b"\0", lambda s: b"\0" + s, lambda s: b"",
        lambda s: bytes(len(s)), lambda s: b"\xff" * len(s), lambda s: s + s, lambda s: s[:16],
        lambda s: s[::-1], lambda s: s[len(s) // 2:] + s[: len(s) // 2], lambda s: s + b"\n",
        lambda s: random_change(m, s), lambda s: random_change(m, s),
    ])(m.signature)


def signature_of_scheme(m):
    """What is special to each algorithm."""
    m.encode()
    message = b".".join(m.parts)
    algorithm = m.algorithm
    if algorithm in signing.ORDERS:
        order = signing.ORDERS[algorithm]
        width = signing.CURVES[algorithm][2]
        r, s = signing.split_ecdsa(algorithm, m.keys.sign(algorithm, message))
        limit = 256**width
        pairs = [(r, order - s), (0, 0), (0, s), (r, 0), (order, s), (r, order), (1, 1), (s, r)]
        pairs += [(a + order, b) for a, b in [(r, s)] if a + order < limit]
        if m.random.random() < 0.2:
            m.signature = utils.encode_dss_signature(r, s)
        else:
            m.signature = signing.raw_ecdsa(algorithm, *m.pick(pairs))
    elif algorithm == "EdDSA":
        good = m.keys.sign(algorithm, message)
        value = int.from_bytes(good[32:], "little") + signing.ED25519_ORDER
        m.signature = m.pick([good[:32] + value.to_bytes(32, "little"), bytes(64),
                              good[:32] + bytes(32), b"\1" + bytes(63)])
    elif algorithm.startswith("PS"):
        digest = signing.HASHES[algorithm[2:]]
        other = m.pick(list(signing.HASHES.values()))
        m.signature = m.pick([
            lambda: m.keys.sign_pss(message, digest, m.pick([0, 16, 20, 32, 48, 64])),
            lambda: m.keys.sign_pss(message, digest, digest.digest_size, other),
            lambda: m.keys.sign("RS" + algorithm[2:], message),
        ])()
    elif algorithm.startswith("RS"):
        m.signature = m.keys.sign(m.pick(["RS256", "RS384", "RS512", "PS256"]), message)
    else:
        m.signature = m.keys.sign(m.pick(["HS256", "HS384", "HS512"]), message)


def signature_of_other_key(m):
    m.encode()
    m.signature = OTHER_KEYS.sign(m.algorithm, b".".join(m.parts))


def signature_of_public_key(m):
    """A public key taken for a secret: CVE-2015-9235 and its many kin."""
    name = m.pick([a for a in ALGORITHMS if not a.startswith("HS")])
    m.header = [("alg", '"HS256"'), ("kid", f'"{name}"')]
    m.texts = None
    m.parts = None
    m.encode()
    secret = m.pick(m.keys.texts(name) + [b"", b"secret", bytes(32)])
    m.signature = signing.authenticate(secret, b".".join(m.parts))


# The whole token.

def token_structure(m):
    m.finish()
    t = m.token
    header, payload, signature = (t.split(b".") + [b"", b"", b""])[:3]
    flat = json.dumps(dict(zip(("protected", "payload", "signature"),
                               (p.decode("latin-1") for p in (header, payload, signature)))))
    m.token = m.pick([
        t + b".", b"." + t, t + b".AA", t + b".AA.AA", header + b"." + payload, t.replace(b".", b".."),
        header, b"", b".", b"..", payload + b"." + header + b"." + signature, flat.encode(),
        header + b"." + payload + b".", b"." + payload + b"." + signature,
        header + b".." + signature, b" " + t, t + b" ", t + b"\n", b"Bearer " + t, t + b"," + t,
        t.replace(b".", b":"), t.upper(), t + b"\0", b'"' + t + b'"',
    ])


def token_encoding(m):
    m.finish()
    parts = m.token.split(b".")
    which = m.random.randrange(len(parts))
    parts[which] = encoding_change(m, parts[which])
    m.token = b".".join(parts)


def token_byte(m):
    m.finish()
    for _ in range(m.pick([1, 1, 2, 5])):
        m.token = random_change(m, m.token)


def nothing(m):
    m.finish()


def random_change(m, data):
    place = m.random.randrange(len(data) + 1)
    byte = bytes([m.random.randrange(256)])
    kind = m.random.randrange(4)
    if kind == 0 and place < len(data):
        flipped = bytes([data[place] ^ 1 << m.random.randrange(8)])
        return data[:place] + flipped + data[place + 1:]
    if kind == 1:
        return data[:place] + data[place + 1:]
    if kind == 2:
        return data[:place] + byte + data[place:]
    return data[:place] + byte + data[place + 1:]


def encoding_change(m, part):
    place = m.random.randrange(len(part) + 1)
    digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    def spare_bits(part):
        if len(part) % 4 not in (2, 3):
            return part + b"="
        value = digits.find(part[-1:])
        return part[:-1] + digits[value ^ 1:][:1] if value >= 0 else part

    inserts = [b" ", b"\n", b"\r\n", b"\t", b"?", b"=", b"\0", b"+", b"/", b"%", b"\xc3\xa9", b"."]
    return m.pick([
        lambda p: p + b"=", lambda p: p + b"==", lambda p: p + b"=" * (-len(p) % 4), spare_bits,
        spare_bits, lambda p: p + b"A", lambda p: p.replace(b"-", b"+").replace(b"_", b"/"),
        lambda p: p[:place] + m.pick(inserts) + p[place:], lambda p: p + m.pick(inserts),
        lambda p: p + b"!!!!", lambda p: p[:-1],
    ])(part)


OTHER_KEYS = None  # set before the first mutant is made

CHANGES = [
    header_algorithm, header_algorithm, header_key_id, header_type, header_member, header_member,
    header_missing, header_order, claim_time, claim_time, claim_time, claim_audience, claim_issuer,
    claim_subject, claim_missing, claim_other, claim_other, many_claims, json_text, json_text,
    json_twice, json_nested_twice, json_escapes, json_odd_text, json_odd_text, json_long, json_byte, json_byte,
    part_encoding, part_encoding, signature_bytes, signature_of_scheme, signature_of_scheme,
    signature_of_other_key, signature_of_public_key, token_structure, token_encoding, token_byte,
    token_byte, nothing,
]


def make(count, seed, keys):
    """`count` mutants as (kinds, token); the same for one seed but for what the keys are."""
    global OTHER_KEYS
    OTHER_KEYS = signing.Keys()
    source = random.Random(seed)
    for _ in range(count):
        mutant = Mutant(source, keys)
        token = mutant.build()
        yield mutant.kinds, token
