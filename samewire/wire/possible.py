"""What a case asks that HTTP/2 can't say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samewire.ascii import lower, strip
from samewire.cases.model import Case, ExpectEnd, Finish, Heard, Raw, Request, Send, Step, Talk

NOT_POSSIBLE = "not possible over HTTP/2: "
OF_THE_CONNECTION = frozenset(("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"))
"""Fields that HTTP/2 has no use for and forbids (RFC 9113 section 8.2.2)."""
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_TARGET = re.compile(r"/[!-~]*")


def impossible(case: Case) -> str:
    """Why the case can't be carried out over HTTP/2, beginning with `not possible over HTTP/2: `; empty where it can."""
    reason = next((reason for step in case.steps for reason in _reasons(step)), "")
    return f"{NOT_POSSIBLE}{reason}" if reason else ""


def _reasons(step: Step) -> Iterator[str]:
    match step:
        case Send(send=Raw()):
            yield "bytes to the letter"
        case Send(send=Request() as request, delivery=delivery):
            if delivery != "at once":
                yield "delivery in pieces that the case cuts"
            yield from _of_request(request)
        case Finish(finish="half"):
            yield "to close one direction of the connection"
        case Talk() | Heard():
            yield "WebSocket by Upgrade (RFC 8441 has a way of its own)"
        case ExpectEnd(end="closed"):
            yield "an answer that ends the connection"
        case _:
            return


def _of_request(request: Request) -> Iterator[str]:
    names = [lower(name) for name, _ in request.headers]
    if request.version != "HTTP/1.1":
        yield f"a request in {request.version}"
    if not request.host or "host" in names:
        yield "a Host field that is not the target's"
    if named := sorted(OF_THE_CONNECTION.intersection(names)):
        yield f"the field {named[0]} (RFC 9113 section 8.2.2)"
    if "content-length" in names:
        yield "a Content-Length that the case makes up"
    if any(lower(name) == "te" and lower(strip(value)) != "trailers" for name, value in request.headers):
        yield "TE with anything but trailers (RFC 9113 section 8.2.2)"
    if not all(_TOKEN.fullmatch(name) and _VALUE.fullmatch(value) for name, value in request.headers):
        yield "a malformed field"
    if not _TOKEN.fullmatch(request.method) or request.method == "CONNECT":
        yield f"the method {request.method!r}"
    if not _TARGET.fullmatch(request.target) and (request.method, request.target) != ("OPTIONS", "*"):
        yield "a target that is not in origin form"
