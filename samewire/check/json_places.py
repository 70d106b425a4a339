"""Holds places of a JSON document against what must stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from samewire.ascii import whole_number
from samewire.cases.model import JsonAt
from samewire.check.filling import Filling
from samewire.compare.json_tokens import Array, Node, Object, Scalar, parse, render, string
from samewire.failing import ABSENT, failure
from samewire.result import Failure


def check_places(place: str, places: Sequence[JsonAt], text: str, filling: Filling) -> Iterator[Failure]:
    """What the text misses; one failure when it is not JSON at all."""
    document = parse(text)
    if document is None and places:
        yield failure(place, "JSON (RFC 8259)", text or "an empty text")
        return
    for at in places:
        if document is not None:
            yield from _check(f"{place}.json:{at.at}", at, find(document, filling.text(at.at)), filling)


def find(document: Node, pointer: str) -> Node | None:
    """What stands at a JSON Pointer (RFC 6901); of members that repeat a name, the last."""
    node: Node | None = document
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        match node:
            case Object(members):
                node = dict(members).get(key)
            case Array(items) if re.fullmatch("0|[1-9][0-9]{0,8}", key) and whole_number(key) < len(items):
                node = items[whole_number(key)]
            case _:
                return None
    return node


def equal(node: Node, value: JsonValue) -> bool:
    """Whether a node is this value; `1`, `1.0` and `true` are three."""
    match node, value:
        case Object(members), dict():
            named = dict(members)
            same = len(members) == len(value) and named.keys() == value.keys()
            return same and all(equal(member, value[key]) for key, member in members)
        case Array(items), list():
            return len(items) == len(value) and all(map(equal, items, value))
        case Scalar(lexeme), _ if not isinstance(value, dict | list):
            return _scalar(lexeme, value)
    return False


def described(value: JsonValue) -> str:
    """A value as JSON text."""
    return json.dumps(value, ensure_ascii=False)


def words(node: Node) -> str:
    """A string's content; anything else as it was written."""
    return string(node.lexeme) if isinstance(node, Scalar) and node.lexeme.startswith('"') else render(node)


def _check(place: str, at: JsonAt, node: Node | None, filling: Filling) -> Iterator[Failure]:
    if node is None or at.absent:
        if (node is None) != at.absent:
            yield failure(place, _expectation(at, filling), ABSENT if node is None else render(node))
        return
    wishes = (
        not _equals_given(at) or equal(node, filling.value(at.equals)),
        at.matches is None or re.fullmatch(filling.pattern(at.matches), words(node), re.ASCII | re.DOTALL) is not None,
        at.type is None or at.type in _types(node),
        at.length is None or _length(node) == at.length,
    )
    if not all(wishes):
        yield failure(place, _expectation(at, filling), render(node))


def _expectation(at: JsonAt, filling: Filling) -> str:
    wishes = (
        described(filling.value(at.equals)) if _equals_given(at) else "",
        f"matches {filling.pattern(at.matches)}" if at.matches is not None else "",
        f"type {at.type}" if at.type else "",
        f"length {at.length}" if at.length is not None else "",
    )
    return ABSENT if at.absent else ", ".join(filter(None, wishes)) or "present"


def _equals_given(at: JsonAt) -> bool:
    """Whether it must equal something; None is JSON's null when it is written out and is the only wish."""
    others = at.matches, at.type, at.length
    return at.equals is not None or ("equals" in at.model_fields_set and not at.absent and others == (None, None, None))


def _scalar(lexeme: str, value: JsonValue) -> bool:
    if lexeme.startswith('"'):
        return isinstance(value, str) and string(lexeme) == value
    if lexeme in _LITERALS:
        return value is _LITERALS[lexeme]
    if isinstance(value, bool | str) or value is None:
        return False
    if isinstance(value, int):
        return lexeme == str(value)
    return "integer" not in _types(Scalar(lexeme)) and float(lexeme) == value


_LITERALS = {"true": True, "false": False, "null": None}


def _types(node: Node) -> tuple[str, ...]:
    match node:
        case Object():
            return ("object",)
        case Array():
            return ("array",)
        case Scalar(lexeme) if lexeme.startswith('"'):
            return ("string",)
        case Scalar(lexeme) if lexeme in _LITERALS:
            return ("null",) if lexeme == "null" else ("boolean",)
        case Scalar(lexeme):
            return ("number",) if set(lexeme) & set(".eE") else ("number", "integer")


def _length(node: Node) -> int:
    match node:
        case Object(members):
            return len(members)
        case Array(items):
            return len(items)
        case Scalar():
            return len(words(node))
