"""Which record is sent next: several at once, those of one session in order, those that change state alone."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from samewire.compare import redact
from samewire.traffic import Account, Record, Skipped

Source = tuple[str, Iterable[Record | Skipped]]
"""A name, and what is read from it."""
UNSAFE = "unsafe method; --allow-unsafe sends it"
_GIVEN_UP = "given up"
_MOST_LOST = 50
"""Records in a row that could not be compared; after them it is given up."""
_MOST_WAITING = 1000
"""Records read ahead because earlier ones of their sessions are under way."""


class Book:
    """What becomes of the records of one source, as they are read and sent."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.read = 0
        self.sent = 0
        self.skipped: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        """Of these, what ought to have been compared."""
        self.given_up = False
        self.broken = ""
        """How reading it ended before its end."""

    def account(self) -> Account:
        """As far as it has come; what was read and not answered was interrupted."""
        skipped = self.skipped.copy()
        skipped[_GIVEN_UP if self.given_up else "interrupted"] = self.read - self.sent - skipped.total()
        reasons = tuple((why, number) for why, number in skipped.most_common() if number)
        return Account(self.source, self.read, self.sent, reasons, tuple(self._lacking()))

    def _lacking(self) -> Iterator[str]:
        for why, number in self.lost.most_common():
            yield f"{number} of {self.read} records could not be compared: {why}"
        if self.given_up:
            yield f"given up after {_MOST_LOST} records in a row that could not be compared; what follows was not read"
        if self.broken:
            yield f"it could not be read to its end, and {self.read} records were: {self.broken}"


class Due(NamedTuple):
    """A record that is to be sent now; give it back to `Feed.done`."""

    record: Record
    book: Book
    safe: bool


class Feed:
    """Reads sources lazily, one after the other; memory does not grow with the number of records."""

    def __init__(self, sources: Iterable[Source], *, unsafe: bool) -> None:
        """`unsafe`: whether records that may change state are sent."""
        self.books: list[Book] = []
        self._due = self._read(sources, unsafe)
        self._held: Due | None = None
        """Has to wait for others to be done."""
        self._sessions: dict[str, deque[Due]] = {}
        """Of each session of which a record is under way, those that come next."""
        self._next: deque[Due] = deque()
        """What need not wait any more."""
        self._ahead = 0
        self._under_way = 0
        self._alone = False
        self._over = False
        self._lost_in_a_row = 0
        self._given_up = False
        self._changed = asyncio.Event()

    async def next(self) -> Due | None:
        """The next record, once it may be sent; None when there will be none."""
        while (due := self._take()) is None:
            if self._over and not self._under_way:
                return None
            self._changed.clear()
            await self._changed.wait()
        self._under_way += 1
        return due

    def done(self, due: Due, *, skipped: str = "", lost: str = "") -> None:
        """It was answered or failed, or could not be sent after all, for the reason `skipped`, or `lost` if it should
        have been."""
        if why := skipped or lost:
            due.book.skipped[why] += 1
        else:
            due.book.sent += 1
        self._count_lost(due.book, lost)
        self._under_way -= 1
        self._alone = False
        if due.record.session:
            self._go_on(due.record.session)
        self._changed.set()

    def _count_lost(self, book: Book, lost: str) -> None:
        book.lost.update([lost] if lost else [])
        self._lost_in_a_row = self._lost_in_a_row + 1 if lost else 0
        if self._lost_in_a_row >= _MOST_LOST:
            self._given_up = self._over = book.given_up = True

    def _go_on(self, session: str) -> None:
        line = self._sessions[session]
        if line:
            self._next.append(line.popleft())
            self._ahead -= 1
        else:
            del self._sessions[session]

    def _take(self) -> Due | None:
        """What may be sent now."""
        if self._alone or self._given_up:
            return None
        if self._next:
            return self._next.popleft()
        while not self._over:
            due = self._held or next(self._due, None)
            self._held = None
            if due is None:
                self._over = True
            elif not due.safe and self._under_way:
                self._held = due
                return None
            elif due.record.session in self._sessions:
                if self._ahead >= _MOST_WAITING:
                    self._held = due
                    return None
                self._sessions[due.record.session].append(due)
                self._ahead += 1
            else:
                return self._begin(due)
        return None

    def _begin(self, due: Due) -> Due:
        self._alone = not due.safe
        if due.record.session:
            self._sessions[due.record.session] = deque()
        return due

    def _read(self, sources: Iterable[Source], unsafe: bool) -> Iterator[Due]:
        for name, records in sources:
            book = Book(name)
            self.books.append(book)
            for record in self._whole(book, records):
                book.read += 1
                if isinstance(record, Skipped):
                    book.skipped[record.reason] += 1
                elif record.safe or unsafe:
                    yield Due(record, book, record.safe)
                else:
                    book.skipped[UNSAFE] += 1

    def _whole(self, book: Book, records: Iterable[Record | Skipped]) -> Iterator[Record | Skipped]:
        """As far as it can be read; raises what reading raises when nothing could be read at all."""
        try:
            yield from records
        except Exception as error:
            if not any(one.read for one in self.books):
                raise
            book.broken = redact(str(error) or type(error).__name__)
