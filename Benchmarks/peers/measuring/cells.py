"""What is measured, and which figures are compared."""

from dataclasses import dataclass
from typing import Literal

from .proxies import Kind

LARGE = 100 << 20


@dataclass(frozen=True)
class Load:
    connections: int = 64
    # Many distinct tokens in turn, in place of one.
    many_tokens: bool = False
    # Bytes of the answer's and of the request's body.
    body: int = 1024
    upload: int = 0


@dataclass(frozen=True)
class Cell:
    """A proxy under a load."""

    name: str
    # None: the clients ask the app itself.
    kind: Kind | None
    load: Load = Load()


@dataclass(frozen=True)
class Group:
    """Cells that are measured one right after the other in each round, so that they can be compared."""

    # On the command line.
    name: str
    title: str
    cells: tuple[Cell, ...]


Measure = Literal["requests", "bytes", "bytes per processor second", "p99", "added p50"]


@dataclass(frozen=True)
class Row:
    """A comparison of two cells of one group, and how the ratio should be."""

    scenario: str
    against: str
    cell: str
    base: str
    measure: Measure
    # None: nothing is promised.
    target: float | None
    # Up to here, development goes on.
    stop: float | None

    @property
    def less_is_better(self) -> bool:
        return self.measure in ("p99", "added p50")

    def keeps(self, ratio: float, bound: float) -> bool:
        return ratio <= bound if self.less_is_better else ratio >= bound


OPEN = Kind("ostiary")
ES256 = Kind("ostiary", "ES256")
RS256 = Kind("ostiary", "RS256")
ASSERTION = Kind("ostiary", "ES256", asserts=True)
HAPROXY = Kind("haproxy")
HAPROXY_ES256 = Kind("haproxy", "ES256")
HAPROXY_RS256 = Kind("haproxy", "RS256")
NGINX = Kind("nginx")

MANY = Load(many_tokens=True)
ONE = Load(connections=1)
DOWNLOAD = Load(connections=4, body=LARGE)
UPLOAD = Load(connections=4, upload=LARGE)

GROUPS = (
    Group("one-token", "64 connections, 1 KiB", (
        Cell("HAProxy, no check", HAPROXY),
        Cell("HAProxy, no check, no log", Kind("haproxy", logs=False)),
        Cell("nginx, no check", NGINX),
        Cell("ostiary, public route", OPEN),
        Cell("ostiary, ES256", ES256),
        Cell("ostiary, RS256", RS256),
        Cell("ostiary, ES256, assertion", ASSERTION),
        Cell("HAProxy, ES256", HAPROXY_ES256),
        Cell("HAProxy, RS256", HAPROXY_RS256),
        Cell("Envoy, ES256", Kind("envoy", "ES256")),
        Cell("Envoy, RS256", Kind("envoy", "RS256")),
    )),
    Group("distinct-tokens", "64 connections, 1 KiB, distinct tokens", (
        Cell("ostiary, distinct ES256", ES256, MANY),
        Cell("ostiary, distinct RS256", RS256, MANY),
        Cell("HAProxy, distinct ES256", HAPROXY_ES256, MANY),
        Cell("HAProxy, distinct RS256", HAPROXY_RS256, MANY),
    )),
    Group("bodies", "4 connections, 100 MiB", (
        Cell("nginx, answers", NGINX, DOWNLOAD),
        Cell("nginx with 256 KiB, answers", Kind("nginx", pieces=4), DOWNLOAD),
        Cell("ostiary, answers", OPEN, DOWNLOAD),
        Cell("nginx, uploads", NGINX, UPLOAD),
        Cell("ostiary, uploads", OPEN, UPLOAD),
    )),
    Group("one-connection", "one connection, 1 KiB", (
        Cell("the app itself, alone", None, ONE),
        Cell("HAProxy, no check, alone", HAPROXY, ONE),
        Cell("ostiary, ES256, alone", ES256, ONE),
        Cell("HAProxy, ES256, alone", HAPROXY_ES256, ONE),
    )),
)

# In the last group, the latency that everything else is added to.
UNPROXIED = "the app itself, alone"

ROWS = (
    Row("one ES256 token, role decided", "HAProxy without a check", "ostiary, ES256", "HAProxy, no check", "requests",
        1.0, 0.85),
    Row("the same, with a signed assertion", "the same", "ostiary, ES256, assertion", "HAProxy, no check", "requests",
        None, None),
    Row("one ES256 token, role decided", "HAProxy, `jwt_verify` ES256", "ostiary, ES256", "HAProxy, ES256", "requests", 6, 5),
    Row("one RS256 token", "HAProxy, `jwt_verify` RS256", "ostiary, RS256", "HAProxy, RS256", "requests", 3.5, 3),
    Row("one ES256 token", "Envoy, `jwt_authn` with cache, RBAC", "ostiary, ES256", "Envoy, ES256", "requests", 5, 4),
    Row("one RS256 token", "the same", "ostiary, RS256", "Envoy, RS256", "requests", 5, 4),
    Row("distinct ES256 tokens, none in the cache", "HAProxy, `jwt_verify` ES256", "ostiary, distinct ES256",
        "HAProxy, distinct ES256", "requests", 1.3, 1.1),
    Row("distinct RS256 tokens, none in the cache", "HAProxy, `jwt_verify` RS256", "ostiary, distinct RS256",
        "HAProxy, distinct RS256", "requests", 1.5, 1.25),
    Row("public route", "nginx", "ostiary, public route", "nginx, no check", "requests", 1.1, 1.0),
    Row("answers of 100 MiB, bytes per second", "nginx", "ostiary, answers", "nginx, answers", "bytes", 1.0, 0.9),
    Row("the same, bytes per second of processor", "nginx", "ostiary, answers", "nginx, answers",
        "bytes per processor second", 1.0, 0.9),
    Row("the same", "nginx with 256 KiB a connection", "ostiary, answers", "nginx with 256 KiB, answers",
        "bytes per processor second", None, None),
    Row("uploads of 100 MiB, bytes per second", "nginx", "ostiary, uploads", "nginx, uploads", "bytes", 1.0, 0.9),
    Row("the same, bytes per second of processor", "nginx", "ostiary, uploads", "nginx, uploads",
        "bytes per processor second", 1.0, 0.9),
    Row("one ES256 token, 99th percentile of latency", "HAProxy without a check", "ostiary, ES256",
        "HAProxy, no check", "p99", 1.1, 1.4),
    Row("one connection, ES256, added median of latency", "HAProxy, `jwt_verify` ES256", "ostiary, ES256, alone",
        "HAProxy, ES256, alone", "added p50", 0.5, 1.0),
)
