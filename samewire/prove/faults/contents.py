"""Faults of content: JSON, other text, bytes, codings."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

from samewire.cases import expect, get
from samewire.cases.model import Step
from samewire.prove.channel import Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.json_text import JsonEdit, doubled, escaped, less, more, renamed, scalar, turned
from samewire.prove.rewriters import Answer, Wholes
from samewire.prove.writing import framed, without

_ANY: tuple[Step, ...] = (get("/path"), expect(200))


_GZIP: tuple[Step, ...] = (get("/path", headers={"Accept-Encoding": "gzip"}), expect(200))


LENGTH = "header.content-length"
"""It follows from the content, and is no proof that the content was looked at."""


_INTEGER, _TEXT = r"-?(?:0|[1-9][0-9]*)", r'"[^"\\]+"'


ContentEdit = Callable[[Answer], bytes | None]
"""The content as it is to be; None where it is left as it is."""


def _content(kind: Kind, name: str, does: str, needs: str, edit: ContentEdit, example: tuple[Step, ...]) -> Fault:
    def rewrite(answer: Answer) -> tuple[bytes, ...] | None:
        content = edit(answer) if answer.content else None
        return None if content is None else (framed(answer.head, answer.head.lines, content),)

    return Fault(
        f"{kind.name.lower()}.{name}", kind, does, needs, example, Tamper(answers=lambda: Wholes(rewrite)), LENGTH
    )


def _json(name: str, does: str, needs: str, edit: JsonEdit) -> Fault:
    def rewrite(answer: Answer) -> bytes | None:
        if "json" not in answer.head.value("content-type") or answer.head.value("content-encoding"):
            return None
        try:
            edited = edit(answer.content.decode())
        except UnicodeDecodeError:
            return None
        return None if edited is None else edited.encode()

    return _content(Kind.JSON, name, does, needs, rewrite, _ANY)


def _plain(name: str, does: str, needs: str, change: Callable[[bytes], bytes]) -> Fault:
    """Of content that is no JSON and has no content coding."""

    def edit(answer: Answer) -> bytes | None:
        coded = answer.head.value("content-encoding") or "json" in answer.head.value("content-type")
        return None if coded else change(answer.content)

    return _content(Kind.CONTENT, name, does, needs, edit, _ANY)


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes((content[middle] ^ 1,)) + content[middle + 1 :]


def _gzipped(change: Callable[[bytes], bytes]) -> ContentEdit:
    def edit(answer: Answer) -> bytes | None:
        if answer.head.value("content-encoding") != "gzip" or answer.head.status == 206:
            return None
        try:
            return change(gzip.decompress(answer.content))
        except (OSError, EOFError, zlib.error):
            return None

    return edit


def _identity(answer: Answer) -> tuple[bytes, ...] | None:
    content = _gzipped(lambda content: content)(answer) if answer.content else None
    if content is None:
        return None
    return (framed(answer.head, without(answer.head.lines, b"content-encoding"), content),)


def _page(answer: Answer) -> bytes | None:
    return b"error\n" if answer.head.status >= 400 else None


FAULTS = (
    _json("text", "a text has a letter more", "an answer in JSON with a text", scalar(_TEXT, lambda t: f'{t[:-1]}x"')),
    _json(
        "number",
        "a number is greater by one",
        "an answer in JSON with a number",
        scalar(_INTEGER, lambda n: str(int(n[:300]) + 1)),
    ),
    _json(
        "number-as-text",
        "a number is written as a text",
        "an answer in JSON with a number",
        scalar(_INTEGER, lambda n: f'"{n}"'),
    ),
    _json(
        "integer-as-float",
        "1 is written as 1.0",
        "an answer in JSON with an integer",
        scalar(_INTEGER, lambda n: f"{n}.0"),
    ),
    _json(
        "boolean-as-number",
        "true is written as 1",
        "an answer in JSON with true or false",
        scalar("true|false", lambda value: str(int(value == "true"))),
    ),
    _json(
        "boolean",
        "true and false are exchanged",
        "an answer in JSON with true or false",
        scalar("true|false", lambda value: "false" if value == "true" else "true"),
    ),
    _json("text-to-null", "a text becomes null", "an answer in JSON with a text", scalar(_TEXT, lambda _: "null")),
    _json("null-to-text", "null becomes an empty text", "an answer in JSON with null", scalar("null", lambda _: '""')),
    _json("member-order", "the members of an object are in another order", "an object of two members", turned("{")),
    _json("array-order", "the elements of an array are in another order", "an array of two elements", turned("[")),
    _json("member-lost", "a member of an object is lost", "an answer in JSON with an object", less("{")),
    _json("element-lost", "an element of an array is lost", "an answer in JSON with an array", less("[")),
    _json(
        "member-null", "a member that is null is added", "an answer in JSON with an object", more("{", '"added":null')
    ),
    _json("element-added", "an element of an array is added", "an answer in JSON with an array", more("[", "null")),
    _json("member-doubled", "a member of an object stands twice", "an answer in JSON with an object", doubled("{")),
    _json("key", "a key has another name", "an answer in JSON with an object", renamed),
    _json("escape", "a letter is written as an escape", "an answer in JSON with a text", escaped),
    _json("newline", "a line end is added after the document", "an answer in JSON", lambda text: text + "\n"),
    _json("blanks", "a blank is added before the document", "an answer in JSON", lambda text: " " + text),
    _json("byte-order-mark", "a byte order mark stands first", "an answer in JSON", lambda text: "\ufeff" + text),
    _plain("byte", "a bit of one byte is another", "an answer with content other than JSON", _flipped),
    _plain("shorter", "the last byte is lost, and the length says so", "an answer with content", lambda c: c[:-1]),
    _plain("longer", "a line end is added, and the length says so", "an answer with content", lambda c: c + b"\n"),
    _plain("empty", "the content is empty", "an answer with content", lambda _: b""),
    _plain(
        "line-ends",
        "LF becomes CRLF",
        "an answer of text of several lines",
        lambda content: content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    ),
    _content(
        Kind.CONTENT,
        "error-replaced",
        "the content of an error is a proxy's own",
        "an error with content",
        _page,
        (get("/nowhere"), expect(404)),
    ),
    _content(
        Kind.CONTENT,
        "gzip-other-content",
        "what is compressed has one byte more",
        "an answer with Content-Encoding: gzip",
        _gzipped(lambda content: gzip.compress(content + b" ", mtime=0)),
        _GZIP,
    ),
    _content(
        Kind.CONTENT,
        "gzip-level",
        "the same content is compressed less",
        "an answer with Content-Encoding: gzip",
        _gzipped(lambda content: gzip.compress(content, 1, mtime=0) + b""),
        _GZIP,
    ),
    _content(
        Kind.CONTENT,
        "gzip-cut",
        "the end of the compressed data is lost",
        "an answer with Content-Encoding: gzip",
        lambda answer: answer.content[:-9] if answer.head.value("content-encoding") == "gzip" else None,
        _GZIP,
    ),
    Fault(
        "content.gzip-to-identity",
        Kind.CONTENT,
        "what should be compressed is sent plain",
        "an answer with Content-Encoding: gzip",
        _GZIP,
        Tamper(answers=lambda: Wholes(_identity)),
    ),
)
