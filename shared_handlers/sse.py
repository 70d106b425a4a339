"""Server-sent events as bytes (WHATWG HTML section 9.2)."""

from __future__ import annotations

import re

from shared_handlers.message import Field

FIELDS: tuple[Field, ...] = (
    ("Content-Type", "text/event-stream; charset=utf-8"),
    ("Cache-Control", "no-cache"),
    ("X-Accel-Buffering", "no"),
)
"""What every stream of events carries; the last keeps a proxy before the server from holding events back."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE_ENDS_OR_NUL = re.compile(r"[\r\n\0]")


def event(data: str | bytes, event: str | None = None, id: str | None = None, retry: int | None = None) -> bytes:
    """One event; each line of `data`, ended by CR, LF or CRLF, becomes a line of its own.

    `retry` is in milliseconds. Raises ValueError for a line end or NUL in `event` or `id`, which would break the
    stream, and for a negative `retry`.
    """
    fields = [("event", event), ("id", id), ("retry", None if retry is None else _milliseconds(retry))]
    lines = [f"{name}: {_single_line(name, value)}\n" for name, value in fields if value is not None]
    text = data if isinstance(data, str) else data.decode()
    lines += [f"data: {line}\n" for line in _LINE_END.split(text)]
    return ("".join(lines) + "\n").encode()


def comment(text: str) -> bytes:
    """A line that clients skip: it keeps a quiet connection alive."""
    return ("".join(f": {line}\n" for line in _LINE_END.split(text)) + "\n").encode()


def _single_line(name: str, value: str) -> str:
    if _LINE_ENDS_OR_NUL.search(value) is not None:
        raise ValueError(f"the {name} of an event has a line end or NUL in it")
    return value


def _milliseconds(retry: int) -> str:
    if retry < 0:
        raise ValueError(f"retry is {retry} milliseconds")
    return str(retry)
