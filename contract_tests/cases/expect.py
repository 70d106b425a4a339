"""Expect: 100-continue."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines
from samewire.cases import Case, awaits, case, ends, expect, get, json, match, post, problem, raw, request

BEFORE = "RFC 9110 section 10.1.1: a server may send 100 (Continue) to make the client send its content."
FINAL = "RFC 9110 section 10.1.1: a server may answer with a final status instead, and then no 100 goes before it."
WAITS = {"Expect": "100-continue"}

CASES: tuple[Case, ...] = (
    case(
        "EXP-01",
        "100 comes before the content is sent, and the answer after it",
        BEFORE,
        post("/probe/upload", text="hello", headers=WAITS, part="head"),
        awaits("interim", status=100),
        post("/probe/upload", text="hello", headers=WAITS, part="body"),
        expect(200, interim=[100], body=json({"/length": 5})),
        *follow_up(),
    ),
    case(
        "EXP-01.chunked",
        "100 comes before chunked content as well",
        BEFORE,
        post("/probe/upload", text="hello", chunks=[2], headers=WAITS, part="head"),
        awaits("interim", status=100),
        post("/probe/upload", text="hello", chunks=[2], headers=WAITS, part="body"),
        expect(200, interim=[100], body=json({"/length": 5})),
        *follow_up(),
    ),
    case(
        "EXP-02",
        "content that comes with its head needs no 100",
        "RFC 9110 section 10.1.1: a server may omit sending 100 if it has already received some of the content.",
        post("/probe/upload", text="hello", headers=WAITS),
        expect(200, interim=[], body=json({"/length": 5})),
        *follow_up(),
    ),
    case(
        "EXP-03",
        "a request without content gets no 100",
        "RFC 9110 section 10.1.1: a client must not generate a 100-continue expectation without content.",
        get("/probe/echo", headers=WAITS),
        expect(200, interim=[], body=json({"/body/length": 0})),
        *follow_up(),
    ),
    case(
        "EXP-03.old",
        "a request of HTTP/1.0 gets no 100",
        "RFC 9110 section 10.1.1: a server that receives it in an HTTP/1.0 request must ignore the expectation.",
        post("/probe/upload", text="hello", headers=WAITS, version="HTTP/1.0"),
        expect(200, version="HTTP/1.0", interim=[], body=json({"/length": 5})),
    ),
    case(
        "EXP-04",
        "an expectation that is not known is 417",
        "RFC 9110 section 10.1.1: a server may respond with 417 to an Expect other than 100-continue.",
        post("/probe/upload", text="hello", headers={"Expect": "something-else"}, part="head"),
        expect(417, interim=[], body=problem(title="Expectation Failed")),
    ),
    case(
        "EXP-04.get",
        "an expectation that is not known is 417 without content too",
        "RFC 9110 section 10.1.1: a server may respond with 417 to an Expect other than 100-continue.",
        get("/probe/items/7", headers={"Expect": "something-else"}),
        expect(417, body=problem()),
    ),
    case(
        "EXP-05",
        "100-continue is compared without case",
        "RFC 9110 section 10.1.1: the Expect field value is case-insensitive.",
        post("/probe/upload", text="hello", headers={"Expect": "100-Continue"}, part="head"),
        awaits("interim", status=100),
        post("/probe/upload", text="hello", headers={"Expect": "100-Continue"}, part="body"),
        expect(200, interim=[100], body=json({"/length": 5})),
    ),
    *(
        case(
            f"EXP-06.{status}",
            f"a {status} that is known from the head comes without a 100",
            FINAL,
            request(method, target, text="hello", headers=WAITS, part="head"),
            expect(status, interim=[], body=problem()),
        )
        for status, method, target in (
            (404, "POST", "/nowhere"),
            (405, "POST", "/health"),
            (401, "POST", "/probe/status/401"),
        )
    ),
    case(
        "EXP-06.413",
        "content that would be too long is refused without a 100, and the connection ends",
        FINAL,
        raw(
            lines("POST /probe/upload HTTP/1.1", "Host: ${host}", "Expect: 100-continue", f"Content-Length: {64 << 20}")
        ),
        expect(413, interim=[], headers={"Connection": match(token="close")}, body=problem()),
        ends("closed"),
    ),
    case(
        "EXP-08",
        "an endpoint that does not read the content sends no 100",
        "RFC 9110 section 10.1.1: 100 says that the server is ready to receive the content.",
        post("/probe/ignore", text="hello", headers=WAITS, part="head"),
        expect(200, interim=[], body=json({"/ignored": True})),
    ),
    case(
        "EXP-08.once",
        "100 is sent once however the content is read",
        "RFC 9110 section 15.2: a 100 is one interim response; more would be taken for those of later requests.",
        post("/probe/mirror", text="hello" * 1000, chunks=[500], headers=WAITS, part="head"),
        awaits("interim", status=100),
        post("/probe/mirror", text="hello" * 1000, chunks=[500], headers=WAITS, part="body"),
        expect(200, interim=[100]),
        *follow_up(),
    ),
)
