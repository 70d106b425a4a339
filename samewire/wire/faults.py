"""The list of what is wrong in one message, kept short whatever the server sends."""

from __future__ import annotations

_MOST = 20
_SHOWN = 40


class Faults:
    """Faults in words, each once, in the order in which they were met."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def add(self, fault: str) -> None:
        if len(self._found) < _MOST:
            self._found[fault] = None

    def all(self) -> tuple[str, ...]:
        return tuple(self._found)


def shown(data: bytes | str) -> str:
    """What the server sent, quoted and cut short, for the text of a fault."""
    text = data if isinstance(data, str) else data[: _SHOWN + 1].decode("latin-1")
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
