"""What arrives at a connection, before and beside aiohttp's parser: its limits, its pieces, its errors."""

from __future__ import annotations

from typing import Final

from aiohttp.http_exceptions import BadHttpMessage, LineTooLong

from shared_handlers.errors import HTTPError

HEAD_END: Final = b"\r\n\r\n"


class HeadWatch:
    """Measures the head that is arriving: aiohttp limits its lines, one by one, but not the whole."""

    __slots__ = ("_limit", "_part", "begun")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._part = bytearray()
        self.begun = False
        """Something has arrived, but not all of a head."""

    def fits(self, data: bytes, end: int) -> bool:
        """Whether the head stays within the limit with `data`, in which one ends before `end` (3: none does)."""
        if not self._part and len(HEAD_END) <= end <= self._limit:
            return True
        # Empty lines before a request line are no part of it (RFC 9112 section 2.2).
        self._part += data if self._part else data.lstrip(b"\r\n")
        self.begun = bool(self._part)
        start = max(0, len(self._part) - len(data) - len(HEAD_END) + 1)
        found = self._part.find(HEAD_END, start)
        size = len(self._part) + 1 if found < 0 else found + len(HEAD_END)
        return size <= self._limit

    def excess(self) -> HTTPError:
        """The answer to a head that does not fit: 414 when it is the request line alone, else 431."""
        if b"\r\n" in self._part[: self._limit]:
            return HTTPError(431, f"The head is longer than {self._limit} bytes.")
        return HTTPError(414, f"The request line is longer than {self._limit} bytes.")

    def restart(self) -> None:
        """The next head begins."""
        self._part.clear()
        self.begun = False


def next_head(data: bytes, start: int, before: bytes) -> int:
    """Where in `data`, from `start` on, the first head or trailer section ends that may end there; -1 if none does.

    `before` is what came just before `start`: the end may have arrived in two parts.
    """
    for length in range(min(len(before), len(HEAD_END) - 1), 0, -1):
        rest = HEAD_END[length:]
        if before.endswith(HEAD_END[:length]) and data.startswith(rest, start):
            return start + len(rest)
    found = data.find(HEAD_END, start)
    return found if found < 0 else found + len(HEAD_END)


def refusal(error: BaseException, max_fields: int) -> HTTPError:
    """What to answer to an error of aiohttp's parser; its text, which repeats the input, goes nowhere."""
    match error:
        case HTTPError():
            return error
        case LineTooLong() if str(error.args[0])[:3].strip("b'\"").startswith("/"):
            return HTTPError(414, "The request line is too long.")
        case LineTooLong():
            return HTTPError(431, "A field is too long.")
        case BadHttpMessage() if str(error).find("Too many headers") >= 0:
            return HTTPError(431, f"There are more than {max_fields} fields.")
    return HTTPError(400, "The request is malformed.")
