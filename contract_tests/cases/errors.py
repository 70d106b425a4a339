"""Statuses and errors: which fields and content each has, and that nothing of the inside gets out."""

from __future__ import annotations

from contract_tests.shorthand import ORIGIN, follow_up, lines, without
from samewire.cases import Case, Content, absent, case, empty, ends, expect, get, json, match, post, problem, raw

REQUIRED = "RFC 9110 section 15 and RFC 6585 section 4: the fields that go with a status."
PLAIN = (200, 202, 203, 206, 300, 301, 302, 303, 307, 308)
FAILURES = (
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 425,
    426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
)  # fmt: skip

CASES: tuple[Case, ...] = (
    *(
        case(
            f"ERR-01.{status}",
            f"{status} comes as it was given",
            "RFC 9110 section 15: the status code is what the endpoint said.",
            get(f"/probe/status/{status}"),
            expect(status, body=json({"/status": status})),
        )
        for status in PLAIN
    ),
    *(
        case(
            f"ERR-01.{status}",
            f"{status} comes as a problem",
            "RFC 9110 section 15: the status code is what the endpoint said; RFC 9457 section 3.",
            get(f"/probe/status/{status}"),
            expect(status, body=problem()),
            *follow_up(),
        )
        for status in FAILURES
    ),
    case(
        "ERR-09",
        "401 says how to authenticate",
        "RFC 9110 section 15.5.2: the server generating a 401 must send a WWW-Authenticate field.",
        get("/probe/status/401"),
        expect(401, headers={"WWW-Authenticate": "Bearer"}, body=problem()),
    ),
    *(
        case(
            f"ERR-10.{status}",
            f"{status} has its {field}",
            REQUIRED,
            get(f"/probe/status/{status}"),
            expect(status, headers={field: value}),
        )
        for status, field, value in (
            (201, "Location", "/probe/echo"),
            (405, "Allow", "GET, HEAD, OPTIONS"),
            (407, "Proxy-Authenticate", "Basic realm=probe"),
            (416, "Content-Range", "bytes */0"),
            (426, "Upgrade", "websocket"),
            (429, "Retry-After", "1"),
            (503, "Retry-After", "1"),
        )
    ),
    case(
        "ERR-10.upgrade",
        "426 names Upgrade in Connection",
        "RFC 9110 section 7.8: a sender of Upgrade must also send an `upgrade` connection option.",
        get("/probe/status/426"),
        expect(426, headers={"Connection": match(token="upgrade")}),
    ),
    case(
        "ERR-11.204",
        "204 has no content and no Content-Length",
        "RFC 9110 section 8.6: a server must not send Content-Length in a 204 response.",
        get("/probe/status/204"),
        expect(204, headers={"Content-Length": absent(), "Transfer-Encoding": absent()}, body=empty(), framing="none"),
        *follow_up(),
    ),
    case(
        "ERR-11.205",
        "205 has no content",
        "RFC 9110 section 15.3.6: a server must not generate content in a 205 response.",
        get("/probe/status/205"),
        expect(205, body=empty()),
        *follow_up(),
    ),
    case(
        "ERR-11.304",
        "304 has no content and keeps ETag, Cache-Control, Date and Vary",
        "RFC 9110 section 15.4.5: the server generating a 304 must send those that it would have sent in a 200.",
        get("/probe/status/304"),
        expect(
            304,
            headers={
                "ETag": '"probe"',
                "Cache-Control": "max-age=60",
                "Date": match(matches=".+ GMT"),
                "Vary": match(token="Origin"),
                "Transfer-Encoding": absent(),
            },
            body=empty(),
            framing="none",
        ),
        *follow_up(),
    ),
    *(
        case(
            f"ERR-12.{status}",
            f"a redirect with {status} has the Location that was given",
            "RFC 9110 section 15.4: the server should generate a Location field.",
            post(f"/probe/redirect/{status}", text="content"),
            expect(status, headers={"Location": "/probe/echo"}),
            *follow_up(),
        )
        for status in (301, 302, 303, 307, 308)
    ),
    *(
        case(
            f"ERR-13.{status}",
            f"{status} passes the same policies as an answer that went well",
            "WHATWG Fetch, CORS protocol: a page may only read an error that allows its origin.",
            get(target, headers={"Origin": ORIGIN, "X-Request-ID": "error-13"}),
            expect(
                status,
                headers={
                    "Access-Control-Allow-Origin": ORIGIN,
                    "X-Request-ID": "error-13",
                    "X-Content-Type-Options": "nosniff",
                },
                body=problem(),
            ),
        )
        for status, target in (
            (404, "/nowhere"),
            (400, "/ask"),
            (409, "/probe/raise/http"),
            (500, "/probe/raise/error"),
        )
    ),
    case(
        "ERR-14",
        "what can't be parsed is answered by a whole and well-formed 400",
        "RFC 9112 section 2.2: respond with 400 and close; section 9.6: say so in Connection.",
        raw(lines("this is no request")),
        expect(
            400,
            reason="Bad Request",
            headers={
                "Connection": match(token="close"),
                "Date": match(matches=".+ GMT"),
                "X-Request-ID": match(matches="[0-9a-f]{32}"),
                "X-Content-Type-Options": "nosniff",
            },
            framing="length",
            body=problem(title="Bad Request"),
        ),
        ends("closed"),
    ),
    case(
        "ERR-14.field",
        "a malformed field line is answered in the same way",
        "RFC 9112 section 2.2: respond with 400 and close.",
        raw(lines("GET /probe/items/7 HTTP/1.1", "Host: ${host}", "no colon")),
        expect(400, headers={"Connection": match(token="close")}, framing="length", body=problem()),
        ends("closed"),
    ),
    case(
        "ERR-15",
        "what could not be parsed is not sent back",
        "Contract: an error that echoes its input is a way to put words into the server's mouth.",
        raw(lines("GET /probe/items/7 HTTP/1.1", "Host: ${host}", "<script>alert(1)</script>")),
        expect(400, body=Content(problem=True, text=without("script|alert"))),
    ),
    case(
        "ERR-15.path",
        "an unknown path is not sent back",
        "Contract: an error that echoes its input is a way to put words into the server's mouth.",
        get("/no/such/%3Cscript%3E"),
        expect(404, body=Content(problem=True, text=without("script|such"))),
    ),
)
