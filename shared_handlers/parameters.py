"""The parameters of a request, with the same meaning from query string, form and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from shared_handlers.accept import prefers_events
from shared_handlers.ascii import lower, whole_number
from shared_handlers.content import media_type, read_form, read_json
from shared_handlers.errors import HTTPError
from shared_handlers.message import Field, Request

MAX_TEXT = 10_000
MAX_LIST = 100
"""Characters in a value and values in a list."""
_NO = frozenset({"false", "0", "no"})
_MAX_BITS = 64
_MAX_NAME = 64
_NUMBER = re.compile(r"[0-9]{1,9}")
_BLANKS = " \t\r\n"
"""What is no part of a value at its ends; other blanks of Unicode are, as any character that is not ASCII."""


class Parameters:
    """Values by name; each getter raises HTTPError 400 naming the parameter that is wrong."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, tuple[str, ...]]) -> None:
        self._values = values

    def has(self, name: str) -> bool:
        """Whether it is given at all."""
        return name in self._values

    def text(self, name: str, default: str = "", limit: int = MAX_TEXT) -> str:
        """The one value, without the blanks and line ends around it; `limit` in characters."""
        values = self._values.get(name)
        if values is None:
            return default
        if len(values) != 1:
            raise wrong(name, "is given more than once.")
        return _checked(name, values[0], limit)

    def required(self, name: str) -> str:
        """The one value, which must not be blank."""
        value = self.text(name)
        if not value.strip():  # in whatever script the question is
            raise wrong(name, "is missing or blank.")
        return value

    def choice(self, name: str, allowed: Iterable[str], default: str) -> str:
        """One of the allowed values."""
        value = self.text(name, default)
        if value not in allowed:
            raise wrong(name, f"must be one of: {', '.join(allowed)}.")
        return value

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number from `low` to `high`, in decimal digits."""
        value = self.text(name, str(default))
        if _NUMBER.fullmatch(value) is None or not low <= whole_number(value) <= high:
            raise wrong(name, f"must be a whole number from {low} to {high}.")
        return whole_number(value)

    def listed(self, name: str) -> tuple[str, ...]:
        """The values that are not blank: from repeats, each as it is, or from one JSON array or comma list."""
        values = self._values.get(name, ())
        if len(values) == 1:
            values = _split(name, _checked(name, values[0], MAX_TEXT * MAX_LIST))
        if len(values) > MAX_LIST:
            raise wrong(name, f"has more than {MAX_LIST} values.")
        return tuple(text for value in values if (text := _checked(name, value, MAX_TEXT)))

    def streaming(self, request: Request, *, otherwise: bool) -> bool:
        """Whether to answer with events: as the parameter says, else as `Accept` does, else `otherwise`."""
        if "streaming" in self._values:
            return lower(self.text("streaming")) not in _NO
        return prefers_events(request.headers, otherwise=otherwise)


async def read_parameters(request: Request) -> Parameters:
    """The query string's, and over them those of a JSON or form body; reads the body of a POST.

    Raises HTTPError 400 for a body that is no JSON object or has objects in it, 413 and 415 as the body's readers do.
    """
    values = gathered(request.query)
    if request.method == "POST" and request.body.length != 0:
        values |= await _body_values(request)
    return Parameters(values)


def wrong(name: str, what: str) -> HTTPError:
    """The 400 that names a parameter."""
    return HTTPError(400, f"The parameter {name[:_MAX_NAME]!r} {what}")


async def _body_values(request: Request) -> dict[str, tuple[str, ...]]:
    if media_type(request) == "application/x-www-form-urlencoded":
        return gathered(await read_form(request))
    data = await read_json(request)
    if not isinstance(data, dict):
        raise HTTPError(400, "The JSON body must be an object of parameters.")
    return {name: _texts(name, value) for name, value in data.items() if value is not None}


def gathered(pairs: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    """Pairs by name, the values of a repeated one in their order."""
    values: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        values[name] = (*values.get(name, ()), value)
    return values


def _texts(name: str, value: Any) -> tuple[str, ...]:
    """A JSON value as the text that means the same in a query; an array keeps its brackets there."""
    if isinstance(value, list):
        return (orjson.dumps([_scalar(name, element) for element in value]).decode(),)
    return (_scalar(name, value),)


def _scalar(name: str, value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() <= _MAX_BITS:
            return str(value)
        case float():
            return orjson.dumps(value).decode()
    raise wrong(name, "must be a text, a number, a boolean or a list of these.")


def _split(name: str, text: str) -> tuple[str, ...]:
    if not text.startswith("["):
        return tuple(text.split(",", MAX_LIST))
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise wrong(name, "begins with '[' but is not a JSON array.") from None
    return tuple(_scalar(name, value) for value in values)


def _checked(name: str, value: str, limit: int) -> str:
    if len(value) > limit:
        raise wrong(name, f"is longer than {limit} characters.")
    return value.strip(_BLANKS)
