"""The content of a request as it comes: chunks, their limits, and where they break."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines
from samewire.cases import Case, awaits, case, ends, expect, finish, get, json, match, post, problem, raw, text
from samewire.cases.model import Delivery

CHUNKS = "RFC 9112 section 7.1: chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF; chunk-size = 1*HEXDIG."
INCOMPLETE = "RFC 9112 section 8: a request whose content ends too early is incomplete; it must not be acted upon."
TRAILERS = "RFC 9110 section 6.5.1: trailers must not be merged into the header unless that is known to be safe."
TOO_LONG = "RFC 9110 section 15.5.14: the server may close the connection so that the client does not go on."
UNREAD = "RFC 9112 section 9.3: a server must read the whole content or close; else it becomes the next request."

_LAST = "POST /probe/upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
_LONG = 50
_DELIVERIES: tuple[tuple[str, str, Delivery], ...] = (
    ("next", "at once", "at once"),
    ("next-in-bytes", "byte by byte", "byte by byte"),
)


def _chunked(content: str, *fields: str, path: str = "/probe/upload") -> str:
    return lines(f"POST {path} HTTP/1.1", "Host: ${host}", "Transfer-Encoding: chunked", *fields, content=content)


def _breaks(id: str, title: str, content: str) -> Case:
    answer = expect(400, headers={"Connection": match(token="close")}, body=problem())
    return case(id, title, CHUNKS, raw(_chunked(content)), answer, ends("closed"))


def _reads(id: str, title: str, why: str, content: str, length: int) -> Case:
    return case(id, title, why, raw(_chunked(content)), expect(200, body=json({"/length": length})), *follow_up())


CASES: tuple[Case, ...] = (
    case(
        "STR-01",
        "chunks are put together",
        CHUNKS,
        raw(_chunked("3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", path="/probe/mirror")),
        expect(200, body=text("hello")),
        *follow_up(),
    ),
    _reads("STR-01.upper", "a chunk's size may be in capitals", CHUNKS, "A\r\n0123456789\r\n0\r\n\r\n", 10),
    _reads("STR-01.zeros", "a chunk's size may begin with zeros", CHUNKS, "0005\r\nhello\r\n000\r\n\r\n", 5),
    case(
        "STR-02",
        "chunks of one byte that come byte by byte are the same content",
        CHUNKS,
        post("/probe/mirror", text="hello", chunks=[1], delivery="byte by byte"),
        expect(200, body=text("hello")),
        *follow_up(),
    ),
    _reads(
        "STR-03",
        "extensions of a chunk are ignored",
        "RFC 9112 section 7.1.1: a recipient must ignore unrecognised ones.",
        '5;name=value;other="quoted"\r\nhello\r\n0;last\r\n\r\n',
        5,
    ),
    _reads(
        "STR-04", "trailers are read and dropped", TRAILERS, "5\r\nhello\r\n0\r\nX-Trailer: a\r\nX-Other: b\r\n\r\n", 5
    ),
    _breaks("STR-04.framing", "a Content-Length in a trailer is 400", "5\r\nhello\r\n0\r\nContent-Length: 1\r\n\r\n"),
    case(
        "STR-04.header",
        "a trailer never becomes a header field",
        TRAILERS,
        raw(_chunked("0\r\nX-Request-ID: from-a-trailer\r\n\r\n", "X-Request-ID: from-the-header")),
        expect(200, headers={"X-Request-ID": "from-the-header"}),
    ),
    *(
        case(
            f"STR-04.{name}",
            f"a trailer never becomes a header field of the next request, {how}",
            TRAILERS,
            raw(
                _chunked("3\r\nabc\r\n0\r\nX-Trailer: a\r\nHost: other.example\r\n\r\n")
                + lines("GET /probe/echo HTTP/1.1", "Host: ${host}"),
                delivery=delivery,
            ),
            expect(200, body=json({"/length": 3})),
            expect(200, body=json({"/headers": [["host", "${host}"]]})),
        )
        for name, how, delivery in _DELIVERIES
    ),
    *(
        case(
            f"STR-04.cut-{left}",
            f"what follows content is the next request, also where its end is cut {left} bytes before its last",
            CHUNKS,
            raw(_LAST + "GET /probe/items/7 HTTP/1.1\r\nHost: a\r\n\r\n", delivery=(len(_LAST) - left,)),
            expect(200, body=json({"/length": 3})),
            expect(200, body=json({"/params/id": "7"})),
        )
        for left in (1, 2, 3, 4)
    ),
    case(
        "STR-04.pipeline",
        "nor in a pipeline longer than what a server takes at once",
        TRAILERS,
        raw(
            (_chunked("3\r\nabc\r\n0\r\nX-Trailer: a\r\n\r\n") + lines("GET /probe/echo HTTP/1.1", "Host: ${host}"))
            * _LONG
        ),
        *(
            expect(200, body=said)
            for _ in range(_LONG)
            for said in (json({"/length": 3}), json({"/headers": [["host", "${host}"]]}))
        ),
    ),
    case(
        "STR-04.idle",
        "a trailer never becomes a header field of the next request, sent when the first is answered",
        TRAILERS,
        raw(_chunked("3\r\nabc\r\n0\r\nX-Trailer: a\r\n\r\n")),
        expect(200, body=json({"/length": 3})),
        get("/probe/echo"),
        expect(200, body=json({"/headers": [["host", "${host}"]]})),
    ),
    _breaks("STR-04.malformed", "a malformed trailer is 400", "0\r\nno colon\r\n\r\n"),
    *(
        _breaks(f"STR-05.{name}", f"a chunk size that is {what} is 400", f"{size}\r\nhello\r\n0\r\n\r\n")
        for name, what, size in (
            ("prefix", "written 0x5", "0x5"),
            ("minus", "negative", "-5"),
            ("letter", "no number", "Z"),
            ("plus", "written +5", "+5"),
            ("before", "after a space", " 5"),
            ("empty", "missing", ""),
            ("underscore", "written 1_0", "1_0"),
            ("huge", "beyond 64 bits", "fffffffffffffffff"),
        )
    ),
    _breaks("STR-06", "a chunk line that ends with LF alone is 400", "5\nhello\r\n0\r\n\r\n"),
    _breaks("STR-06.data", "chunk data that ends with LF alone is 400", "5\r\nhello\n0\r\n\r\n"),
    _breaks("STR-07", "chunk data longer than its size is 400", "5\r\nhello!\r\n0\r\n\r\n"),
    _breaks("STR-07.missing", "chunk data without its line end is 400", "5\r\nhello0\r\n\r\n"),
    case(
        "STR-08",
        "chunked content is refused when it passes the limit, not at its end",
        TOO_LONG,
        raw(_chunked("80000\r\n" + "x" * 0x80000 + "\r\n80001\r\n" + "x" * 0x80001 + "\r\n")),
        expect(413, headers={"Connection": match(token="close")}, body=problem(title="Content Too Large")),
        ends("closed"),
    ),
    case(
        "STR-09",
        "chunked content that ends in the middle is no content",
        INCOMPLETE,
        raw(_chunked("5\r\nhel")),
        finish("half"),
        expect(400, body=problem()),
        ends("closed"),
    ),
    case(
        "STR-10",
        "content shorter than its length is no content",
        INCOMPLETE,
        raw(lines("POST /probe/upload HTTP/1.1", "Host: ${host}", "Content-Length: 10", content="hello")),
        finish("half"),
        expect(400, body=problem()),
        ends("closed"),
    ),
    case(
        "STR-11",
        "an endpoint sends back the first piece before the last has come",
        "Contract: content is read as a stream.",
        raw(_chunked("5\r\nhello\r\n", path="/probe/duplex")),
        awaits("bytes", 5),
        raw("6\r\n world\r\n0\r\n\r\n"),
        expect(200, body=text("hello world")),
        *follow_up(),
    ),
    case(
        "STR-12",
        "content that an endpoint does not read is not the next request",
        UNREAD,
        post("/probe/ignore", text="GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"),
        expect(200, body=json({"/ignored": True})),
        *follow_up(),
    ),
    case(
        "STR-12.chunked",
        "chunked content that an endpoint does not read is not the next request",
        UNREAD,
        post("/probe/ignore", text="GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", chunks=[10]),
        expect(200, body=json({"/ignored": True})),
        *follow_up(),
    ),
    case(
        "STR-12.broken",
        "chunks that break after the answer end the connection",
        UNREAD,
        raw(_chunked("5\r\nhello\r\nnonsense\r\n\r\n", path="/probe/ignore")),
        expect((200, 400)),
        ends("closed"),
    ),
)
