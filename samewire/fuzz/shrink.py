"""Makes an example smaller as long as it still shows what it is kept for: fewer requests, parts, bytes, simpler delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import islice, pairwise
from typing import TypeVar

from samewire.fuzz.example import Example, Part, Plain, Request, Turn, Wire

Shows = Callable[[Example], Awaitable[bool]]
"""Whether an example still shows the difference."""
MOST_TRIES = 400
_PLAINEST = (b"GET / HTTP/1.1\r\n", b"HEAD / HTTP/1.1\r\n", b"Host: ${host}\r\n", b"\r\n")
"""Lines that say nothing any more: a letter less would make them say something."""
_T = TypeVar("_T")


async def shrunk(example: Example, shows: Shows, tries: int = MOST_TRIES, at_once: int = 1) -> Example:
    """The smallest that was found within so many tries; the example itself when nothing smaller shows it."""
    tried = {example.turns}
    while True:
        found = None
        for group in batched(_untried(example, tried), at_once):
            group = group[:tries]
            tries -= len(group)
            shown = await asyncio.gather(*map(shows, group))
            found = next((one for one, shows_it in zip(group, shown, strict=True) if shows_it), None)
            if found is not None or tries <= 0:
                break
        if found is None:
            return example
        example = found


def _untried(example: Example, tried: set[tuple[Turn, ...]]) -> Iterator[Example]:
    for candidate in smaller(example):
        if candidate.turns not in tried:
            tried.add(candidate.turns)
            yield candidate


def batched(items: Iterator[_T], size: int) -> Iterator[list[_T]]:
    """Lists of so many items, the last one shorter."""
    while group := list(islice(items, size)):
        yield group


def smaller(example: Example) -> Iterator[Example]:
    """Simpler ones, the boldest cuts first. Each is simpler by some measure that no other step makes worse, so that
    taking one after another comes to an end."""
    turns = example.turns
    for kept in _fewer(turns):
        if kept:
            yield example._replace(turns=kept)
    for at, turn in enumerate(turns):
        for other in _turns(turn):
            yield example._replace(turns=(*turns[:at], other, *turns[at + 1 :]))


def _turns(turn: Turn) -> Iterator[Turn]:
    if turn.delivery != "at once":
        yield turn._replace(delivery="at once")
    if isinstance(turn.delivery, tuple) and len(turn.delivery) > 1:
        yield from (turn._replace(delivery=(cut,)) for cut in turn.delivery)
    if turn.half_close:
        yield turn._replace(half_close=False)
    if turn.on != "main":
        yield turn._replace(on="main")
    for at in range(len(turn.keep)):
        yield turn._replace(keep=turn.keep[:at] + turn.keep[at + 1 :])
    message = turn.message
    yield from (
        turn._replace(message=other) for other in (_plain(message) if isinstance(message, Plain) else _wire(message))
    )


def _plain(plain: Plain) -> Iterator[Plain]:
    if plain.body is not None:
        yield plain._replace(body=None, chunks=())
    if plain.chunks:
        yield plain._replace(chunks=())
    yield from (plain._replace(fields=fields) for fields in _fewer(plain.fields))
    if plain.method not in ("GET", "HEAD"):
        yield plain._replace(method="GET")
    yield from (plain._replace(target=target) for target in _targets(plain.target))
    yield from (plain._replace(body=body) for body in _shorter(plain.body or b""))
    for at, (name, value) in enumerate(plain.fields):
        for text in _shorter(value.encode("latin-1", "replace")):
            yield plain._replace(fields=(*plain.fields[:at], (name, text.decode("latin-1")), *plain.fields[at + 1 :]))


def _targets(target: str) -> Iterator[str]:
    """Without its query, some of its pairs, segments, and at last characters."""
    path, mark, query = target.partition("?")
    if mark:
        yield path
        yield from (f"{path}?{'&'.join(pairs)}" for pairs in _fewer(tuple(query.split("&"))) if pairs)
    if target == "/":
        return
    yield "/"
    yield from ("/" + "/".join(kept) + mark + query for kept in _fewer(tuple(path.split("/")[1:])))
    for text in _shorter(target.encode("latin-1", "replace")):
        if text.startswith(b"/") and text.count(b"${") == text.count(b"}"):
            yield text.decode("latin-1")


def _wire(wire: Wire) -> Iterator[Wire]:
    for kept in _fewer(wire.requests):
        if kept:
            yield Wire(kept)
    for at, request in enumerate(wire.requests):
        for other in _requests(request):
            yield Wire((*wire.requests[:at], other, *wire.requests[at + 1 :]))


def _requests(request: Request) -> Iterator[Request]:
    for kept in _fewer(request):
        if kept:
            yield kept
    for at, part in enumerate(request):
        letters = () if part.data in _PLAINEST and not part.breach else _shorter(part.data)
        for data in (*_simpler(part.data), *letters):
            if data and data.count(b"${") == data.count(b"}"):
                yield (*request[:at], Part(data, part.breach), *request[at + 1 :])


def _simpler(data: bytes) -> Iterator[bytes]:
    """A request line for `/`, with GET."""
    words = data.split(b" ")
    if len(words) == 3 and words[2].startswith(b"HTTP/"):
        if words[0] not in (b"GET", b"HEAD"):
            yield b" ".join((b"GET", *words[1:]))
        if words[1] != b"/":
            yield b" ".join((words[0], b"/", words[2]))


def _fewer(items: tuple[_T, ...]) -> Iterator[tuple[_T, ...]]:
    """Without a half, a quarter, ... and at last without one of them (Zeller's delta debugging)."""
    size = len(items)
    while size > 1:
        size = (size + 1) // 2
        cuts = [*range(0, len(items), size), len(items)]
        for start, end in pairwise(cuts):
            yield items[:start] + items[end:]
    if len(items) == 1:
        yield ()


def _shorter(data: bytes) -> Iterator[bytes]:
    """Without a piece of it; a long one first by halves."""
    size = len(data)
    while size > 1:
        size = (size + 1) // 2
        if len(data) // size > 32:
            return
        cuts = [*range(0, len(data), size), len(data)]
        for start, end in pairwise(cuts):
            yield data[:start] + data[end:]
