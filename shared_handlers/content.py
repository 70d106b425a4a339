"""A request's content as JSON or as a form."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from shared_handlers.ascii import lower, strip
from shared_handlers.errors import HTTPError
from shared_handlers.message import Field, Request, parse_pairs

MAX_DEPTH = 200
"""Arrays and objects within each other; an answer that holds such a value can still be written."""
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_LONG_NUMBER = re.compile(rb"\d{19}")
_CHARSET = re.compile(r";[ \t]*charset[ \t]*=[ \t]*\"?([^ \t\";]+)", re.ASCII | re.IGNORECASE)
_BITS_64 = range(-(1 << 63), 1 << 64)


def media_type(request: Request) -> str:
    """The type and subtype of the content in lower case, without parameters; empty when none is given."""
    return lower(strip(request.headers.get("Content-Type", "").partition(";")[0]))


async def read_json(request: Request) -> Any:
    """The content parsed as JSON (RFC 8259): `application/json` or any `+json`, in UTF-8 without a byte order mark.

    Of a repeated key the last value wins. HTTPError 415 for another media type or charset; 400 for no content,
    malformed JSON, NaN and the infinities, more than 200 levels, whole numbers beyond 64 bits; and what reading
    a body raises.
    """
    kind = media_type(request)
    if request.body.length == 0 and not kind:
        raise _empty()
    if kind != _JSON and not kind.endswith("+json"):
        raise HTTPError(415, f"The content must be {_JSON}.", (("Accept", _JSON),))
    _check_charset(request, _JSON)
    content = await request.body.read()
    if not content:
        raise _empty()
    return parse_json(content)


def parse_json(content: bytes) -> Any:
    """UTF-8 JSON as a value; HTTPError 400 as `read_json` says."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise HTTPError(400, f"The JSON is malformed at line {error.lineno}, column {error.colno}.") from None
    if content.count(b"[") + content.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    # The fast parser makes a float of a whole number beyond 64 bits; that would change it without a word.
    return json.loads(content, parse_int=_exact) if _LONG_NUMBER.search(content) else value


async def read_form(request: Request) -> tuple[Field, ...]:
    """The pairs of an `application/x-www-form-urlencoded` form in order, decoded as UTF-8 (WHATWG URL section 5.1).

    HTTPError 415 for another media type or charset, 400 beyond 1,000 fields, and what reading a body raises.
    """
    if media_type(request) != _FORM:
        raise HTTPError(415, f"The content must be {_FORM}.", (("Accept", _FORM),))
    _check_charset(request, _FORM)
    return parse_pairs((await request.body.read()).decode("utf-8", "replace"))


def _check_charset(request: Request, accepted: str) -> None:
    charset = _CHARSET.search(request.headers.get("Content-Type", ""))
    if charset is not None and lower(charset[1]) not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPError(415, "The content must be in UTF-8.", (("Accept", accepted),))


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    raise HTTPError(400, f"The JSON is deeper than {MAX_DEPTH} levels.")


def _children(item: Any) -> list[Any]:
    values = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return [value for value in values if isinstance(value, dict | list)]


def _exact(digits: str) -> int:
    if len(digits) > 20 or (number := int(digits)) not in _BITS_64:
        raise HTTPError(400, "The JSON has a whole number beyond 64 bits.")
    return number


def _empty() -> HTTPError:
    return HTTPError(400, "The request has no content, but JSON is needed.")
