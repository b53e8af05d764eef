"""Keys made for one run, and signatures by them: of every algorithm, and wrong ones on purpose."""

import base64
import hashlib
import hmac
import json
import secrets

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
CURVES = {
    "ES256": ("P-256", ec.SECP256R1, 32),
    "ES384": ("P-384", ec.SECP384R1, 48),
    "ES512": ("P-521", ec.SECP521R1, 66),
}
ORDERS = {
    "ES256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "ES384": int(
        "ffffffffffffffffffffffffffffffffffffffffffffffff"
        "c7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16
    ),
    "ES512": int(
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409", 16
    ),
}
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493

ALGORITHMS = [
    "ES256", "ES384", "ES512", "EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
    "HS256", "HS384", "HS512",
]


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return encode(value.to_bytes((value.bit_length() + 7) // 8 or 1, "big"))


class Keys:
    """One key for each family, under one key ID for each algorithm: the algorithm's name."""

    def __init__(self):
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ed25519 = ed25519.Ed25519PrivateKey.generate()
        self.ec = {name: ec.generate_private_key(curve()) for name, (_, curve, _) in CURVES.items()}
        self.secret = secrets.token_bytes(64)

    def private(self, algorithm):
        if algorithm in self.ec:
            return self.ec[algorithm]
        return self.ed25519 if algorithm == "EdDSA" else self.rsa

    def public_jwk(self, algorithm):
        labels = {"kid": algorithm, "alg": algorithm, "use": "sig"}
        public = self.private(algorithm).public_key()
        if algorithm in self.ec:
            curve, _, width = CURVES[algorithm]
            point = public.public_numbers()
            x, y = (encode(n.to_bytes(width, "big")) for n in (point.x, point.y))
            return {"kty": "EC", "crv": curve, "x": x, "y": y, **labels}
        if algorithm == "EdDSA":
            raw = public.public_bytes(
                serialization.Encoding.Raw, serialization.PublicFormat.Raw
            )
            return {"kty": "OKP", "crv": "Ed25519", "x": encode(raw), **labels}
        numbers = public.public_numbers()
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e), **labels}

    def public_set(self):
        return {"keys": [self.public_jwk(a) for a in ALGORITHMS if not a.startswith("HS")]}

    def secret_set(self):
        key = {"kty": "oct", "k": encode(self.secret), "use": "sig"}
        return {"keys": [{**key, "kid": a, "alg": a} for a in ALGORITHMS if a.startswith("HS")]}

    def texts(self, algorithm):
        """A public key as bytes that somebody could take for a shared secret."""
        public = self.private(algorithm).public_key()
        formats = serialization.PublicFormat
        pem = public.public_bytes(serialization.Encoding.PEM, formats.SubjectPublicKeyInfo)
        der = public.public_bytes(serialization.Encoding.DER, formats.SubjectPublicKeyInfo)
        return [
            pem, pem.rstrip(b"\n"), pem.replace(b"\n", b"\r\n"), der, base64.b64encode(der),
            json.dumps(self.public_jwk(algorithm)).encode(),
        ]

    def sign(self, algorithm, message: bytes) -> bytes:
        digest = HASHES.get(algorithm[2:], hashes.SHA256)
        if algorithm.startswith("HS"):
            return hmac.digest(self.secret, message, "sha" + algorithm[2:])
        if algorithm == "EdDSA":
            return self.ed25519.sign(message)
        if algorithm in self.ec:
            r, s = utils.decode_dss_signature(self.ec[algorithm].sign(message, ec.ECDSA(digest())))
            return raw_ecdsa(algorithm, r, s)
        if algorithm.startswith("RS"):
            return self.rsa.sign(message, padding.PKCS1v15(), digest())
        return self.sign_pss(message, digest, digest.digest_size)

    def sign_pss(self, message, digest, salt_length, mask_digest=None):
        mask = padding.MGF1((mask_digest or digest)())
        return self.rsa.sign(message, padding.PSS(mask, salt_length), digest())


def raw_ecdsa(algorithm, r, s) -> bytes:
    width = CURVES[algorithm][2]
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")


def split_ecdsa(algorithm, signature):
    width = CURVES[algorithm][2]
    return (
        int.from_bytes(signature[:width], "big"),
        int.from_bytes(signature[width:], "big"),
    )


def authenticate(secret: bytes, message: bytes) -> bytes:
    return hmac.new(secret, message, hashlib.sha256).digest()
