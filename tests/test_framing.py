"""Where one request ends and the next begins does not depend on how they arrive, nor on who serves them.

A model of connections: requests of every kind one after the other, cut anywhere, with turns of the loop between the pieces.
Each kind says what answers it, and the servers of both generations must say that and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from itertools import pairwise
from typing import NamedTuple

import orjson
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiohttp_server import create_app
from aiohttp_server.connections import Connections
from aiohttp_server.exchange import RUNTIME
from aiohttp_server.protocol import Connection
from legacy.asyncio_engine import Engine
from legacy.site import Site
from shared_handlers.logs import Log
from shared_handlers.services import open_services
from shared_handlers.settings import Settings, settings_from
from tests.wire_in_memory import Memory, answers

Connect = Callable[[], asyncio.Protocol]
HOST = "Host: localhost"
HIDDEN = "POST /probe/echo?hidden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
"""Content that spells a request: if it is taken for one, it answers with its target."""
HANDSHAKE = (
    "Connection: upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)  # fmt: skip


class Kind(NamedTuple):
    """One sort of request, and the status of its answer; after one that `ends`, nothing on the connection is answered."""

    name: str
    bytes: bytes
    status: int
    ends: bool = False

    @property
    def method(self) -> str:
        return self.bytes.split(b" ")[0].decode("latin-1")


def message(line: str, *fields: str, content: str = "", host: str = HOST) -> bytes:
    return "\r\n".join((line, host, *fields, "", content)).encode("latin-1")


def sized(line: str, *fields: str) -> bytes:
    return message(line, *fields, f"Content-Length: {len(HIDDEN)}", content=HIDDEN)


def chunked(line: str, *fields: str, ext: str = "", trailers: str = "") -> bytes:
    content = f"{len(HIDDEN):x}{ext}\r\n{HIDDEN}\r\n1\r\n!\r\n0\r\n{trailers}\r\n"
    return message(line, *fields, "Transfer-Encoding: chunked", content=content)


POST, GET = "POST /probe/echo?n HTTP/1.1", "GET /probe/echo?n HTTP/1.1"
UPGRADE = ("Connection: upgrade", "Upgrade: x")
GOING_ON = (
    Kind("get", message(GET), 200),
    Kind("head", message("HEAD /probe/echo?n HTTP/1.1"), 200),
    Kind("empty lines", b"\r\n\r\n" + message(GET), 200),
    Kind("options *", message("OPTIONS * HTTP/1.1"), 204),
    Kind("nothing there", sized("POST /nothing HTTP/1.1"), 404),
    Kind("method not allowed", sized("DELETE /probe/upload HTTP/1.1"), 405),
    Kind("sized", sized(POST), 200),
    Kind("of no bytes", message(POST, "Content-Length: 0"), 200),
    Kind("ignored", sized("POST /probe/ignore HTTP/1.1"), 200),
    Kind("chunked", chunked(POST), 200),
    Kind("chunked ignored", chunked("POST /probe/ignore HTTP/1.1"), 200),
    Kind("extensions", chunked(POST, ext=';a=b;c="d;e"'), 200),
    Kind("trailers", chunked(POST, trailers="Expires: never\r\nX-Next: GET / HTTP/1.1\r\n"), 200),
    Kind("expecting", sized(POST, "Expect: 100-continue"), 200),
    Kind("expecting in chunks", chunked(POST, "Expect: 100-continue"), 200),
    Kind("expecting twice", sized(POST, "Expect: 100-continue", "Expect: 100-continue"), 417),
    Kind("expecting something else", sized(POST, "Expect: 200-ok"), 417),
    Kind("upgrade, sized", sized(POST, *UPGRADE), 200),
    Kind("upgrade, chunked", chunked(POST, *UPGRADE, trailers="A: b\r\n"), 200),
    Kind("upgrade, ignored", sized("POST /probe/ignore HTTP/1.1", *UPGRADE), 200),
    Kind("upgrade, alone", message(GET, *UPGRADE), 200),
    Kind("upgrade to HTTP/2", sized(POST, "Connection: upgrade", "Upgrade: h2c", "HTTP2-Settings: AA"), 200),
    Kind("handshake elsewhere", message(GET, *HANDSHAKE), 200),
    Kind("handshake elsewhere, sized", sized(POST, *HANDSHAKE), 200),
    Kind("handshake refused", message("GET /probe/ws/echo HTTP/1.1", *HANDSHAKE[:3]), 400),
    Kind("handshake with content", sized("GET /probe/ws/echo HTTP/1.1", *HANDSHAKE), 400),
    Kind("handshake with chunks", chunked("GET /probe/ws/echo HTTP/1.1", *HANDSHAKE), 400),
    Kind("connect", message("CONNECT localhost:1 HTTP/1.1"), 501),
    Kind("connect, sized", sized("CONNECT localhost:1 HTTP/1.1"), 501),
    Kind("connect, chunked", chunked("CONNECT localhost:1 HTTP/1.1", trailers="A: b\r\n"), 501),
    Kind("trace", sized("TRACE /probe/echo HTTP/1.1"), 501),
    Kind("kept in 1.0", message("GET /probe/echo?n HTTP/1.0", "Connection: keep-alive"), 200),
    Kind("a tab", message(GET, "X-A:\tb\t", "Connection: x\t"), 200),
    Kind("a tab after chunked", chunked(POST).replace(b": chunked", b":\tchunked \t"), 200),
    Kind("an old key", message(GET, "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5"), 200),
)
ENDING = (
    Kind("close", message(GET, "Connection: close"), 200, True),
    Kind("close, sized", sized(POST, "Connection: close"), 200, True),
    Kind("close, ignored", sized("POST /probe/ignore HTTP/1.1", "Connection: close"), 200, True),
    Kind("expecting, ignored", sized("POST /probe/ignore HTTP/1.1", "Expect: 100-continue"), 200, True),
    Kind("expecting, chunked, ignored", chunked("POST /nothing HTTP/1.1", "Expect: 100-continue"), 404, True),
    Kind("options * expecting", sized("OPTIONS * HTTP/1.1", "Expect: 100-continue"), 204, True),
    Kind("connect, expecting", sized("CONNECT localhost:1 HTTP/1.1", "Expect: 100-continue"), 501, True),
    Kind("1.0", message("GET /probe/echo?n HTTP/1.0"), 200, True),
    Kind("WebSocket", message("GET /probe/ws/echo HTTP/1.1", *HANDSHAKE), 101, True),
    Kind("no coding", sized(POST, "Transfer-Encoding: "), 400, True),
    Kind("no coding, no length", message(POST, "Transfer-Encoding:"), 400, True),
    Kind("coding and length", sized(POST, "Transfer-Encoding: chunked"), 400, True),
    Kind("two codings", message(POST, "Transfer-Encoding: gzip, chunked", content="0\r\n\r\n"), 501, True),
    Kind("two lines", message(POST, "Transfer-Encoding: gzip", "Transfer-Encoding: chunked", content="0\r\n\r\n"), 501, True),
    Kind("chunked twice", chunked(POST, "Transfer-Encoding: chunked"), 400, True),
    Kind("no host", message(GET, host="X: y"), 400, True),
    Kind("bad host", message(GET, host="Host: a b"), 400, True),
    Kind("fragment", message("GET /probe/echo#n HTTP/1.1"), 400, True),
    Kind("bad field", message(GET, "A : b"), 400, True),
    Kind("bad field of head", message("HEAD /probe/echo HTTP/1.1", "A : b"), 400, True),
    Kind("bad line", b"GARBAGE\r\n\r\n", 400, True),
    Kind("no version", b"GET /probe/echo\r\n", 400, True),
    Kind("RTSP", message("OPTIONS * RTSP/1.0"), 400, True),
    Kind("ICE", message("SOURCE /probe/echo ICE/1.0"), 400, True),
    Kind("too many fields", message(GET, *(f"A{n}: b" for n in range(30))), 431, True),
    Kind("bad chunk", message(POST, "Transfer-Encoding: chunked", content="5\r\nhello0\r\n\r\n"), 400, True),
    Kind("bad extension", chunked(POST, ext=";=b"), 400, True),
    Kind("bad trailer", chunked(POST, trailers="Content-Length: 5\r\n"), 400, True),
    Kind("bare line feed", chunked(POST, trailers="\n"), 400, True),
)  # fmt: skip


def test_every_kind_is_named_once() -> None:
    names = [kind.name for kind in GOING_ON + ENDING]
    assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("service")
    (folder / "static").mkdir()
    server = {"max_fields": 20}
    return settings_from(
        {"mode": "testing", "static_directory": folder / "static", "server": server, "nlweb": {"store": folder}}, folder
    )


@asynccontextmanager
async def legacy(service: Settings, log: Log) -> AsyncIterator[Connect]:
    async with open_services(service, log) as services:
        engine = Engine(Site.of(services), asyncio.get_running_loop())
        try:
            yield engine._connection
        finally:
            await engine.stop()


@asynccontextmanager
async def aiohttp(service: Settings, log: Log) -> AsyncIterator[Connect]:
    runner = web.AppRunner(create_app(service, log), handler_cancellation=True)
    await runner.setup()
    runtime, server = runner.app[RUNTIME], runner.server
    assert server is not None
    connections = Connections(runtime.host, service.server)
    try:
        yield lambda: Connection(server, runtime, connections, loop=asyncio.get_running_loop())
    finally:
        await runner.cleanup()


HOSTS = {"legacy": legacy, "aiohttp": aiohttp}


class Sending(NamedTuple):
    """Requests, where they are cut, and how many turns of the loop pass after each piece."""

    kinds: tuple[Kind, ...]
    cuts: tuple[int, ...]
    turns: tuple[int, ...]

    @property
    def pieces(self) -> list[bytes]:
        whole = b"".join(kind.bytes for kind in self.kinds)
        ends = [0, *sorted(cut % len(whole) for cut in self.cuts), len(whole)]
        return [whole[start:end] for start, end in pairwise(ends) if start < end]

    @property
    def expected(self) -> list[Kind]:
        """Those that are answered."""
        last = next((at for at, kind in enumerate(self.kinds) if kind.ends), len(self.kinds))
        return list(self.kinds[: last + 1])


async def outcome(connect: Connect, sending: Sending) -> list[tuple[int, str]]:
    """The status of each answer, and the target that it tells."""
    wire = Memory(connect())
    pieces = sending.pieces
    turns = [sending.turns[at % len(sending.turns)] for at in range(len(pieces))]
    await wire.send(pieces, turns)
    assert wire.closed, "the connection is still open"
    found = answers(bytes(wire.written), [kind.method for kind in sending.expected])
    return [(answer.status, _target(answer.content)) for answer in found]


def _target(content: bytes) -> str:
    said = orjson.loads(content) if content.startswith(b"{") else {}
    return str(said.get("target", ""))


def told(kind: Kind) -> tuple[int, str]:
    echoes = kind.status == 200 and b"/probe/echo?n" in kind.bytes and kind.method != "HEAD"
    return kind.status, "/probe/echo?n" if echoes else ""


async def check(connects: dict[str, Connect], sending: Sending) -> None:
    expected = [told(kind) for kind in sending.expected]
    for name, connect in connects.items():
        found = await outcome(connect, sending)
        assert found == expected, f"{name}: {[kind.name for kind in sending.kinds]} in pieces {sending.pieces}"


Check = Callable[[Sending], None]


@pytest.fixture(scope="module")
def holds(service: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Check]:
    """Checks a sending on servers of both generations, started once."""
    with asyncio.Runner() as runner, closing(Log("error", tmp_path_factory.mktemp("logs") / "log")) as log:
        hosts = {"legacy": legacy(service, log), "aiohttp": aiohttp(service, log)}
        connects = {name: runner.run(host.__aenter__()) for name, host in hosts.items()}
        yield lambda sending: runner.run(check(connects, sending))
        for host in hosts.values():
            runner.run(host.__aexit__(None, None, None))


FOLLOWING = Kind("get", message(GET), 200)
WHOLE = (0,), (1,)


@pytest.mark.parametrize("apart", [3, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("kind", GOING_ON + ENDING, ids=lambda kind: kind.name)
def test_a_request_is_answered_and_so_is_what_follows(kind: Kind, apart: int, holds: Check) -> None:
    """In one piece, a byte at a time, and cut once at each place, or at each third one: that is what takes long."""
    kinds = (FOLLOWING, kind, FOLLOWING)
    holds(Sending(kinds, *WHOLE))
    holds(Sending(kinds, tuple(range(sum(len(one.bytes) for one in kinds))), (1,)))
    first, last = len(FOLLOWING.bytes), len(FOLLOWING.bytes + kind.bytes)
    for place in (*range(first - 3, last - 3, apart), *range(last - 3, last + 4)):
        holds(Sending(kinds, (place,), (2 * (place % 2),)))


@pytest.mark.parametrize("before", GOING_ON, ids=lambda kind: kind.name)
def test_any_two_kinds_follow_each_other(before: Kind, holds: Check) -> None:
    for after in GOING_ON + ENDING:
        holds(Sending((before, after, FOLLOWING), *WHOLE))


@st.composite
def sendings(draw: st.DrawFn) -> Sending:
    kinds = draw(st.lists(st.sampled_from(GOING_ON + ENDING), min_size=1, max_size=5))
    length = sum(len(kind.bytes) for kind in kinds)
    cuts = draw(st.lists(st.integers(0, length - 1), max_size=12))
    turns = draw(st.lists(st.integers(0, 6), min_size=1, max_size=6))
    return Sending(tuple(kinds), tuple(cuts), tuple(turns))


@pytest.mark.parametrize("examples", [500, pytest.param(50_000, marks=pytest.mark.soak)])
def test_any_requests_cut_anywhere_are_answered_alike(examples: int, holds: Check) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(sendings())
    def hold(sending: Sending) -> None:
        holds(sending)

    hold()
