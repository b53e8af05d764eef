"""Who asks, by the signed assertion of an Ostiary gateway. Needs PyJWT[crypto] ≥ 2.9."""
import jwt


class Verifier:
    """`gateway` is its public URL, `app` what its configuration calls this app."""

    def __init__(self, gateway, app, keys=None):
        self.gateway, self.app = gateway, app
        self.keys = jwt.PyJWKClient(keys or gateway + "/_ostiary/assertion-jwks.json")

    def verify(self, assertion, method=None, host=None, path=None):
        """The claims of a genuine assertion; raises jwt.PyJWTError for anything else.

        Give exactly those of method, host and path that the policy's `bind` names."""
        if jwt.get_unverified_header(assertion).get("typ") != "ostiary-assertion+jwt":
            raise jwt.InvalidTokenError("another kind of token")
        key = self.keys.get_signing_key_from_jwt(assertion)
        claims = jwt.decode(
            assertion, key, algorithms=["ES256"], audience=self.app, issuer=self.gateway,
            leeway=5, options={"require": ["exp", "iat", "sub"], "strict_aud": True})
        for name, value in (("method", method), ("host", host), ("path", path)):
            if claims.get(name) != value:
                raise jwt.InvalidTokenError(f"for a request with another {name}")
        return claims
