"""Forms with files: what the parts are, where they end, and what a part may call itself."""

from __future__ import annotations

import hashlib

from pydantic import JsonValue

from contract_tests.shorthand import follow_up
from samewire.cases import Case, case, expect, json, post, problem
from samewire.cases.model import Send

PARTS = "RFC 7578 section 4: each part is a field of the form, in order; names may repeat (section 4.3)."
NAMES = "RFC 7578 section 4.2: only the last segment of a filename; filename* must not be used."
DELIMITER = "RFC 2046 section 5.1.1: CRLF -- boundary; before the first and after the last is nothing that counts."
LIMITS = "Contract: at most 20 parts, 8 KiB of header each; nothing is kept of more."
_B = "--bound"
_END = "--bound--\r\n"


def _part(disposition: str, content: str, *fields: str) -> str:
    head = "\r\n".join((f"Content-Disposition: form-data; {disposition}", *fields))
    return f"{_B}\r\n{head}\r\n\r\n{content}\r\n"


def _form(content: str, boundary: str = "bound", **more: object) -> Send:
    kind = f"multipart/form-data; boundary={boundary}"
    return post("/probe/multipart", text=content, headers={"Content-Type": kind}, **more)  # type: ignore[arg-type]


def _told(name: str, content: str, filename: str | None = None, content_type: str = "") -> JsonValue:
    data = content.encode()
    return {
        "name": name,
        "filename": filename,
        "content_type": content_type,
        "length": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _reads(id: str, title: str, why: str, content: str, *parts: JsonValue, boundary: str = "bound") -> Case:
    return case(
        id, title, why, _form(content, boundary), expect(200, body=json(equals={"parts": [*parts]})), *follow_up()
    )


def _refuses(id: str, title: str, why: str, content: str, status: int = 400, boundary: str = "bound") -> Case:
    return case(id, title, why, _form(content, boundary), expect(status, body=problem()))


_FILE = _part('name="file"; filename="a.txt"', "hello", "Content-Type: text/plain")
_TOLD = _told("file", "hello", "a.txt", "text/plain")
_TRICKY = "--bound\r\nx\r\n--boun\r\n\r\n--bound"
"""Looks like a delimiter, and is none: no CRLF before it, one letter less."""

CASES: tuple[Case, ...] = (
    _reads(
        "UPL-01",
        "a field and a file are what they were",
        PARTS,
        _part('name="note"', "a\tb") + _FILE + _END,
        _told("note", "a\tb"),
        _TOLD,
    ),
    _reads(
        "UPL-02",
        "parts of one name stay apart and in order",
        PARTS,
        _part('name="a"', "1") + _part('name="a"', "2") + _part('name="b"', "3") + _END,
        _told("a", "1"),
        _told("a", "2"),
        _told("b", "3"),
    ),
    _reads(
        "UPL-03",
        "a filename is UTF-8, and filename* is not looked at",
        NAMES,
        _part("name=\"f\"; filename=\"ä€.txt\"; filename*=UTF-8''other.txt", "x") + _END,
        _told("f", "x", "ä€.txt"),
    ),
    *(
        _reads(f"UPL-04.{name}", f"{what} is taken from a filename", NAMES, _part(f'name="f"; filename="{sent}"', "x") + _END,
               _told("f", "x", kept))
        for name, what, sent, kept in (
            ("path", "a path", "../../etc/passwd", "passwd"),
            ("windows", "a path of Windows", "C:\\\\temp\\\\a.txt", "a.txt"),
            ("up", "the directory above", "..", ""),
            ("quote", "no quote", 'a\\"b.txt', 'a"b.txt'),
            ("percent", "no percent sign", "a%0D%0Ab.txt", "a%0D%0Ab.txt"),
            ("control", "a control character", "a\x01b\x7f.txt", "ab.txt"),
        )
    ),
    _reads(
        "UPL-05",
        "an empty file, a file without a name and an empty field are three things",
        PARTS,
        _part('name="a"; filename="a.txt"', "") + _part('name="b"; filename=""', "") + _part('name="c"', "") + _END,
        _told("a", "", "a.txt"),
        _told("b", "", ""),
        _told("c", ""),
    ),
    case(
        "UPL-06",
        "how the content is cut into writes and chunks means nothing",
        DELIMITER,
        _form(_FILE + _END, delivery="byte by byte"),
        expect(200, body=json(equals={"parts": [_TOLD]})),
        _form(_FILE + _END, chunks=[1]),
        expect(200, body=json(equals={"parts": [_TOLD]})),
    ),
    _reads(
        "UPL-07",
        "what stands before the first and after the last boundary is ignored",
        DELIMITER,
        "This is a preamble.\r\n" + _FILE + _END + "and an epilogue\r\n--bound\r\nnot a part",
        _TOLD,
    ),
    _reads("UPL-07.empty", "a form may have no parts", DELIMITER, _END),
    _refuses("UPL-08", "without the last boundary it is 400", DELIMITER, _FILE),
    _refuses("UPL-08.cut", "cut in the last boundary, too", DELIMITER, _FILE + "--bound-"),
    _refuses("UPL-08.other", "with another boundary it is 400", DELIMITER, _FILE + _END, boundary="other"),
    _refuses("UPL-08.long", "a boundary of more than 70 characters is 400", DELIMITER, _END, boundary="x" * 71),
    _refuses("UPL-08.nothing", "no content is no form", DELIMITER, ""),
    case(
        "UPL-08.none",
        "without a boundary it is 400",
        DELIMITER,
        post("/probe/multipart", text=_FILE + _END, headers={"Content-Type": "multipart/form-data"}),
        expect(400, body=problem()),
    ),
    case(
        "UPL-08.type",
        "another media type is 415",
        "RFC 9110 section 15.5.16.",
        post("/probe/multipart", text=_FILE + _END, headers={"Content-Type": "multipart/mixed; boundary=bound"}),
        expect(415, headers={"Accept": "multipart/form-data"}, body=problem()),
    ),
    _reads(
        "UPL-09",
        "what only looks like a boundary is content",
        DELIMITER,
        _part('name="f"; filename="t"', f"x{_TRICKY}y\r\n-") + _END,
        _told("f", f"x{_TRICKY}y\r\n-", "t"),
    ),
    _reads(
        "UPL-10.most",
        "twenty parts are read",
        LIMITS,
        "".join(_part(f'name="{number}"', "x") for number in range(20)) + _END,
        *(_told(str(number), "x") for number in range(20)),
    ),
    _refuses(
        "UPL-10.parts",
        "more parts are 413",
        LIMITS,
        "".join(_part(f'name="{number}"', "x") for number in range(21)) + _END,
        413,
    ),
    _refuses("UPL-10.header", "a longer header is refused", LIMITS, _part(f'name="{"x" * 8200}"', "x") + _END),
    _refuses(
        "UPL-10.fields", "more than 8 fields in a part are refused", LIMITS, _part('name="a"', "x", *["X-A: b"] * 8) + _END
    ),
    _refuses(
        "UPL-10.nested",
        "a multipart in a part is 400",
        "RFC 7578 section 4.3: deprecated.",
        _part('name="a"', "--in--\r\n", "Content-Type: multipart/mixed; boundary=in") + _END,
    ),
    _refuses("UPL-10.name", "a part without a name is 400", PARTS, _part('filename="a"', "x") + _END),
    _refuses("UPL-10.disposition", "and one without a disposition", PARTS, f"{_B}\r\nX-A: b\r\n\r\nx\r\n{_END}"),
    _reads(
        "UPL-13",
        "a transfer encoding of a part is not looked at",
        "RFC 7578 section 4.7: deprecated; content is what it is.",
        _part('name="f"; filename="a"', "aGVsbG8=", "Content-Transfer-Encoding: base64") + _END,
        _told("f", "aGVsbG8=", "a"),
    ),
)  # fmt: skip
