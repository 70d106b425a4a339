"""Probe endpoints whose answers take their time, moved on by other requests and never by a clock (mode testing)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from shared_handlers import sse
from shared_handlers.ascii import is_digits
from shared_handlers.endpoints.probe import small_number
from shared_handlers.errors import HTTPError
from shared_handlers.message import Request, Response, json_response
from shared_handlers.probe_state import ProbeState
from shared_handlers.routes import Route
from shared_handlers.services import Services

MAX_PIECES = 100_000
_FLOOD_PIECE = b"\0" * 65_536
_TEXT = (("Content-Type", "text/plain; charset=utf-8"),)
_OCTETS = (("Content-Type", "application/octet-stream"),)


def routes(services: Services) -> tuple[Route, ...]:
    """Streams, gates and holds."""
    keyed = _Keyed(services.probe)
    return (
        Route("GET", r"/probe/stream/{n:\d+}", _stream, "probe.stream"),
        Route("GET", r"/probe/stream-error/{n:\d+}", _stream_error, "probe.stream-error"),
        Route("GET", r"/probe/drip/{n:\d+}", _drip, "probe.drip"),
        Route("GET", r"/probe/events/{n:\d+}", _events, "probe.events"),
        Route("POST", "/probe/duplex", _duplex, "probe.duplex"),
        Route("GET", "/probe/gate/{key}", keyed.gate, "probe.gate", waits=True),
        Route("POST", "/probe/gate/{key}", keyed.open, "probe.gate", waits=True),
        Route("GET", "/probe/flood/{key}", keyed.flood, "probe.flood", waits=True),
        Route("GET", "/probe/made/{key}", keyed.made, "probe.made", waits=True),
        Route("GET", "/probe/left/{key}", keyed.left, "probe.left", waits=True),
        Route("GET", "/probe/slow/{key}", keyed.slow, "probe.slow", waits=True),
        Route("POST", "/probe/slow/{key}", keyed.slow, "probe.slow", waits=True),
        Route("GET", "/probe/held/{key}", keyed.held, "probe.held", waits=True),
        Route("POST", "/probe/release/{key}", keyed.release, "probe.release", waits=True),
    )


async def _stream(request: Request) -> Response:
    """So many pieces, without any wait between them."""
    return Response(200, _TEXT, _pieces(_count(request)))


async def _stream_error(request: Request) -> Response:
    """So many pieces, then a failure: the answer must not look complete."""
    return Response(200, _TEXT, _failing(_count(request)))


async def _drip(request: Request) -> Response:
    """So many single bytes, each in its own turn of the event loop."""
    return Response(200, _OCTETS, _drops(_count(request)))


async def _events(request: Request) -> Response:
    """So many events, those after `Last-Event-ID`; 204, at which a browser stops asking, when there are none left.
    With `?comments` a comment stands before each event."""
    count, last = _count(request), request.headers.get("Last-Event-ID", "")
    first = small_number(last, MAX_PIECES) + 1 if is_digits(last) else 1
    if first > count > 0:
        return Response(204)
    events = _numbered_events(first, count)
    return Response(200, sse.FIELDS, _commented(events) if dict(request.query).get("comments") is not None else events)


async def _duplex(request: Request) -> Response:
    """The content piece by piece, each sent back before the next is read."""
    return Response(200, _OCTETS, aiter(request.body))


class _Keyed:
    """The endpoints that meet by key."""

    def __init__(self, state: ProbeState) -> None:
        self._state = state

    async def gate(self, request: Request) -> Response:
        """An event at once, and one more each time the gate is opened, `?n=` of them (2)."""
        return Response(200, sse.FIELDS, self._gated(request.params["key"], _asked(request, "n", 2)))

    async def open(self, request: Request) -> Response:
        return json_response({"opened": self._state.gates.of(request.params["key"]).add()})

    async def flood(self, request: Request) -> Response:
        """64 KiB pieces without end: what `made` counts shows whether they are made faster than they are read."""
        return Response(200, _OCTETS, self._endless(request.params["key"]))

    async def made(self, request: Request) -> Response:
        return json_response({"made": self._state.made.of(request.params["key"]).value})

    async def left(self, request: Request) -> Response:
        """Waits until `?count=` (1) streams or held requests of the key ended because their client had left."""
        return json_response(
            {"left": await self._state.left.of(request.params["key"]).reach(_asked(request, "count", 1))}
        )

    async def slow(self, request: Request) -> Response:
        """Held until another request releases the key."""
        key = request.params["key"]
        try:
            await self._state.holds.of(key).wait()
        except asyncio.CancelledError:
            self._state.left.of(key).add()
            raise
        return json_response({"held": key})

    async def held(self, request: Request) -> Response:
        """Waits until a request is held by the key."""
        return json_response({"held": await self._state.holds.of(request.params["key"]).occupied()})

    async def release(self, request: Request) -> Response:
        """Lets those go that are held by the key, once there is one."""
        return json_response({"released": await self._state.holds.of(request.params["key"]).release()})

    async def _gated(self, key: str, count: int) -> AsyncIterator[bytes]:
        gate = self._state.gates.of(key)
        opened = gate.value
        try:
            for number in range(count + 1):
                await gate.reach(opened + number)
                yield sse.event(f"gate {number}", id=str(number))
        except (GeneratorExit, asyncio.CancelledError):
            self._state.left.of(key).add()
            raise

    async def _endless(self, key: str) -> AsyncIterator[bytes]:
        made = self._state.made.of(key)
        try:
            while True:
                made.add()
                yield _FLOOD_PIECE
        except (GeneratorExit, asyncio.CancelledError):
            self._state.left.of(key).add()
            raise


async def _pieces(count: int) -> AsyncIterator[bytes]:
    for number in range(count):
        yield b"piece %d\n" % number


async def _failing(count: int) -> AsyncIterator[bytes]:
    async for piece in _pieces(count):
        yield piece
    raise RuntimeError("the stream fails, as it was told to")


async def _drops(count: int) -> AsyncIterator[bytes]:
    for number in range(count):
        yield b"%d" % (number % 10)
        await asyncio.sleep(0)


async def _numbered_events(first: int, count: int) -> AsyncIterator[bytes]:
    for number in range(first, count + 1):
        retry = 1000 if number == first else None
        yield sse.event(f"event {number}\nof {count}", event="tick", id=str(number), retry=retry)


async def _commented(events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for event in events:
        yield sse.comment("next") + event


def _count(request: Request) -> int:
    return small_number(request.params["n"], MAX_PIECES)


def _asked(request: Request, name: str, default: int) -> int:
    """A small number of the query string; HTTPError 400 when it is none."""
    text = dict(request.query).get(name, str(default))
    if not is_digits(text):
        raise HTTPError(400, f"{name} must be a number.")
    return small_number(text, 1000)
