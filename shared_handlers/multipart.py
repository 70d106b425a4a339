"""multipart/form-data (RFC 7578) as a stream, bounded; the syntax is python-multipart's push parser."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from typing import TYPE_CHECKING, NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from shared_handlers.ascii import lower, strip
from shared_handlers.content import media_type
from shared_handlers.errors import HTTPError
from shared_handlers.message import Request

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FORM = "multipart/form-data"
MAX_PARTS = 20
MAX_HEADER = 8_192
"""Bytes of all fields of one part."""
_MAX_FIELDS = 8
_MAX_PREAMBLE = 8_192
# RFC 2046 section 5.1.1; the parser searches for whatever it is given.
_BOUNDARY = re.compile(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class Part(NamedTuple):
    """What stands before the content of a part."""

    name: str
    filename: str | None
    """The last segment of what the client calls its file, which may be empty; None for a field that is no file."""
    content_type: str
    """In lower case, without parameters; empty when there is none."""


async def read_multipart(request: Request) -> AsyncGenerator[Part | bytes, None]:
    """Each part, followed by the pieces of its content, as they arrive.

    Bytes before the first boundary and after the last are ignored (RFC 2046 section 5.1.1), Content-Transfer-Encoding
    too (RFC 7578 section 4.7). HTTPError 415 for another media type; 400 without a boundary, for what breaks the syntax or
    ends too early, and for a multipart within a part; 413 for too many parts or too long a header; and what reading a body
    raises.
    """
    reader = _Reader(_boundary(request))
    async for piece in request.body:
        for event in reader.feed(piece):
            yield event
    reader.close()


def _boundary(request: Request) -> bytes:
    if media_type(request) != FORM:
        raise HTTPError(415, f"The content must be {FORM}.", (("Accept", FORM),))
    # Its bytes as characters of Latin-1, which is what the parser makes bytes of again.
    field = request.headers["Content-Type"].encode("utf-8", "surrogateescape").decode("latin-1")
    boundary = parse_options_header(field)[1].get(b"boundary", b"")
    if _BOUNDARY.fullmatch(boundary) is None:
        raise HTTPError(400, "The Content-Type has no boundary, or one that is malformed.")
    return boundary


class _Reader:
    """Bytes in, parts and their content out."""

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"--" + boundary
        self._begun = self._ended = False
        self._preamble = b""
        self._events: list[Part | bytes] = []
        self._fields: dict[str, str] = {}
        self._field = bytearray()
        self._value = bytearray()
        self._header = self._parts = 0
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._on_part,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_end": self._on_end,
        }
        self._parser = MultipartParser(boundary, callbacks, max_header_count=_MAX_FIELDS, max_header_size=MAX_HEADER)

    def feed(self, data: bytes) -> Iterator[Part | bytes]:
        if not self._begun:
            data = self._after_preamble(data)
        if data and not self._ended:
            try:
                self._parser.write(data)
            except FormParserError:
                raise HTTPError(400, "The multipart content is malformed.") from None
        events, self._events = self._events, []
        yield from events

    def close(self) -> None:
        if not self._ended:
            raise HTTPError(400, "The multipart content ends before its last boundary.")

    def _after_preamble(self, data: bytes) -> bytes:
        """The parser knows of none: what comes from the first delimiter on, at the beginning of a line."""
        data = self._preamble = self._preamble + data
        start = 0 if data.startswith(self._delimiter) else data.find(b"\r\n" + self._delimiter)
        if start >= 0:
            self._begun, self._preamble = True, b""
            return data[start:].removeprefix(b"\r\n")
        if len(data) > _MAX_PREAMBLE:
            raise HTTPError(400, "The multipart content does not begin with its boundary.")
        return b""

    def _on_part(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise HTTPError(413, f"There are more than {MAX_PARTS} parts.")
        self._fields.clear()
        self._header = 0

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._count(end - start)
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._count(end - start)
        self._value += data[start:end]

    def _on_header(self) -> None:
        # Latin-1, as the parser of its parameters wants it: every byte stays what it was.
        self._fields.setdefault(self._field.lower().decode("latin-1"), self._value.decode("latin-1"))
        self._field.clear()
        self._value.clear()

    def _on_headers(self) -> None:
        disposition, options = parse_options_header(self._fields.get("content-disposition"))
        if disposition != b"form-data" or b"name" not in options:
            raise HTTPError(400, "A part does not say which field of the form it is.")
        content_type = lower(strip(self._fields.get("content-type", "").partition(";")[0]))
        if content_type.startswith("multipart/"):
            raise HTTPError(400, "A part is a multipart itself, which form data can't be.")
        filename = options.get(b"filename")
        self._events.append(
            Part(_text(options[b"name"]), None if filename is None else _basename(_text(filename)), content_type)
        )

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._events.append(data[start:end])

    def _on_end(self) -> None:
        self._ended = True

    def _count(self, size: int) -> None:
        self._header += size
        if self._header > MAX_HEADER:
            raise HTTPError(413, f"The header of a part is longer than {MAX_HEADER} bytes.")


def _text(value: bytes) -> str:
    """RFC 7578 section 5.1.2: UTF-8; what would break a line elsewhere is taken out."""
    return _CONTROLS.sub("", value.decode("utf-8", "replace"))


def _basename(filename: str) -> str:
    """RFC 7578 section 4.2: only the last segment counts, whatever separates them on the client."""
    last = re.split(r"[/\\]", filename)[-1]
    return "" if last in (".", "..") else last
