"""Streamed answers and server-sent events."""

from __future__ import annotations

from contract_tests.shorthand import follow_up
from parity.cases import Case, EventAt, absent, awaits, case, empty, ends, expect, finish, get, head, json, match, post, text

CHUNKED = "RFC 9112 section 7.1: content of unknown length is sent in chunks, the last of size zero."
FORMAT = "WHATWG HTML section 9.2.5: lines of `data`, `event`, `id` and `retry`, each event ended by an empty line."
AT_ONCE = "Contract: an event leaves as soon as it is made; what a proxy or server holds back is late for ever."
LEAVES = "Contract: when the client leaves, the work stops."
EVENTS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

CASES: tuple[Case, ...] = (
    case(
        "SSE-01",
        "content of unknown length is chunked, and the connection goes on",
        CHUNKED,
        get("/probe/stream/3"),
        expect(
            200,
            headers={"Transfer-Encoding": match(lines=["chunked"])},
            framing="chunked",
            body=text("piece 0\npiece 1\npiece 2\n"),
        ),
        *follow_up(),
        ends("reusable"),
    ),
    case(
        "SSE-01.empty",
        "a stream of nothing is a whole answer",
        CHUNKED,
        get("/probe/stream/0"),
        expect(200, framing="chunked", body=empty()),
        *follow_up(),
    ),
    case(
        "SSE-01.long",
        "a stream of 2,000 pieces is whole",
        CHUNKED,
        get("/probe/stream/2000"),
        expect(200, framing="chunked", body=text(matches=r"(?s)piece 0\n.*piece 1999\n")),
        *follow_up(),
    ),
    case(
        "SSE-02",
        "content of unknown length to HTTP/1.0 ends with the connection",
        "RFC 9112 section 6.1: a server must not send Transfer-Encoding to an HTTP/1.0 client.",
        get("/probe/events/2", version="HTTP/1.0"),
        expect(200, headers={"Transfer-Encoding": absent()}, framing="close", body=text(contains="id: 2")),
        ends("closed"),
    ),
    case(
        "SSE-03",
        "a chunked answer has no Content-Length",
        "RFC 9112 section 6.2: a sender must not send Content-Length in a message that has Transfer-Encoding.",
        get("/probe/stream/1"),
        expect(200, headers={"Content-Length": absent()}, framing="chunked"),
    ),
    case(
        "SSE-04",
        "a stream of events says its type, and that nobody may keep it or hold it back",
        "WHATWG HTML section 9.2.5: text/event-stream, always UTF-8.",
        get("/probe/events/1"),
        expect(200, headers=EVENTS, framing="chunked"),
    ),
    case(
        "SSE-05",
        "the lines of events are these, to the byte",
        FORMAT,
        get("/probe/events/2"),
        expect(
            200,
            body=text(
                "event: tick\nid: 1\nretry: 1000\ndata: event 1\ndata: of 2\n\n"
                "event: tick\nid: 2\ndata: event 2\ndata: of 2\n\n"
            ),
        ),
    ),
    case(
        "SSE-06",
        "a line end within the data makes another data line",
        "WHATWG HTML section 9.2.6: several data lines are joined by LF.",
        get("/probe/events/1"),
        expect(200, events=[EventAt(data=match(equals="event 1\nof 1"), event=match(equals="tick"), id=match(equals="1"))]),
    ),
    case(
        "SSE-07",
        "each event leaves the server before the next is made",
        AT_ONCE,
        get("/probe/gate/${run}?n=2"),
        awaits("events", 1),
        post("/probe/gate/${run}", text="", on="other"),
        expect(200, on="other"),
        awaits("events", 2),
        post("/probe/gate/${run}", text="", on="other"),
        expect(200, on="other"),
        expect(
            200,
            events=[
                EventAt(data=match(equals=f"gate {number}"), id=match(equals=str(number))) for number in range(3)
            ],
        ),
        *follow_up(),
    ),
    case(
        "SSE-07.head",
        "the head of a stream leaves before its content is made",
        AT_ONCE,
        get("/probe/gate/${run}?n=0"),
        awaits("head"),
        expect(200, events=[EventAt(data=match(equals="gate 0"))]),
    ),
    case(
        "SSE-07.duplex",
        "what was received can be answered before the rest arrives",
        AT_ONCE,
        post("/probe/duplex", text="hello world", chunks=[5], part="head"),
        awaits("head"),
        post("/probe/duplex", text="hello world", chunks=[5], part="body"),
        expect(200, body=text("hello world")),
    ),
    case(
        "SSE-09",
        "a client that lost its connection gets only the events after the last one that it had",
        "WHATWG HTML section 9.2.4: Last-Event-ID says which event was the last.",
        get("/probe/events/3", headers={"Last-Event-ID": "2"}),
        expect(200, events=[EventAt(data=match(equals="event 3\nof 3"), id=match(equals="3"))]),
    ),
    case(
        "SSE-12",
        "204 tells a browser to ask no more",
        "WHATWG HTML section 9.2.3: a client can be told to stop reconnecting with 204.",
        get("/probe/events/3", headers={"Last-Event-ID": "3"}),
        expect(204, body=empty()),
        *follow_up(),
    ),
    case(
        "SSE-13",
        "a stream whose client leaves is closed, also while it waits",
        LEAVES,
        get("/probe/gate/${run}"),
        awaits("events", 1),
        finish("close"),
        get("/probe/left/${run}", on="other"),
        expect(200, body=json({"/left": 1}), on="other"),
    ),
    case(
        "SSE-13.reset",
        "a stream whose connection is reset is closed",
        LEAVES,
        get("/probe/gate/${run}"),
        awaits("events", 1),
        finish("reset"),
        get("/probe/left/${run}", on="other"),
        expect(200, body=json({"/left": 1}), on="other"),
    ),
    case(
        "SSE-13.held",
        "a request that has no answer yet is cancelled when its client leaves",
        LEAVES,
        get("/probe/slow/${run}"),
        get("/probe/held/${run}", on="other"),
        expect(200, on="other"),
        finish("close"),
        get("/probe/left/${run}", on="other"),
        expect(200, body=json({"/left": 1}), on="other"),
    ),
    case(
        "SSE-13.unread",
        "a stream that nobody reads is closed when its client leaves",
        LEAVES,
        get("/probe/flood/${run}"),
        awaits("bytes", 100_000),
        finish("close"),
        get("/probe/left/${run}", on="other"),
        expect(200, body=json({"/left": 1}), on="other"),
    ),
    case(
        "SSE-15",
        "two streams at once keep apart",
        "Contract: what belongs to one connection never shows up on another.",
        get("/probe/gate/${run}-a?n=1"),
        get("/probe/gate/${run}-b?n=1", on="second"),
        awaits("events", 1),
        awaits("events", 1, on="second"),
        post("/probe/gate/${run}-b", text="", on="other"),
        expect(200, on="other"),
        expect(200, events=[EventAt(data=match(equals="gate 0")), EventAt(data=match(equals="gate 1"))], on="second"),
        post("/probe/gate/${run}-a", text="", on="other"),
        expect(200, on="other"),
        expect(200, events=[EventAt(data=match(equals="gate 0")), EventAt(data=match(equals="gate 1"))]),
    ),
    case(
        "SSE-16",
        "HEAD of a stream of events has its fields only",
        "RFC 9110 section 9.3.2: HEAD has the fields of GET and no content.",
        head("/probe/events/2"),
        expect(200, headers=EVENTS, body=empty(), framing="none"),
        *follow_up(),
    ),
    case(
        "SSE-16.coding",
        "a stream of events is not compressed, as that would hold it back",
        "Contract: a compressor keeps events until it has enough of them.",
        get("/probe/events/2", headers={"Accept-Encoding": "gzip, br"}),
        expect(200, headers={"Content-Encoding": absent()}),
    ),
)
