"""A WSGI app that believes nobody but the gateway: python app.py PORT GATEWAY [KEYS] [BOUND]."""
import sys
from urllib.parse import quote
from wsgiref.simple_server import make_server

import jwt
from verify import Verifier

PORT, GATEWAY = int(sys.argv[1]), sys.argv[2]
VERIFIER = Verifier(GATEWAY, "app", sys.argv[3] if len(sys.argv) > 3 else None)
BOUND = sys.argv[4:]


def app(environ, start_response):
    # WSGI gives the path decoded; the gateway forwards it in canonical form.
    request = {
        "method": environ["REQUEST_METHOD"],
        "host": environ.get("HTTP_HOST"),
        "path": quote(environ["PATH_INFO"].encode("latin-1"), safe="/:@!$&'()*+,;=-._~"),
    }
    try:
        claims = VERIFIER.verify(
            environ.get("HTTP_X_OSTIARY_ASSERTION", ""), **{name: request[name] for name in BOUND})
    except jwt.PyJWTError as error:
        start_response("401 Unauthorized", [("Content-Type", "text/plain")])
        return [f"not by way of the gateway: {error}\n".encode()]
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"hello {claims['sub']}, {', '.join(claims.get('roles', []))}\n".encode()]


if __name__ == "__main__":
    make_server("127.0.0.1", PORT, app).serve_forever()
