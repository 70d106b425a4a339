"""JSON as tokens and as a tree that forgets nothing: duplicate members, their order, how a number was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

MAX_DEPTH = 64
"""Deeper documents are compared as text: reading and comparing recurse."""


class Scalar(NamedTuple):
    lexeme: str


class Array(NamedTuple):
    items: tuple[Node, ...]


class Object(NamedTuple):
    members: tuple[tuple[str, Node], ...]


Node = Scalar | Array | Object


def parse(text: str) -> Node | None:
    """The one JSON document (RFC 8259) that the text is; None when it is none, or deeper than MAX_DEPTH."""
    try:
        reader = _Reader(tokens(text))
        node = reader.value(0)
        return node if reader.lexeme == _END else None
    except ValueError:
        return None


def tokens(text: str) -> Iterator[str]:
    """Each lexeme in order, then an empty one for the end; ValueError at the first character that begins none."""
    at, end = 0, len(text)
    while (at := _BLANK.match(text, at).end()) < end:  # type: ignore[union-attr]  # it matches nothing, too
        found = LEXEME.match(text, at)
        if found is None:
            raise ValueError(f"no JSON token at offset {at}")
        yield found[0]
        at = found.end()
    yield _END


def string(lexeme: str) -> str:
    """What a string lexeme says; lone surrogates are kept."""
    return str(json.loads(lexeme)) if "\\" in lexeme else lexeme[1:-1]


def render(node: Node) -> str:
    """The tree as JSON text again, lexemes as they stood."""
    match node:
        case Scalar(lexeme):
            return lexeme
        case Array(items):
            return f"[{','.join(map(render, items))}]"
        case Object(members):
            return "{" + ",".join(f"{json.dumps(key)}:{render(member)}" for key, member in members) + "}"


_END = ""
_BLANK = re.compile(r"[ \t\n\r]*+")
LEXEME = re.compile(
    r"""[{}\[\]:,]|true|false|null
    |-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+
    |"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"
    """,
    re.VERBOSE,
)
_STRUCTURE = frozenset("}]:,")


class _Reader:
    """Recursive descent over the tokens, one ahead, bounded in depth."""

    __slots__ = ("_tokens", "lexeme")

    def __init__(self, stream: Iterator[str]) -> None:
        self._tokens = stream
        self.lexeme = next(stream)

    def value(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        lexeme = self._take()
        if lexeme == "{":
            return Object(tuple(self._members(depth)))
        if lexeme == "[":
            return Array(tuple(self._items(depth)))
        if lexeme == _END or lexeme in _STRUCTURE:
            raise ValueError(f"{lexeme!r} where a value must stand")
        return Scalar(lexeme)

    def _members(self, depth: int) -> Iterator[tuple[str, Node]]:
        while self.lexeme != "}":
            key = self._take()
            if not key.startswith('"'):
                raise ValueError(f"{key!r} where a name must stand")
            self._expect(":")
            yield string(key), self.value(depth + 1)
            self._separator("}")
        self._take()

    def _items(self, depth: int) -> Iterator[Node]:
        while self.lexeme != "]":
            yield self.value(depth + 1)
            self._separator("]")
        self._take()

    def _separator(self, close: str) -> None:
        if self.lexeme != close:
            self._expect(",")
            if self.lexeme == close:
                raise ValueError("a comma before the end")

    def _expect(self, wanted: str) -> None:
        if (lexeme := self._take()) != wanted:
            raise ValueError(f"{lexeme!r} where {wanted!r} must stand")

    def _take(self) -> str:
        lexeme = self.lexeme
        self.lexeme = next(self._tokens, _END)
        return lexeme
