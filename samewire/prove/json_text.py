"""One change to a JSON text, all else of it to the letter: pure, and None when there is nothing to change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

JsonEdit = Callable[[str], str | None]
_LEXEME = re.compile(r'[ \t\r\n]*([{}\[\]:,]|"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*|true|false|null)[ \t\r\n]*')
_DEPTH = 64


class Member(NamedTuple):
    """A member of an object, or an element of an array; offsets into the text."""

    start: int
    value: int
    """Where the value begins: at `start` in an array."""
    end: int


class Node(NamedTuple):
    """A value in the text."""

    start: int
    end: int
    members: tuple[Member, ...]
    children: tuple[Node, ...]

    def walk(self) -> Iterator[Node]:
        """It and all values in it, those outside first."""
        yield self
        for child in self.children:
            yield from child.walk()


def read(text: str) -> Node | None:
    """The value that the text is; None when it is no JSON object or array, or nested too deeply."""
    try:
        node, at = _Reader(text).value(0, _DEPTH)
    except (ValueError, IndexError):
        return None
    return node if at == len(text) and node.children else None


def scalar(fits: str, change: Callable[[str], str]) -> JsonEdit:
    """The first value whose text fits the pattern becomes another one."""
    pattern = re.compile(fits)

    def edit(text: str) -> str | None:
        for node in _nodes(text):
            if not node.members and pattern.fullmatch(text, node.start, node.end):
                return text[: node.start] + change(text[node.start : node.end]) + text[node.end :]
        return None

    return edit


def turned(opening: str) -> JsonEdit:
    """The members of the first object, or the elements of the first array, that has several stand in opposite order."""

    def edit(text: str) -> str | None:
        for node in _nodes(text):
            parts = [text[member.start : member.end] for member in node.members]
            if text[node.start] == opening and len(parts) > 1 and parts != parts[::-1]:
                return text[: node.start + 1] + ",".join(reversed(parts)) + text[node.end - 1 :]
        return None

    return edit


def less(opening: str) -> JsonEdit:
    """The last member of the first object, or the last element of the first array, is lost."""
    return _members(opening, lambda parts: parts[:-1])


def more(opening: str, what: str) -> JsonEdit:
    """The first object, or the first array, that is not empty has one more."""
    return _members(opening, lambda parts: [*parts, what])


def doubled(opening: str) -> JsonEdit:
    """The first member of the first object, or the first element of the first array, stands twice."""
    return _members(opening, lambda parts: [parts[0], *parts])


def renamed(text: str) -> str | None:
    """The first key of the first object is written with an `x` at its end."""
    for node in _nodes(text):
        if text[node.start] == "{" and node.members:
            end = text.rindex('"', node.members[0].start, text.index(":", _key_end(text, node.members[0].start)))
            return f"{text[:end]}x{text[end:]}"
    return None


def escaped(text: str) -> str | None:
    """The first letter of the first text is written as an escape: the value stays the same."""
    return scalar(r'"[A-Za-z][^"]*"', lambda value: f'"\\u{ord(value[1]):04x}{value[2:]}')(text)


def _members(opening: str, change: Callable[[list[str]], list[str]]) -> JsonEdit:
    def edit(text: str) -> str | None:
        for node in _nodes(text):
            if text[node.start] == opening and node.members:
                parts = change([text[member.start : member.end] for member in node.members])
                return text[: node.start + 1] + ",".join(parts) + text[node.end - 1 :]
        return None

    return edit


def _nodes(text: str) -> Iterator[Node]:
    node = read(text)
    return iter(()) if node is None else node.walk()


def _key_end(text: str, start: int) -> int:
    found = _LEXEME.match(text, start)
    return start if found is None else found.end(1)


class _Reader:
    """Recursive descent, bounded in depth; ValueError where the text is no JSON."""

    def __init__(self, text: str) -> None:
        self._text = text

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        """The value at an offset, and the offset after it and the blanks that follow."""
        start, lexeme, after = self._lexeme(at)
        if lexeme in ("{", "["):
            return self._inside(start, after, "}" if lexeme == "{" else "]", depth - 1)
        if lexeme in ("}", "]", ":", ","):
            raise ValueError(lexeme)
        json.loads(lexeme)
        return Node(start, start + len(lexeme), (), ()), after

    def _inside(self, start: int, at: int, closing: str, depth: int) -> tuple[Node, int]:
        if depth < 0:
            raise ValueError("nested too deeply")
        members: list[Member] = []
        children: list[Node] = []
        position, lexeme, after = self._lexeme(at)
        while lexeme != closing:
            first = at
            if closing == "}":
                at = self._colon(at)
            child, at = self.value(at, depth)
            members.append(Member(first, child.start, at))
            children.append(child)
            position, lexeme, after = self._lexeme(at)
            if lexeme not in (",", closing):
                raise ValueError(lexeme)
            at = after if lexeme == "," else at
        return Node(start, position + 1, tuple(members), tuple(children)), after

    def _colon(self, at: int) -> int:
        _, key, after = self._lexeme(at)
        _, colon, end = self._lexeme(after)
        if not key.startswith('"') or colon != ":":
            raise ValueError(key)
        return end

    def _lexeme(self, at: int) -> tuple[int, str, int]:
        found = _LEXEME.match(self._text, at)
        if found is None:
            raise ValueError("no lexeme")
        return found.start(1), found[1], found.end()
