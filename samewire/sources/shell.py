"""Command lines out of a shell script, one list of words each; nothing is expanded and nothing is run."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from typing import NamedTuple

LONGEST = 16 * 1024 * 1024
"""Characters of one command."""
_TOKEN = re.compile(
    r"""(?P<blank>(?:[ \t\r]|\\\r?\n)+)|(?P<end>\n|;|&{1,2}|\|{1,2})
    |'(?P<single>[^']*+)'|"(?P<double>(?:[^"\\]|\\.)*+)"|\$'(?P<ansi>(?:[^'\\]|\\.)*+)'
    |\\(?P<escaped>[^\n])|(?P<plain>[^\s'"\\;&|$`#]++|\#|\$(?![A-Za-z_0-9{('@*?!-]))|(?P<shell>`|\$(?!'))""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_FIRST_TOKEN = re.compile(rf"(?P<comment>\#[^\n]*)|{_TOKEN.pattern}", _TOKEN.flags)
"""Where no word has begun."""
_IN_DOUBLE = re.compile(r'\\(\n|[$`"\\])')
_EXPANDED = re.compile(r"(?<!\\)(?:\\\\)*(?:`|\$[A-Za-z_0-9{(])")
_ANSI = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL)
_ANSI_NAMED = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class Command(NamedTuple):
    """The words of one command."""

    words: tuple[str, ...]
    fault: str = ""
    """Why they are not what a shell would make of it."""


def commands(lines: Iterable[str]) -> Iterator[Command]:
    """The commands in the lines of a script (each with its end), as they come; POSIX quoting and `$'…'`."""
    words = _Words()
    rest, block, size = "", [], 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size < len(rest):  # the longer what is not whole yet, the more is added: so reading stays linear
            continue
        rest = yield from _taken(words, "".join((rest, *block)), whole=False)
        block.clear()
        size = 0
        if len(rest) > LONGEST:
            yield Command((), "it is too long")
            return
    if (yield from _taken(words, "".join((rest, *block)), whole=True)):
        words.fault = words.fault or "a quote that is not closed"
    yield from words.done()


def _taken(words: _Words, text: str, *, whole: bool) -> Generator[Command, None, str]:
    """Takes the tokens of the text, but the last one when more may come; what was not taken is returned."""
    at = 0
    while (token := words.next(text, at)) is not None and (whole or token.end() < len(text)):
        at = token.end()
        yield from words.take(token)
    return text[at:]


class _Words:
    """The words of the command that is being read."""

    def __init__(self) -> None:
        self.fault = ""
        self._words: list[str] = []
        self._word: list[str] | None = None

    def next(self, text: str, at: int) -> re.Match[str] | None:
        """The token that begins there, if it is whole."""
        return (_TOKEN if self._word is not None else _FIRST_TOKEN).match(text, at)

    def take(self, token: re.Match[str]) -> Iterator[Command]:
        match token.lastgroup:
            case "blank" | "comment":
                self._end_word()
            case "end":
                yield from self.done()
            case "shell":
                self._expands()
            case kind:
                self._add(kind or "", token[kind or 0])

    def done(self) -> Iterator[Command]:
        self._end_word()
        if self._words or self.fault:
            yield Command(tuple(self._words), self.fault)
        self._words, self.fault = [], ""

    def _add(self, kind: str, text: str) -> None:
        if kind == "double":
            if _EXPANDED.search(text):
                self._expands()
            text = _IN_DOUBLE.sub(lambda escape: "" if escape[1] == "\n" else escape[1], text)
        elif kind == "ansi":
            text = _ANSI.sub(_ansi, text)
        self._word = self._word or []
        self._word.append(text)

    def _expands(self) -> None:
        self.fault = "it uses a variable or a command of the shell"

    def _end_word(self) -> None:
        if self._word is not None:
            self._words.append("".join(self._word))
        self._word = None


def _ansi(escape: re.Match[str]) -> str:
    """What an escape of bash's `$'…'` stands for; a byte that is no ASCII as a lone surrogate (PEP 383)."""
    for number, base in ((1, 16), (4, 8)):
        if escape[number]:
            byte = int(escape[number], base) & 0xFF
            return chr(byte) if byte < 0x80 else chr(0xDC00 + byte)
    for number in (2, 3):
        if escape[number]:
            code = int(escape[number], 16)
            return chr(code) if code <= 0x10FFFF else "\ufffd"
    return _ANSI_NAMED.get(escape[5], escape[5])
