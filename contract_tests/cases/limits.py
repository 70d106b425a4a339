"""Limits on a request."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines
from samewire.cases import Case, case, ends, expect, get, json, match, post, problem, raw

CLOSE = {"Connection": match(token="close")}
TARGET = "RFC 9112 section 3: a server that gets a target longer than it can parse must answer 414."
FIELDS = "RFC 6585 section 5: 431 says that the fields are too large, one of them or all."
CONTENT = "RFC 9110 section 15.5.14: 413 refuses content that is larger than the server is willing to process."
SAME = "Contract: the limits are the same numbers on every server."
MEBIBYTE = 1 << 20

CASES: tuple[Case, ...] = (
    case(
        "LIM-01",
        "a request line of more than 16 KiB is 414",
        TARGET,
        get("/probe/echo?" + "x" * 20_000),
        expect(414, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    case(
        "LIM-01.endless",
        "a request line that never ends is refused",
        TARGET,
        raw("GET /" + "x" * 40_000),
        expect(414, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    case(
        "LIM-02",
        "one field of more than 16 KiB is 431",
        FIELDS,
        get("/probe/echo", headers={"X-Thing": "x" * 20_000}),
        expect(431, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    case(
        "LIM-02.all",
        "fields of more than 16 KiB together are 431",
        FIELDS,
        get("/probe/echo", headers=[(f"X-Thing-{number}", "x" * 500) for number in range(60)]),
        expect(431, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    case(
        "LIM-02.endless",
        "a field that never ends is refused",
        FIELDS,
        raw("GET /probe/echo HTTP/1.1\r\nHost: ${host}\r\nX-Thing: " + "x" * 40_000),
        expect(431, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    case(
        "LIM-03",
        "more than 100 fields are 431",
        FIELDS,
        get("/probe/echo", headers=[(f"X-{number}", "x") for number in range(100)]),
        expect(431, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    case(
        "LIM-04.fields",
        "100 fields are read",
        SAME,
        get("/probe/echo", headers=[(f"X-{number}", "x") for number in range(99)]),
        expect(200, body=json({"/headers/99": ["x-98", "x"]})),
        *follow_up(),
    ),
    case(
        "LIM-04.target",
        "a request line of 8,000 bytes is read",
        "RFC 9112 section 3: at a minimum 8000 octets ought to be supported.",
        get("/probe/echo?" + "x" * 7950),
        expect(200),
        *follow_up(),
    ),
    case(
        "LIM-04.content",
        "content of one mebibyte is read",
        SAME,
        post("/probe/upload", text="x" * MEBIBYTE),
        expect(200, body=json({"/length": MEBIBYTE})),
        *follow_up(),
    ),
    case(
        "LIM-04.chunked",
        "chunked content of one mebibyte is read",
        SAME,
        post("/probe/upload", text="x" * MEBIBYTE, chunks=[60_000]),
        expect(200, body=json({"/length": MEBIBYTE})),
        *follow_up(),
    ),
    case(
        "LIM-05",
        "a length of one byte more is 413 before any of it came",
        CONTENT,
        raw(lines("POST /probe/upload HTTP/1.1", "Host: ${host}", f"Content-Length: {MEBIBYTE + 1}")),
        expect(413, headers=CLOSE, body=problem(title="Content Too Large")),
        ends("closed"),
    ),
    *(
        case(
            f"LIM-06.{name}",
            f"a length of {what} is refused",
            "RFC 9110 section 8.6: a recipient must anticipate large numbers and prevent overflows.",
            raw(lines("POST /probe/upload HTTP/1.1", "Host: ${host}", f"Content-Length: {length}")),
            expect((400, 413), headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, what, length in (("31", "31 digits", "1" + "0" * 30), ("5000", "5,000 digits", "9" * 5000))
    ),
)
