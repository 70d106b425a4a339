"""Faults of the status line."""

from __future__ import annotations

from samewire.cases import expect, get, post
from samewire.prove.channel import Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.heads import first_line, status
from samewire.prove.rewriters import HeadEdit, Heads

_ANY = (get("/path"), expect(200))


_NOT_CHANGED = (get("/file", headers={"If-None-Match": "*"}), expect(304))


_PART = (get("/file", headers={"Range": "bytes=0-3"}), expect(206))


def _fault(name: str, does: str, needs: str, edit: HeadEdit, *example: object) -> Fault:
    steps = tuple(example) or _ANY
    return Fault(f"status.{name}", Kind.STATUS, does, needs, steps, Tamper(answers=lambda: Heads(edit)))  # type: ignore[arg-type]


def _wrong(old: int, new: int, reason: str, *example: object) -> Fault:
    does = f"{new} is answered in the place of {old}"
    return _fault(f"{old}-to-{new}", does, f"an answer with status {old}", status(new, reason, old), *example)


FAULTS = (
    _wrong(200, 500, "Internal Server Error"),
    _wrong(200, 201, "Created"),
    _wrong(201, 200, "OK", post("/path", text=""), expect(201)),
    _wrong(204, 200, "OK", get("/path"), expect(204)),
    _wrong(206, 200, "OK", *_PART),
    _wrong(301, 302, "Found", get("/moved"), expect(301)),
    _wrong(302, 303, "See Other", get("/found"), expect(302)),
    _wrong(303, 302, "Found", post("/path", text=""), expect(303)),
    _wrong(308, 301, "Moved Permanently", get("/moved"), expect(308)),
    _wrong(304, 200, "OK", *_NOT_CHANGED),
    _wrong(400, 500, "Internal Server Error", get("/path?broken"), expect(400)),
    _wrong(401, 403, "Forbidden", get("/private"), expect(401)),
    _wrong(403, 404, "Not Found", get("/forbidden"), expect(403)),
    _wrong(404, 200, "OK", get("/nowhere"), expect(404)),
    _wrong(404, 410, "Gone", get("/nowhere"), expect(404)),
    _wrong(405, 404, "Not Found", post("/path", text=""), expect(405)),
    _wrong(412, 200, "OK", get("/file", headers={"If-Match": '"no"'}), expect(412)),
    _wrong(413, 400, "Bad Request", post("/path", text="long"), expect(413)),
    _wrong(415, 400, "Bad Request", post("/path", text="?", headers={"Content-Type": "image/png"}), expect(415)),
    _wrong(416, 200, "OK", get("/file", headers={"Range": "bytes=999999-"}), expect(416)),
    _wrong(429, 503, "Service Unavailable", get("/path"), expect(429)),
    _wrong(500, 502, "Bad Gateway", get("/fails"), expect(500)),
    _wrong(503, 500, "Internal Server Error", get("/path"), expect(503)),
    _fault(
        "reason-changed", "the reason phrase is another one", "any answer", first_line(lambda line: line[:13] + b"Fine")
    ),
    _fault("reason-lost", "the reason phrase is lost", "any answer", first_line(lambda line: line[:13])),
    _fault(
        "version", "HTTP/1.1 is answered as HTTP/1.0", "any answer", first_line(lambda line: b"HTTP/1.0" + line[8:])
    ),
)
