"""Faults of field lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from samewire.cases import expect, get
from samewire.cases.model import Step
from samewire.compare import imf_fixdate
from samewire.prove.channel import Out, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.heads import added, changed, lost, on_final, recased, reordered, repeated
from samewire.prove.rewriters import Answer, HeadEdit, Heads, Wholes
from samewire.prove.writing import framed

_ANY: tuple[Step, ...] = (get("/path"), expect(200))


_ORIGIN: tuple[Step, ...] = (get("/path", headers={"Origin": "https://app.example"}), expect(200))


_LOST: tuple[tuple[str, tuple[Step, ...]], ...] = (
    ("Vary", _ORIGIN),
    ("ETag", (get("/file"), expect(200))),
    ("Last-Modified", (get("/file"), expect(200))),
    ("Location", (get("/moved"), expect(308))),
    ("Content-Type", _ANY),
    ("Content-Encoding", (get("/path", headers={"Accept-Encoding": "gzip"}), expect(200))),
    ("Content-Range", (get("/file", headers={"Range": "bytes=0-3"}), expect(206))),
    ("Accept-Ranges", (get("/file"), expect(200))),
    ("Allow", (get("/only-for-post"), expect(405))),
    ("WWW-Authenticate", (get("/private"), expect(401))),
    ("Retry-After", (get("/busy"), expect(503))),
    ("Cache-Control", _ANY),
    ("Access-Control-Allow-Origin", _ORIGIN),
    ("Access-Control-Allow-Credentials", _ORIGIN),
    ("Access-Control-Expose-Headers", _ORIGIN),
    ("Set-Cookie", (get("/login"), expect(200))),
    ("Date", _ANY),
    ("Server", _ANY),
    ("X-Content-Type-Options", _ANY),
)


def _fault(name: str, does: str, needs: str, edit: HeadEdit, example: tuple[Step, ...] = _ANY) -> Fault:
    return Fault(f"fields.{name}", Kind.FIELDS, does, needs, example, Tamper(answers=lambda: Heads(edit)))


def _lost(name: str, example: tuple[Step, ...]) -> Fault:
    return _fault(f"{name.lower()}-lost", f"the field {name} is lost", f"an answer with {name}", lost(name), example)


def _attribute(name: str) -> Fault:
    pattern = re.compile(rb"(?i);[ \t]*%b(?:=[^;]*)?" % name.encode())
    return _fault(
        f"cookie-{name.lower()}-lost",
        f"the attribute {name} of a cookie is lost",
        f"an answer that sets a cookie with {name}",
        changed("Set-Cookie", lambda value: pattern.sub(b"", value)),
        (get("/login"), expect(200)),
    )


def _hour_late(value: bytes) -> bytes:
    moment = imf_fixdate(value.decode("latin-1"))
    return (moment + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT").encode() if moment else value


def _obsolete(value: bytes) -> bytes:
    moment = imf_fixdate(value.decode("latin-1"))
    return moment.strftime("%A, %d-%b-%y %H:%M:%S GMT").encode() if moment else value


def _half(answer: Answer) -> Sequence[Out] | None:
    """Of an id that the client did not choose."""
    id = answer.head.value("x-request-id").encode("latin-1")
    if not id or id in answer.head.asked.head:
        return None
    lines = tuple(line.replace(id, id[: len(id) // 2]) for line in answer.head.lines)
    return (framed(answer.head, lines, answer.content.replace(id, id[: len(id) // 2])),)


FAULTS = (
    *(_lost(name, example) for name, example in _LOST),
    *map(_attribute, ("HttpOnly", "Secure", "SameSite", "Path", "Max-Age")),
    _fault("added", "a field X-Powered-By is added", "any answer", added("X-Powered-By: proxy")),
    _fault("case", "the name Content-Type is in lower case", "an answer with content", recased("Content-Type")),
    _fault(
        "repeated", "the line Cache-Control stands twice", "an answer with Cache-Control", repeated("Cache-Control")
    ),
    _fault(
        "order-within-a-name",
        "the lines of Set-Cookie are in another order",
        "an answer that sets several cookies",
        reordered("Set-Cookie"),
        (get("/login"), expect(200)),
    ),
    _fault(
        "etag-weak",
        "a strong ETag is made weak",
        "an answer with a strong ETag",
        changed("ETag", lambda value: b"W/" + value.removeprefix(b"W/")),
        (get("/file"), expect(200)),
    ),
    _fault(
        "etag-changed",
        "the ETag is another one",
        "an answer with an ETag",
        changed("ETag", lambda value: value[:-1] + b'x"'),
        (get("/file"), expect(200)),
    ),
    _fault(
        "charset-lost",
        "the charset of Content-Type is lost",
        "an answer of text with a charset",
        changed("Content-Type", lambda value: re.sub(rb"(?i);\s*charset=[^;]*", b"", value)),
    ),
    _fault(
        "media-type",
        "JSON is labelled as text/plain",
        "an answer in JSON",
        changed("Content-Type", lambda value: b"text/plain" if b"json" in value else value),
    ),
    _fault(
        "blank-in-a-value",
        "the blank after `;` in Content-Type is lost",
        "an answer with a parameter in Content-Type",
        changed("Content-Type", lambda value: value.replace(b"; ", b";")),
    ),
    _fault(
        "location-absolute",
        "a relative Location is made absolute",
        "a redirect to a relative Location",
        changed("Location", lambda value: b"http://elsewhere.example" + value if value.startswith(b"/") else value),
        (get("/moved"), expect(308)),
    ),
    _fault(
        "allow-shorter",
        "a method is lost from Allow",
        "an answer with Allow",
        changed("Allow", lambda value: value.rpartition(b",")[0] or value),
        (get("/only-for-post"), expect(405)),
    ),
    _fault(
        "vary-shorter",
        "a name is lost from Vary",
        "an answer with two names in Vary",
        changed("Vary", lambda value: value.rpartition(b",")[0] or value),
        _ORIGIN,
    ),
    _fault("date-an-hour-off", "Date is an hour late", "any answer", changed("Date", _hour_late)),
    _fault("date-format", "Date has the obsolete format of RFC 850", "any answer", changed("Date", _obsolete)),
    _fault(
        "last-modified-an-hour-off",
        "Last-Modified is an hour late",
        "an answer with Last-Modified",
        changed("Last-Modified", _hour_late),
        (get("/file"), expect(200)),
    ),
    Fault(
        "fields.request-id-half",
        Kind.FIELDS,
        "X-Request-ID is half as long, in the content as well",
        "an answer with an X-Request-ID that the server made",
        _ANY,
        Tamper(answers=lambda: Wholes(_half)),
    ),
    _fault(
        "value-latin-1",
        "a value ends with a byte that is no ASCII",
        "an answer with Cache-Control",
        changed("Cache-Control", lambda value: value + b"\xa0"),
    ),
    _fault(
        "folded",
        "the value of Content-Type is folded over two lines",
        "an answer with a parameter in Content-Type",
        changed("Content-Type", lambda value: value.replace(b"; ", b";\r\n ")),
    ),
    _fault(
        "injected",
        "a value that holds CRLF becomes a further field",
        "any answer",
        on_final(lambda lines: (*lines, b"X-Note: a\r\nX-Injected: b")),
    ),
)
