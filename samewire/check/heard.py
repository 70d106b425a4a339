"""Holds a WebSocket message against what the server must say."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator

from samewire.cases.model import Heard
from samewire.check.filling import Filling
from samewire.check.matching import check_text
from samewire.compare import digest
from samewire.exchange import Message, Talked
from samewire.failing import failure
from samewire.result import Failure


def check_heard(place: str, wanted: Heard, talked: Talked | None, filling: Filling) -> Iterator[Failure]:
    """What the next message misses; one failure when there is none or it is of another kind."""
    if talked is None or not talked.messages:
        yield failure(place, wanted.hears, f"none: {talked.failure}" if talked else "the script did not come so far")
        return
    message = talked.messages[0]
    if message.kind != wanted.hears:
        yield failure(f"{place}.kind", wanted.hears, f"{message.kind} {message.code or ''} {_text(message)}")
        return
    yield from _check_data(f"{place}.data", wanted, message, filling)
    if wanted.code is not None and message.code != wanted.code:
        yield failure(f"{place}.code", str(wanted.code), "none" if message.code is None else str(message.code))


def _check_data(place: str, wanted: Heard, message: Message, filling: Filling) -> Iterator[Failure]:
    if wanted.text is not None:
        yield from check_text(place, wanted.text, _text(message), filling)
    if wanted.base64 is not None and message.data != (data := b64decode(wanted.base64)):
        yield failure(place, digest(data), digest(message.data))
    if wanted.length is not None and len(message.data) != wanted.length:
        yield failure(place, f"{wanted.length} bytes", digest(message.data))


def _text(message: Message) -> str:
    return message.data.decode("utf-8", "replace")
