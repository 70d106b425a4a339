"""A request of the recording as each side must be asked it: with its own ids in the places of the recorded ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from samewire.ascii import lower, strip
from samewire.exchange import Field
from samewire.replay.ids.tokens import is_named, replaced
from samewire.traffic import Record

_NAMED_NUMBER = re.compile(r'("(?P<name>[^"\\]{1,100})"\s*:\s*"?)(?P<number>[0-9]{1,19})(?![0-9.eE])', re.ASCII)
_FORM = "application/x-www-form-urlencoded"
Own = Mapping[str, str]
"""By recorded id, what it is called on one side."""


def filled(record: Record, own: Own, cookies: Own) -> Record:
    """With whole tokens replaced: segments of the path, values of the query and of forms, JSON, fields, cookies.

    A number is replaced where it is a whole segment, or where its name says that it is an id; `?page=2` stays.
    """
    if record.raw is not None or not (own or cookies):
        return record
    return record._replace(
        target=_target(record.target, own),
        fields=tuple(_field(field, own, cookies) for field in record.fields),
        body=None if record.body is None else _content(record, own),
    )


def _target(target: str, own: Own) -> str:
    path, mark, query = target.partition("?")
    segments = [_segment(segment, own) for segment in path.split("/")]
    return "/".join(segments) + mark + _pairs(query, own)


def _segment(segment: str, own: Own) -> str:
    name = own.get(unquote(segment))
    return replaced(segment, own) if name is None else quote(name, safe="~")


def _pairs(query: str, own: Own) -> str:
    """`name=value` pairs joined by `&`, as in a query and in a form."""
    return "&".join(_pair(pair, own) for pair in query.split("&"))


def _pair(pair: str, own: Own) -> str:
    name, mark, value = pair.partition("=")
    if mark and is_named(unquote(name)) and unquote(value) in own:
        return name + mark + quote(own[unquote(value)], safe="~")
    return name + mark + replaced(value, own)


def _field(field: Field, own: Own, cookies: Own) -> Field:
    name, value = field
    if lower(name) != "cookie":
        return name, replaced(value, own)
    return name, "; ".join(_cookie(strip(cookie), own, cookies) for cookie in value.split(";"))


def _cookie(cookie: str, own: Own, cookies: Own) -> str:
    name, mark, value = cookie.partition("=")
    return name + mark + (cookies[name] if name in cookies else replaced(value, own))


def _content(record: Record, own: Own) -> bytes:
    """Text alone has ids in it; what is none stays as it is."""
    body = record.body or b""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    kinds = [lower(value) for name, value in record.fields if lower(name) == "content-type"]
    if any(kind.startswith(_FORM) for kind in kinds):
        return _pairs(text, own).encode()
    return _NAMED_NUMBER.sub(lambda match: _number(match, own), replaced(text, own)).encode()


def _number(match: re.Match[str], own: Own) -> str:
    number = match["number"]
    return match[1] + (own.get(number, number) if is_named(match["name"]) else number)
