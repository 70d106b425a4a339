"""permessage-deflate (RFC 7692): what is agreed on, and one message coded and decoded, the same on every server."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from shared_handlers.ascii import whole_number
from shared_handlers.errors import HTTPError

NAME = "permessage-deflate"
CORRUPT, TOO_BIG = 1007, 1009
WORTH = 256
"""Bytes from which on a message is compressed: less gains nothing for what it costs."""
_ALONE = f"{NAME}; server_no_context_takeover; client_no_context_takeover"
"""Each message is compressed by itself: nothing is kept between two of them, in neither direction (section 7.1.1)."""
_LARGEST = 15
_BITS = re.compile(r"[89]|1[0-5]")
_SMALLEST = 9
"""zlib can't make raw DEFLATE with a window of 8 bits."""
_TAIL = b"\x00\x00\xff\xff"
_END = b"\x03\x00"
"""An empty final block."""
_MOST_FINAL_BLOCKS = 16
"""What follows a final block is copied; so many of them make no honest message."""
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105  (RFC 9110's token)
_PARAMETER = rf'[ \t]*;[ \t]*({_TOKEN})(?:[ \t]*=[ \t]*(?:({_TOKEN})|"({_TOKEN})"))?'
_ONE_PARAMETER = re.compile(_PARAMETER, re.ASCII)
_OFFER = re.compile(rf"[ \t]*({_TOKEN})((?:{_PARAMETER})*)[ \t]*")
_SERVER_WINDOW, _CLIENT_WINDOW = "server_max_window_bits", "client_max_window_bits"
_FLAGS = frozenset({"server_no_context_takeover", "client_no_context_takeover"})


class Broken(Exception):
    """A message can't be decoded; `code` is what the connection is closed with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Deflate:
    """What both sides have agreed on."""

    field: str
    """The value of Sec-WebSocket-Extensions that says so."""
    window: int = _LARGEST
    """Bits of the window with which the server compresses, 9 to 15."""

    def compressed(self, content: bytes) -> bytes | None:
        """The payload of a frame with RSV1 (section 7.2.1); None where it would not be shorter."""
        if len(content) < WORTH:
            return None
        coder = zlib.compressobj(zlib.Z_BEST_SPEED, zlib.DEFLATED, -self.window)
        coded = (coder.compress(content) + coder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(_TAIL)
        return coded if len(coded) < len(content) else None


def agreed(lines: Sequence[str]) -> Deflate | None:
    """The first offer in the Sec-WebSocket-Extensions lines that can be taken, or None (section 5).

    An offer with a parameter that is unknown, repeated or out of its range is declined (section 7.1). HTTPError 400
    when the field is malformed (RFC 6455 section 9.1).
    """
    offers = [_parsed(offer) for line in lines for offer in line.split(",") if offer.strip(" \t")]
    return next((taken for name, given in offers if name == NAME and (taken := _taken(given)) is not None), None)


def most_coded(limit: int) -> int:
    """Bytes that a message of up to `limit` bytes can need when it is compressed, however badly that is done."""
    return 2 * limit + 1024


def inflate(coded: bytes, limit: int) -> bytes:
    """The content of a compressed message (section 7.2.2), never more than `limit` bytes of it in memory.

    Broken: 1009 past the limit, 1007 where it is no whole DEFLATE data. That nothing at all is an empty message is
    lenient: some senders flush a compressor that has nothing to say.
    """
    if not coded:
        return b""
    pieces: list[bytes] = []
    room, rest = limit, coded + _TAIL
    for _ in range(_MOST_FINAL_BLOCKS):
        decoder = zlib.decompressobj(-_LARGEST)
        piece = _decoded(decoder, rest, room + 1)
        room -= len(piece)
        if room < 0:
            raise Broken(TOO_BIG)
        pieces.append(piece)
        if not decoder.eof:
            # Only at a block's end is this one the last; else the message was cut, or its end was taken for data.
            if _decoded(decoder, _END, 1) or not decoder.eof:
                raise Broken(CORRUPT)
            return b"".join(pieces)
        rest = decoder.unused_data
        if rest == _TAIL:
            return b"".join(pieces)
    raise Broken(CORRUPT)


def _decoded(decoder: zlib._Decompress, coded: bytes, most: int) -> bytes:
    try:
        return decoder.decompress(coded, most)
    except zlib.error:
        raise Broken(CORRUPT) from None


Parameters = list[tuple[str, str | None]]


def _parsed(offer: str) -> tuple[str, Parameters]:
    match = _OFFER.fullmatch(offer)
    if match is None:
        raise HTTPError(400, "Sec-WebSocket-Extensions is malformed.")
    return match[1], [(name, bare or quoted or None) for name, bare, quoted in _ONE_PARAMETER.findall(match[2])]


def _taken(parameters: Parameters) -> Deflate | None:
    given = dict(parameters)
    if len(given) < len(parameters) or not all(_known(name, value) for name, value in parameters):
        return None
    window = given.get(_SERVER_WINDOW)
    if window is None:
        return Deflate(_ALONE)
    if whole_number(window) < _SMALLEST:
        return None
    return Deflate(f"{_ALONE}; {_SERVER_WINDOW}={window}", whole_number(window))


def _known(name: str, value: str | None) -> bool:
    if name in _FLAGS:
        return value is None
    if name == _CLIENT_WINDOW and value is None:
        return True
    return name in (_SERVER_WINDOW, _CLIENT_WINDOW) and value is not None and _BITS.fullmatch(value) is not None
