"""`/ask`: failures, clients that leave, HEAD and HTTP/1.0."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, without
from samewire.cases import (
    Case,
    Content,
    awaits,
    case,
    empty,
    expect,
    finish,
    get,
    head,
    json,
    match,
    problem,
)

FAILURE = "Contract, /ask: after a failure `error`, then `complete`, without which a browser would ask again for ever."
NOTICES = "api_version license data_retention "
TEAPOT = "/ask?query=teapot&site=http_status&query_id=q-1"
EVENTS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
JSON = {"Content-Type": "application/json"}


CASES: tuple[Case, ...] = (
    case(
        "ASK-06",
        "a failure in the middle ends with `error` and `complete`",
        FAILURE,
        get("/ask?query=probe:fail+teapot&site=http_status&query_id=q-1", headers={"X-Request-ID": "ask-06"}),
        expect(
            200,
            event_types=NOTICES + "retrieval_count result_batch error complete",
            body=Content(text=without("Rehearsed|Traceback|as ordered")),
        ),
        *follow_up(),
    ),
    case(
        "SSE-11",
        "the error is a problem object that tells nothing of the inside",
        FAILURE,
        get("/ask?query=probe:fail+teapot&site=http_status&query_id=q-1", headers={"X-Request-ID": "ask-06"}),
        expect(
            200,
            body=Content(
                text=match(
                    matches=(
                        r'(?s).*data: \{"message_type":"error","query_id":"q-1","problem":\{"type":"about:blank",'
                        r'"title":"Internal Server Error","status":500,"detail":"[^"]+","instance":"ask-06"\}\}\n\n'
                        r'data: \{"message_type":"complete","query_id":"q-1"\}\n\n'
                    )
                )
            ),
        ),
    ),
    case(
        "ASK-06.whole",
        "a failure of the whole answer is a 500 problem",
        "Contract: one form of error; RFC 9457.",
        get("/ask?query=probe:fail+teapot&site=http_status&streaming=false"),
        expect(500, body=problem()),
        *follow_up(),
    ),
    case(
        "ASK-07",
        "the work stops when the client leaves",
        "Contract, /ask: when the client leaves, the work stops.",
        get("/ask?query=probe:hold:${run}+teapot&site=http_status&query_id=q-1"),
        awaits("events", 5),
        finish("close"),
        get("/probe/left/${run}", on="other"),
        expect(200, body=json({"/left": 1}), on="other"),
    ),
    case(
        "ASK-07.whole",
        "the work for a whole answer stops when the connection is reset",
        "Contract, /ask: when the client leaves, the work stops.",
        get("/ask?query=probe:hold:${run}+teapot&site=http_status&streaming=false"),
        get("/probe/held/${run}", on="other"),
        expect(200, body=json({"/held": 1}), on="other"),
        finish("reset"),
        get("/probe/left/${run}", on="other"),
        expect(200, body=json({"/left": 1}), on="other"),
    ),
    case(
        "ASK-08",
        "HEAD has the fields of the stream and does no work",
        "RFC 9110 section 9.3.2: HEAD is identical to GET except that no content is sent.",
        head("/ask?query=probe:hold:${run}+teapot"),
        expect(200, headers=EVENTS, body=empty(), framing="none"),
        *follow_up(),
    ),
    case(
        "ASK-08.whole",
        "HEAD of the document does no work either",
        "RFC 9110 section 9.3.2: HEAD is identical to GET except that no content is sent.",
        head("/ask?query=probe:hold:${run}+teapot&streaming=false"),
        expect(200, headers=JSON, body=empty(), framing="none"),
        *follow_up(),
    ),
    case(
        "ASK-09",
        "a stream to HTTP/1.0 ends with the connection",
        "RFC 9112 section 6.1: a server must not send Transfer-Encoding to an HTTP/1.0 client.",
        get(TEAPOT, version="HTTP/1.0"),
        expect(200, version="HTTP/1.0", framing="close", event_types=NOTICES + "retrieval_count result_batch complete"),
    ),
)
