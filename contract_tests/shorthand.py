"""What the cases say again and again."""

from __future__ import annotations

from samewire.cases import Case, Match, case, ends, expect, get, json, match, post, problem, raw
from samewire.cases.model import ExpectEnd, Receive, Send

ORIGIN = "http://localhost:3000"
"""An origin that the default configuration allows."""
STRANGER = "https://stranger.example"


def lines(*lines: str, content: str = "") -> str:
    """A message to the letter: lines ended by CRLF, the empty line, the content."""
    return "\r\n".join((*lines, "", "")) + content


def without(words: str) -> Match:
    """A text in which these words do not stand."""
    return match(matches=rf"(?s)(?!.*(?:{words})).*")


def follow_up(on: str = "main") -> tuple[Send, Receive]:
    """A second request on the connection, answered as itself: the first one left nothing behind."""
    return get("/probe/items/7", on=on), expect(200, body=json({"/params/id": "7"}), on=on)


def login(user: str = "ann-${run}", scope: str = "", name: str = "token") -> tuple[Send, Receive]:
    """Somebody comes in: the token is kept as `name`, the session's cookie as `cookie`."""
    query = f"?scope={scope}" if scope else ""
    return (
        post(f"/probe/login/{user}{query}", text=""),
        expect(200, keep={name: "/access_token", "cookie": "Set-Cookie"}),
    )


def refused(id: str, title: str, why: str, bytes: str, *status: int) -> Case:
    """Answered with an error (400 unless others are named), and the connection ends: what follows is never a request."""
    hidden = lines("POST /probe/counter/${run} HTTP/1.1", "Host: ${host}", "Content-Length: 0")
    uncounted = get("/probe/counter/${run}", on="other"), expect(200, body=json({"/count": 0}), on="other")
    return case(id, title, why, *_refusal(bytes + hidden, *status), *uncounted)


def refused_at_once(id: str, title: str, why: str, bytes: str, *status: int) -> Case:
    """The same where nothing follows: nothing is waited for."""
    return case(id, title, why, *_refusal(bytes, *status))


def _refusal(bytes: str, *status: int) -> tuple[Send, Receive, ExpectEnd]:
    answer = expect(status or 400, headers={"Connection": match(token="close")}, body=problem())
    return raw(bytes), answer, ends("closed")
