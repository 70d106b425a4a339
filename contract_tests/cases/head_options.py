"""HEAD and OPTIONS."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines
from samewire.cases import Case, absent, case, empty, ends, expect, head, json, match, problem, raw, request

SAME = "RFC 9110 section 9.3.2: HEAD is identical to GET except that no content is sent."
NO_CONTENT = "RFC 9112 section 6.3: any response to HEAD ends with the empty line after its fields."
ALLOW = "RFC 9110 section 9.3.7: OPTIONS asks what communication options the target resource has."

CASES: tuple[Case, ...] = (
    case(
        "HDO-01",
        "HEAD has the fields of GET and no content",
        SAME,
        head("/probe/bytes/1234"),
        expect(
            200,
            headers={"Content-Length": "1234", "Content-Type": "application/octet-stream"},
            framing="none",
            body=empty(),
        ),
        *follow_up(),
    ),
    case(
        "HDO-01.health",
        "HEAD works wherever GET does",
        SAME,
        head("/probe/items/7"),
        expect(
            200, headers={"Content-Type": "application/json", "Content-Length": match(matches=r"\d+")}, body=empty()
        ),
        *follow_up(),
    ),
    *(
        case(
            f"HDO-02.{status}",
            f"HEAD of a {status} has no content, and the connection goes on",
            NO_CONTENT,
            head(target),
            expect(status, headers={"Content-Type": "application/problem+json"}, body=empty(), framing="none"),
            *follow_up(),
            ends("reusable"),
        )
        for status, target in ((404, "/nowhere"), (405, "/probe/json"), (500, "/probe/raise/error"))
    ),
    case(
        "HDO-03",
        "HEAD of a stream has no chunk",
        SAME,
        head("/probe/stream/3"),
        expect(200, headers={"Content-Length": absent()}, body=empty(), framing="none"),
        *follow_up(),
    ),
    case(
        "HDO-03.gate",
        "HEAD of a stream does not wait for its events",
        SAME,
        head("/probe/gate/${run}"),
        expect(200, headers={"Content-Type": "text/event-stream; charset=utf-8"}, body=empty(), framing="none"),
        *follow_up(),
    ),
    case(
        "HDO-04",
        "HEAD of a file has its length and validators",
        SAME,
        head("/static/robots.txt"),
        expect(
            200,
            headers={
                "Content-Length": "45",
                "ETag": match(matches='"[^"]+"'),
                "Last-Modified": match(matches=".+ GMT"),
            },
            body=empty(),
        ),
        *follow_up(),
    ),
    case(
        "HDO-04.range",
        "a Range in HEAD is ignored",
        "RFC 9110 section 14.2: a server must ignore a Range field in a request whose method does not define it.",
        head("/static/robots.txt", headers={"Range": "bytes=0-4"}),
        expect(200, headers={"Content-Length": "45", "Content-Range": absent()}, body=empty()),
    ),
    case(
        "HDO-04.conditional",
        "HEAD is conditional as GET is",
        "RFC 9110 section 13.1.2: for GET or HEAD the server must respond with 304 when the condition is false.",
        head("/static/robots.txt", headers={"If-None-Match": "*"}),
        expect(304, body=empty()),
        *follow_up(),
    ),
    case(
        "HDO-05",
        "the answer after that to a HEAD is whole",
        NO_CONTENT,
        raw(
            lines("HEAD /probe/bytes/9 HTTP/1.1", "Host: ${host}")
            + lines("GET /probe/items/42 HTTP/1.1", "Host: ${host}")
        ),
        expect(200, headers={"Content-Length": "9"}, body=empty()),
        expect(200, body=json({"/params/id": "42"})),
    ),
    case(
        "HDO-06",
        "OPTIONS says what a resource allows and has no content",
        ALLOW,
        request("OPTIONS", "/health"),
        expect(204, headers={"Allow": "GET, HEAD, OPTIONS", "Content-Length": absent()}, body=empty()),
        *follow_up(),
    ),
    case(
        "HDO-06.own",
        "an endpoint for any method answers OPTIONS itself",
        ALLOW,
        request("OPTIONS", "/probe/any"),
        expect(200, body=json({"/method": "OPTIONS"})),
    ),
    case(
        "HDO-07",
        "OPTIONS * asks about the server as a whole",
        "RFC 9112 section 3.2.4: asterisk-form is only used for a server-wide OPTIONS request.",
        raw(lines("OPTIONS * HTTP/1.1", "Host: ${host}")),
        expect((200, 204), body=empty()),
        *follow_up(),
    ),
    case(
        "HDO-08",
        "OPTIONS of an unknown path is 404",
        "Contract: there are no options where there is no resource.",
        request("OPTIONS", "/nowhere"),
        expect(404, body=problem()),
    ),
    case(
        "HDO-09",
        "the target * with GET is 400",
        "RFC 9112 section 3.2.4: asterisk-form is only used for a server-wide OPTIONS request.",
        raw(lines("GET * HTTP/1.1", "Host: ${host}")),
        expect(400, body=problem()),
    ),
)
