"""What a proxy must do before it is measured: an incomplete check is a fast one."""

import http.client
import time
from pathlib import Path

from . import tokens
from .proxies import Kind, Running

HOST = "app.test"
REFUSALS = (401, 403)


def check(name: str, kind: Kind, running: Running, keys: Path) -> None:
    """Raises RuntimeError when the proxy lets pass what it must refuse, or the reverse."""
    if kind.algorithm is None:
        _expect(name, "a request", _get(running.port, "/open/orders"), 200)
        return
    good = tokens.good_tokens(keys, kind.algorithm, many=False).read_text().strip()
    _wait_until_ready(running.port, good)
    _expect(name, "a good token", _get(running.port, "/api/orders", good), 200)
    status, body = _get(running.port, "/api/whoami", good, forged_user="mallory")
    if (status, body) != (200, tokens.subject(0).encode()):
        raise RuntimeError(f"{name}: the app was told of `{body.decode(errors='replace')}` ({status})")
    _, assertion = _get(running.port, "/api/asserted", good)
    if (assertion.count(b".") == 2) != kind.asserts:
        raise RuntimeError(f"{name}: the app was sent {'no' if kind.asserts else 'an'} assertion")
    for forgery in tokens.FORGERIES:
        token = tokens.forged_token(keys, kind.algorithm, forgery)
        _expect(name, f"a token: {forgery}", _get(running.port, "/api/orders", token), *REFUSALS)
    _expect(name, "no token", _get(running.port, "/api/orders"), *REFUSALS)


def check_log(name: str, kind: Kind, running: Running) -> None:
    """Raises RuntimeError when there is no access log where there should be one, or the reverse."""
    end = time.monotonic() + 3
    while kind.logs and time.monotonic() < end and not _has_access_lines(running):
        time.sleep(0.1)
    if _has_access_lines(running) != kind.logs:
        raise RuntimeError(f"{name}: {'no' if kind.logs else 'an'} access log was written")


def _has_access_lines(running: Running) -> bool:
    """Of requests, that is; HAProxy prints there what else it has to say."""
    text = running.log.read_bytes() if running.log.exists() else b""
    return b"/open/" in text or b"/api/" in text


def _wait_until_ready(port: int, token: str) -> None:
    for _ in range(60):
        if _get(port, "/api/orders", token)[0] == 200:
            return
        time.sleep(0.05)


def _expect(name: str, what: str, answer: tuple[int, bytes], *statuses: int) -> None:
    if answer[0] not in statuses:
        raise RuntimeError(f"{name}: {what} was answered with {answer[0]}")


def _get(port: int, path: str, token: str | None = None, forged_user: str | None = None) -> tuple[int, bytes]:
    headers = {"Host": HOST}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if forged_user is not None:
        headers["X-Auth-User"] = forged_user
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
