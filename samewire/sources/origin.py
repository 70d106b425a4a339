"""Keeps a source that went to many origins to one: a target stands for one."""

from __future__ import annotations

from samewire.sources.requests import Place, place
from samewire.sources.source import Item, Reading
from samewire.traffic import Skipped


class OneOrigin:
    """The origin that the options name, else that of the first request that can be sent. Raises SourceError."""

    def __init__(self, reading: Reading) -> None:
        self._origin: str | None = None
        given = reading.options.origin
        if given is not None:
            wanted = place(given)
            if isinstance(wanted, str):
                raise reading.error(f"the origin {given!r}: {wanted}; write it as https://HOST[:PORT]")
            self._origin = wanted.origin

    def only(self, item: Item, where: Place) -> Item:
        """The item, or what becomes of it when it went to another origin."""
        if isinstance(item, Skipped):
            return item
        if self._origin is None:
            self._origin = where.origin
        return item if where.origin == self._origin else Skipped(item.id, "it went to another origin")
