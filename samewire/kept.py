"""Values of answers that later requests of a case use: a field's, or one of a JSON document's."""

from __future__ import annotations

import orjson

from samewire.ascii import is_digits, whole_number
from samewire.exchange import Answer

_LARGEST = 1024 * 1024
"""Bytes of a document that is read."""
_LONGEST = 4096
"""Characters of a value that is kept."""


def kept(answer: Answer, where: str) -> str | None:
    """The first line of the field of that name; with a `/` first, the text or whole number at that JSON Pointer
    (RFC 6901) of the content. None when there is no such value, or none that could stand in a request."""
    value = _at(answer.body, where) if where.startswith("/") else next(iter(answer.values(where)), None)
    return value if value is not None and len(value) <= _LONGEST and value.isprintable() else None


def _at(body: bytes, pointer: str) -> str | None:
    if len(body) > _LARGEST:
        return None
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    for part in pointer.split("/")[1:]:
        value = _member(value, part.replace("~1", "/").replace("~0", "~"))
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)


def _member(value: object, key: str) -> object:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and is_digits(key) and whole_number(key[:9]) < len(value):
        return value[whole_number(key[:9])]
    return None
