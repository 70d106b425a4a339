"""Requests, sound and refused, and what a connection makes of them."""

from __future__ import annotations

from collections.abc import Iterable

from legacy.connection import Connection, Limits
from legacy.head import Head
from shared_handlers.errors import HTTPError
from shared_handlers.http1 import Data, End

LIMITS = Limits(max_head=400, max_fields=5)
HOST = "Host: a\r\n"
GET = f"GET /a?b HTTP/1.1\r\n{HOST}\r\n"
CHUNKED = f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n"

Seen = Head | bytes | End | int


def seen(pieces: Iterable[bytes]) -> list[Seen]:
    """The events, neighbouring content joined; the status when the bytes are refused."""
    connection, events = Connection(LIMITS), list[Seen]()
    try:
        for piece in pieces:
            connection.receive(piece)
            while (event := connection.next_event()) is not None:
                if isinstance(event, Data) and events and isinstance(events[-1], bytes):
                    events[-1] += event.piece
                else:
                    events.append(event.piece if isinstance(event, Data) else event)
    except HTTPError as error:
        events.append(error.status)
    return events


def whole(text: str) -> list[Seen]:
    return seen([text.encode("latin-1")])


def one_by_one(text: str) -> list[Seen]:
    return seen(bytes([octet]) for octet in text.encode("latin-1"))


SOUND = [
    GET,
    GET * 3,
    f"\r\n{GET}\r\n{GET}",
    f"POST / HTTP/1.1\r\n{HOST}Content-Length: 5\r\n\r\nhello{GET}",
    f"POST / HTTP/1.1\r\n{HOST}Content-Length: 005\r\n\r\nhello{GET}",
    f"{CHUNKED}5\r\nhello\r\n0\r\n\r\n{GET}",
    f'{CHUNKED}00000000000000005\r\nhello\r\n1;a=b;c;d="e;\\"f"\r\n!\r\n0;x\r\nTrailer: a\r\nB:\r\n\r\n{GET}',
    f"POST / HTTP/1.1\r\n{HOST}transfer-encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
    f"GET  /  HTTP/1.1\r\n{HOST}\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    f"GET http://b/a HTTP/1.1\r\n{HOST}\r\n",
    f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n",
    f"CONNECT a:80 HTTP/1.1\r\n{HOST}\r\n",
    f"GET / HTTP/2.0\r\n{HOST}\r\n",
    f"GET / HTTP/1.1\r\n{HOST}A:\r\nB: \t\xe9 \t\r\nC:c\r\n\r\n",
]


REFUSED = {
    "a method that is not known": f"BREW / HTTP/1.1\r\n{HOST}\r\n",
    "a method in lower case": f"get / HTTP/1.1\r\n{HOST}\r\n",
    "no version": f"GET /\r\n{HOST}\r\n",
    "HTTP/1.2": f"GET / HTTP/1.2\r\n{HOST}\r\n",
    "HTTP/3.0": f"GET / HTTP/3.0\r\n{HOST}\r\n",
    "a version in lower case": f"GET / http/1.1\r\n{HOST}\r\n",
    "two digits": f"GET / HTTP/1.10\r\n{HOST}\r\n",
    "a tab in the request line": f"GET\t/ HTTP/1.1\r\n{HOST}\r\n",
    "a control in the target": f"GET /\x01 HTTP/1.1\r\n{HOST}\r\n",
    "a byte beyond ASCII in the target": f"GET /\xe9 HTTP/1.1\r\n{HOST}\r\n",
    "a target without a slash": f"GET a HTTP/1.1\r\n{HOST}\r\n",
    "* with GET": f"GET * HTTP/1.1\r\n{HOST}\r\n",
    "an absolute target without authority": f"GET http:///a HTTP/1.1\r\n{HOST}\r\n",
    "no Host": "GET / HTTP/1.1\r\n\r\n",
    "two Hosts": f"GET / HTTP/1.1\r\n{HOST}{HOST}\r\n",
    "two Content-Types": f"GET / HTTP/1.1\r\n{HOST}Content-Type: a/b\r\ncontent-type: a/b\r\n\r\n",
    "space before the colon": f"GET / HTTP/1.1\r\n{HOST}A : b\r\n\r\n",
    "no colon": f"GET / HTTP/1.1\r\n{HOST}A\r\n\r\n",
    "no name": f"GET / HTTP/1.1\r\n{HOST}: b\r\n\r\n",
    "a name that is no token": f"GET / HTTP/1.1\r\n{HOST}A(: b\r\n\r\n",
    "a folded line": f"GET / HTTP/1.1\r\n{HOST}A: b\r\n c\r\n\r\n",
    "space before the first field": f"GET / HTTP/1.1\r\n {HOST}\r\n",
    "NUL in a value": f"GET / HTTP/1.1\r\n{HOST}A: \x00\r\n\r\n",
    "a bare CR": f"GET / HTTP/1.1\r\n{HOST}A: b\rC: d\r\n\r\n",
    "a bare LF": f"GET / HTTP/1.1\r\n{HOST}A: b\nC: d\r\n\r\n",
    "LF alone as line end": "GET / HTTP/1.1\nHost: a\n\n",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "both lengths": f"POST / HTTP/1.1\r\n{HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": f"POST / HTTP/1.1\r\n{HOST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    **{
        f"length {text!r}": f"POST / HTTP/1.1\r\n{HOST}Content-Length: {text}\r\n\r\nhello"
        for text in ("", "+5", "-5", "0x5", "1_0", "5 5", "5, 5", "5,", "1" * 30, "\xb2")
    },
    **{
        f"coding {text!r}": f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: {text}\r\n\r\n0\r\n\r\n"
        for text in (
            "",
            "xchunked",
            "chunked, identity",
            "chunked, chunked",
            "gzip",
            '"chunked"',
            "chunked;x",
            "chunked,",
        )
    },
    **{
        f"chunk {text!r}": f"{CHUNKED}{text}\r\nhello\r\n0\r\n\r\n"
        for text in ("0x5", "-5", "+5", "5 ", " 5", "Z", "", "5;", "5; a", "5;a b", "5;a\x01", "5\n", "1" + "0" * 16)
    },
    "no line end after a chunk": f"{CHUNKED}5\r\nhello0\r\n\r\n",
    "something after a chunk": f"{CHUNKED}5\r\nhelloXX0\r\n\r\n",
    "LF after a chunk": f"{CHUNKED}5\r\nhello\n0\r\n\r\n",
    "a malformed trailer": f"{CHUNKED}0\r\nA : b\r\n\r\n",
    "a length in a trailer": f"{CHUNKED}0\r\nContent-Length: 5\r\n\r\n",
}
