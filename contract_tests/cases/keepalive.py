"""Connections that live on, pipelines, and how connections end."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines
from samewire.cases import Case, case, ends, expect, finish, get, json, match, post, problem, raw

PERSISTS = "RFC 9112 section 9.3: HTTP/1.1 defaults to persistent connections."
CLOSES = "RFC 9112 section 9.6: a server that receives or sends `close` must close after the answer."
ORDER = "RFC 9112 section 9.3.2: answers to pipelined requests come in the order of the requests."
UNREAD = "RFC 9112 section 9.3: a server must read the whole content or close; else it becomes the next request."
LINGER = "RFC 9112 section 9.6: a server that closes at once may reset, and the client loses the answer."


def _item(number: int) -> str:
    return lines(f"GET /probe/items/{number} HTTP/1.1", "Host: ${host}")


_MANY = 150
_SOUND = "GET /probe/items/1 HTTP/1.1\r\nHost: a\r\n\r\n"
CASES: tuple[Case, ...] = (
    case(
        "KAL-01",
        "a second request goes over the same connection",
        PERSISTS,
        get("/probe/items/7"),
        expect(200),
        *follow_up(),
        ends("reusable"),
    ),
    case(
        "KAL-01.stream",
        "a connection goes on after a stream",
        PERSISTS,
        get("/probe/stream/3"),
        expect(200, framing="chunked"),
        *follow_up(),
        ends("reusable"),
    ),
    *(
        case(
            f"KAL-01.{status}",
            f"a connection goes on after a {status}",
            PERSISTS,
            get(target),
            expect(status),
            *follow_up(),
            ends("reusable"),
        )
        for status, target in ((404, "/nowhere"), (304, "/probe/status/304"), (500, "/probe/raise/error"))
    ),
    case(
        "KAL-02",
        "Connection: close is answered in kind, and the connection ends",
        CLOSES,
        get("/probe/items/7", headers={"Connection": "close"}),
        expect(200, headers={"Connection": match(token="close")}),
        ends("closed"),
    ),
    case(
        "KAL-02.stream",
        "a stream can be the last answer, and is whole",
        CLOSES,
        get("/probe/stream/3", headers={"Connection": "close"}),
        expect(200, headers={"Connection": match(token="close")}),
        ends("closed"),
    ),
    case(
        "KAL-02.rest",
        "what comes after the last request is not answered",
        "RFC 9112 section 9.6: a server must not process any further requests after it has seen `close`.",
        raw(
            lines("POST /probe/counter/${run} HTTP/1.1", "Host: ${host}", "Connection: close", "Content-Length: 0") * 2
        ),
        expect(200, body=json({"/count": 1})),
        ends("closed"),
        get("/probe/counter/${run}", on="other"),
        expect(200, body=json({"/count": 1}), on="other"),
    ),
    case(
        "KAL-07",
        "three requests in one write have three answers, in order",
        ORDER,
        raw(_item(1) + _item(2) + _item(3)),
        expect(200, body=json({"/params/id": "1"})),
        expect(200, body=json({"/params/id": "2"})),
        expect(200, body=json({"/params/id": "3"})),
    ),
    case(
        "KAL-07.content",
        "a request follows straight after the content of another",
        ORDER,
        raw(
            lines("POST /probe/upload HTTP/1.1", "Host: ${host}", "Content-Length: 5", content="hello")
            + lines(
                "POST /probe/upload HTTP/1.1",
                "Host: ${host}",
                "Transfer-Encoding: chunked",
                content="3\r\nabc\r\n0\r\n\r\n",
            )
            + _item(3)
        ),
        expect(200, body=json({"/length": 5})),
        expect(200, body=json({"/length": 3})),
        expect(200, body=json({"/params/id": "3"})),
    ),
    case(
        "KAL-07.many",
        "a pipeline longer than what a server takes at once is answered to its end",
        ORDER,
        raw("".join(_item(number) for number in range(_MANY))),
        *(expect(200, body=json({"/params/id": str(number)})) for number in range(_MANY)),
    ),
    case(
        "KAL-08",
        "a pipeline goes on after a 404",
        ORDER,
        raw(lines("GET /nowhere HTTP/1.1", "Host: ${host}") + _item(2)),
        expect(404, body=problem()),
        expect(200, body=json({"/params/id": "2"})),
    ),
    case(
        "KAL-08.malformed",
        "a pipeline ends at what can't be parsed",
        "RFC 9112 section 2.2: respond with 400 and close the connection.",
        raw(
            _item(1)
            + "nonsense\r\n\r\n"
            + lines("POST /probe/counter/${run} HTTP/1.1", "Host: ${host}", "Content-Length: 0")
        ),
        expect(200, body=json({"/params/id": "1"})),
        expect(400, headers={"Connection": match(token="close")}, body=problem()),
        ends("closed"),
        get("/probe/counter/${run}", on="other"),
        expect(200, body=json({"/count": 0}), on="other"),
    ),
    *(
        case(
            f"KAL-08.cut-{left}",
            f"so it does when the end of the sound head is cut {left} bytes before its last",
            ORDER,
            raw(_SOUND + "nonsense\r\n\r\n", delivery=(len(_SOUND) - left,)),
            expect(200, body=json({"/params/id": "1"})),
            expect(400, headers={"Connection": match(token="close")}, body=problem()),
            ends("closed"),
        )
        for left in (1, 2, 3)
    ),
    case(
        "KAL-09",
        "a fast answer waits for a slow one before it",
        ORDER,
        raw(lines("GET /probe/slow/${run} HTTP/1.1", "Host: ${host}") + _item(2)),
        get("/probe/held/${run}", on="other"),
        expect(200, on="other"),
        post("/probe/release/${run}", text="", on="other"),
        expect(200, on="other"),
        expect(200, body=json({"/held": "${run}"})),
        expect(200, body=json({"/params/id": "2"})),
    ),
    case(
        "KAL-10",
        "an error before the content is read leaves no content behind",
        UNREAD,
        post("/probe/raise/error", text="GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"),
        expect(500, body=problem()),
        *follow_up(),
    ),
    case(
        "KAL-10.late",
        "content that comes after the answer is not taken for a request",
        UNREAD,
        post("/probe/ignore", text="GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n", part="head"),
        expect(200, body=json({"/ignored": True})),
    ),
    case(
        "KAL-11",
        "a client that has said all it wants still gets its answer",
        "RFC 9112 section 9.6 describes half-close; a FIN after the request only says that no other follows.",
        get("/probe/bytes/100000"),
        finish("half"),
        expect(200, headers={"Content-Length": "100000"}),
    ),
    case(
        "KAL-11.stream",
        "a half-closed client gets the stream that it asked for",
        "RFC 9112 section 9.6 describes half-close; a FIN after the request only says that no other follows.",
        get("/probe/stream/50"),
        finish("half"),
        expect(200, framing="chunked"),
    ),
    case(
        "KAL-11.waits",
        "also when the stream waits between its events",
        "RFC 9112 section 9.6 describes half-close; contract: a stream goes on as long as it has something to say.",
        get("/ask?query=teapot&site=http_status&query_id=q-1"),
        finish("half"),
        expect(
            200,
            framing="chunked",
            event_types="api_version license data_retention retrieval_count result_batch complete",
        ),
        ends("closed"),
    ),
    case(
        "KAL-12",
        "a client in the middle of an upload can read why it is refused",
        LINGER,
        raw(lines("POST /probe/upload HTTP/1.1", "Host: ${host}", f"Content-Length: {8 << 20}", content="x" * 300_000)),
        expect(413, headers={"Connection": match(token="close")}, body=problem()),
        ends("closed"),
    ),
    case(
        "KAL-12.malformed",
        "a client whose chunks break can read why it is refused",
        LINGER,
        raw(
            lines(
                "POST /probe/upload HTTP/1.1",
                "Host: ${host}",
                "Transfer-Encoding: chunked",
                content="zz\r\n" + "x" * 300_000,
            )
        ),
        expect(400, headers={"Connection": match(token="close")}, body=problem()),
        ends("closed"),
    ),
    case(
        "KAL-13",
        "connections that are idle keep no other from being served",
        "Contract: an idle connection costs no worker.",
        *(step for n in range(20) for step in (get("/probe/items/7", on=f"idle-{n}"), expect(200, on=f"idle-{n}"))),
        get("/probe/items/42"),
        expect(200, body=json({"/params/id": "42"})),
    ),
    case(
        "KAL-13.held",
        "requests that wait keep no other from being served",
        "Contract: a request that waits holds up no other.",
        *(get(f"/probe/slow/${{run}}-{n}", on=f"slow-{n}") for n in range(20)),
        get("/probe/held/${run}-19"),
        expect(200),
        *follow_up(),
        *(
            step
            for n in range(20)
            for step in (
                post(f"/probe/release/${{run}}-{n}", text=""),
                expect(200),
                expect(200, on=f"slow-{n}"),
            )
        ),
    ),
)
