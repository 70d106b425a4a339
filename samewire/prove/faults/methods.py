"""Faults of what a method means."""

from __future__ import annotations

from collections.abc import Sequence

from samewire.cases import ends, expect, get, head, request
from samewire.cases.model import Step
from samewire.prove.channel import Out, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.heads import status
from samewire.prove.parts import Head, Lines
from samewire.prove.rewriters import Answer, HeadEdit, Heads, Wholes
from samewire.prove.writing import sized, without

_HEAD: tuple[Step, ...] = (head("/path"), expect(200), ends("reusable"))


def _heads(name: str, does: str, needs: str, edit: HeadEdit, example: tuple[Step, ...]) -> Fault:
    return Fault(f"methods.{name}", Kind.METHODS, does, needs, example, Tamper(answers=lambda: Heads(edit)))


def _to(method: str, edit: HeadEdit) -> HeadEdit:
    return lambda answer: edit(answer) if answer.asked.method == method else None


def _echoed(answer: Answer) -> Sequence[Out] | None:
    if answer.head.asked.method != "TRACE":
        return None
    return (sized((b"HTTP/1.1 200 OK", b"Content-Type: message/http"), answer.head.asked.head),)


def _no_length(answer: Head) -> Lines:
    return without(answer.lines, b"content-length")


def _whole_range(answer: Answer) -> Sequence[Out] | None:
    """The range is one byte longer than was asked for; what it says of itself stays."""
    if answer.head.status != 206 or not answer.content or "multipart" in answer.head.value("content-type"):
        return None
    return (sized(answer.head.lines, answer.content + b"x"),)


_ERRORS = (400, 401, 403, 404, 405, 406, 412, 413, 415)


FAULTS = (
    Fault(
        "methods.trace-echoed",
        Kind.METHODS,
        "TRACE is answered with the request",
        "a TRACE request",
        (request("TRACE", "/path"), expect(405)),
        Tamper(answers=lambda: Wholes(_echoed)),
    ),
    _heads(
        "head-not-allowed",
        "HEAD is answered with 405",
        "a HEAD request",
        _to("HEAD", status(405, "Method Not Allowed", 200)),
        _HEAD,
    ),
    _heads(
        "head-length-lost", "HEAD is answered without Content-Length", "a HEAD request", _to("HEAD", _no_length), _HEAD
    ),
    _heads(
        "options-refused",
        "OPTIONS is answered with 404",
        "an OPTIONS request",
        _to("OPTIONS", status(404, "Not Found", 200, 204)),
        (request("OPTIONS", "/path"), expect(204)),
    ),
    _heads(
        "errors-hidden",
        "errors are answered with 200",
        "an error",
        status(200, "OK", *_ERRORS),
        (get("/no"), expect(404)),
    ),
    Fault(
        "methods.range-longer",
        Kind.METHODS,
        "a range has a byte more than was asked for",
        "a request for a range",
        (get("/file", headers={"Range": "bytes=0-3"}), expect(206)),
        Tamper(answers=lambda: Wholes(_whole_range)),
    ),
)
