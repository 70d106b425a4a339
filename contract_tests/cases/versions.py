"""HTTP/1.0 and other versions."""

from __future__ import annotations

from contract_tests.shorthand import lines
from samewire.cases import Case, absent, case, ends, expect, get, head, json, match, post, problem, raw

CLOSES = "RFC 9112 section 9.3: without `keep-alive`, a connection of HTTP/1.0 ends after the answer."
KEPT = "RFC 9112 section 9.3: HTTP/1.0 with the keep-alive option persists if the recipient supports it."
NO_CHUNKS = "RFC 9112 section 6.1: a server must not send Transfer-Encoding to an HTTP/1.0 client."
MAJOR = "RFC 9110 section 15.6.6: 505 refuses a major version of HTTP."


def _in_version(version: str, *fields: str) -> str:
    return lines(f"GET /probe/items/42 {version}", "Host: ${host}", *fields)


CASES: tuple[Case, ...] = (
    case(
        "VER-01",
        "HTTP/1.0 ends after the answer",
        CLOSES,
        get("/probe/items/42", version="HTTP/1.0"),
        expect(200, version="HTTP/1.0"),
        ends("closed"),
    ),
    case(
        "VER-02",
        "HTTP/1.0 with keep-alive goes on, and the answer says so",
        KEPT,
        get("/probe/items/42", version="HTTP/1.0", headers={"Connection": "keep-alive"}),
        expect(200, version="HTTP/1.0", headers={"Connection": match(token="keep-alive")}, framing="length"),
        get("/probe/items/43", version="HTTP/1.0", headers={"Connection": "Keep-Alive"}),
        expect(200, version="HTTP/1.0", body=json({"/params/id": "43"})),
        ends("reusable"),
    ),
    case(
        "VER-03",
        "HTTP/1.0 needs no Host",
        "RFC 9112 section 3.2: only a request of HTTP/1.1 must have a Host field.",
        get("/probe/items/42", version="HTTP/1.0", host=False),
        expect(200, version="HTTP/1.0", body=json({"/params/id": "42"})),
    ),
    case(
        "VER-03.invalid",
        "an invalid Host is 400 in HTTP/1.0 too",
        "RFC 9112 section 3.2: 400 answers any request with an invalid Host field value.",
        get("/probe/items/42", version="HTTP/1.0", headers={"Host": "a b"}),
        expect(400, version="HTTP/1.0", body=problem()),
    ),
    case(
        "VER-04",
        "a stream to HTTP/1.0 ends with the connection",
        NO_CHUNKS,
        get("/probe/stream/3", version="HTTP/1.0"),
        expect(200, version="HTTP/1.0", headers={"Transfer-Encoding": absent()}, framing="close"),
        ends("closed"),
    ),
    case(
        "VER-04.kept",
        "a stream to HTTP/1.0 with keep-alive ends with the connection all the same",
        NO_CHUNKS,
        get("/probe/stream/3", version="HTTP/1.0", headers={"Connection": "keep-alive"}),
        expect(
            200,
            version="HTTP/1.0",
            headers={"Transfer-Encoding": absent(), "Connection": absent()},
            framing="close",
        ),
        ends("closed"),
    ),
    case(
        "VER-04.head",
        "HEAD in HTTP/1.0 has no content",
        "RFC 9112 section 6.3: any response to HEAD ends with the empty line after its fields.",
        head("/probe/stream/3", version="HTTP/1.0"),
        expect(200, version="HTTP/1.0", headers={"Transfer-Encoding": absent()}),
        ends("closed"),
    ),
    case(
        "VER-04.chunked",
        "chunked content in HTTP/1.0 is refused",
        "RFC 9112 section 6.1: Transfer-Encoding in HTTP/1.0 must be treated as faulty framing.",
        raw(lines("POST /probe/upload HTTP/1.0", "Transfer-Encoding: chunked", content="0\r\n\r\n")),
        expect(400, version="HTTP/1.0", body=problem()),
        ends("closed"),
    ),
    case(
        "VER-04.post",
        "content in HTTP/1.0 has the length that Content-Length says",
        "RFC 9112 section 6.3: a valid Content-Length gives the length of the content.",
        post("/probe/upload", text="hello", version="HTTP/1.0"),
        expect(200, version="HTTP/1.0", body=json({"/length": 5})),
    ),
    case(
        "VER-05",
        "HTTP/1.2 is refused ahead of any endpoint",
        "RFC 9110 section 2.5 would take it for 1.1; the parser of one host refuses it, which is safe (contract).",
        raw(_in_version("HTTP/1.2")),
        expect((400, 505), body=problem()),
        ends("closed"),
    ),
    case(
        "VER-06",
        "HTTP/2.0 in a request line is 505",
        MAJOR,
        raw(_in_version("HTTP/2.0")),
        expect(505, body=problem()),
        ends("closed"),
    ),
    case(
        "VER-06.three",
        "HTTP/3.0 in a request line is refused",
        MAJOR,
        raw(_in_version("HTTP/3.0")),
        expect((400, 505), body=problem()),
        ends("closed"),
    ),
    case(
        "VER-06.nine",
        "HTTP/0.9 written out is refused",
        MAJOR,
        raw(_in_version("HTTP/0.9")),
        expect((400, 505), body=problem()),
        ends("closed"),
    ),
)
