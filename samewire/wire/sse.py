"""Server-sent events from the bytes of a stream (WHATWG HTML section 9.2.6)."""

from __future__ import annotations

from typing import NamedTuple

from samewire.ascii import is_digits, whole_number

_BOM = b"\xef\xbb\xbf"
_RETRY_DIGITS = 18
"""More would be 30 million years, and int() refuses what is very long."""


class Event(NamedTuple):
    """One event as its lines say it, or one comment line."""

    data: str = ""
    """The values of its `data` lines, joined by LF."""
    event: str = ""
    """Empty means `message`."""
    id: str | None = None
    """None without an `id` line; the id of an earlier event is not carried over."""
    retry: int | None = None
    """Milliseconds."""
    comment: str | None = None
    """The text after the colon of a comment line; such a line stands as an event of its own, before the event it is in."""
    dispatched: bool = True
    """Whether an EventSource hands it to its page: it has a data line, and the empty line that ends it came."""


def parse(data: bytes) -> tuple[Event, ...]:
    """All events and comments of a whole stream; what stands after the last empty line comes last, not dispatched."""
    stream = Stream()
    events = stream.feed(data)
    return (*events, *stream.end())


class Stream:
    """The same piece by piece; how the stream is cut makes no difference."""

    __slots__ = ("_block", "_rest", "_started")

    def __init__(self) -> None:
        self._rest = bytearray()
        self._block = _Block()
        self._started = False

    def feed(self, data: bytes) -> list[Event]:
        """The events and comments that are whole with these bytes."""
        self._rest += data
        if not self._started and not self._skip_bom():
            return []
        lines = bytes(self._rest).splitlines(keepends=True) if _has_line(self._rest) else []
        if lines and not _whole(lines[-1]):
            lines.pop()
        del self._rest[: sum(map(len, lines))]
        return [event for line in lines if (event := self._block.take(line.rstrip(b"\r\n"))) is not None]

    def end(self) -> list[Event]:
        """What the stream's end leaves: a last line without its end, an event without its empty line."""
        last = bytes(self._rest)
        self._rest.clear()
        events = [self._block.take(line) for line in last.splitlines()]
        return [event for event in (*events, self._block.end(dispatched=False)) if event is not None]

    def _skip_bom(self) -> bool:
        """Whether it is known by now if a byte order mark comes first; it is dropped (section 9.2.5)."""
        if len(self._rest) < len(_BOM) and _BOM.startswith(self._rest):
            return False
        self._started = True
        if self._rest.startswith(_BOM):
            del self._rest[: len(_BOM)]
        return True


class _Block:
    """The lines of the event under way."""

    __slots__ = ("_data", "_event", "_id", "_retry")

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._data: list[str] = []
        self._event = ""
        self._id: str | None = None
        self._retry: int | None = None

    def take(self, line: bytes) -> Event | None:
        """The event that this line ends, or the comment that it is."""
        if not line:
            return self.end(dispatched=True)
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if not name:
            return Event(comment=value, dispatched=False)
        self._field(name, value)
        return None

    def end(self, *, dispatched: bool) -> Event | None:
        """The event of the lines so far; None when they say nothing."""
        said = self._data or self._event or self._id is not None or self._retry is not None
        event = Event("\n".join(self._data), self._event, self._id, self._retry, None, dispatched and bool(self._data))
        self._clear()
        return event if said else None

    def _field(self, name: str, value: str) -> None:
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._id = value
        elif name == "retry" and is_digits(value):
            self._retry = whole_number(value[:_RETRY_DIGITS])


def _has_line(data: bytearray) -> bool:
    return b"\n" in data or b"\r" in data


def _whole(line: bytes) -> bool:
    """Whether the line's end is known: a CR at the very end of what came may be half of CRLF."""
    return line.endswith(b"\n")
