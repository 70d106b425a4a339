"""`/ask`: the stream, the document, failures, and the client that leaves."""

from __future__ import annotations

from contract_tests.shorthand import follow_up
from samewire.cases import Case, EventAt, absent, awaits, case, expect, get, json, json_at, match, post, text
from samewire.cases.model import JsonAt

ORDER = "Contract, /ask: the messages of an answer come in this order, `complete` last."
INCREMENTAL = "Contract, /ask: each event leaves at once."
NOTICES = "api_version license data_retention "
TEAPOT = "/ask?query=teapot&site=http_status&query_id=q-1"
DOCUMENT = f"{TEAPOT}&streaming=false"
EVENTS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
JSON = {"Content-Type": "application/json"}


def _streams(id: str, title: str, why: str, target: str, types: str) -> Case:
    """A question and the message types of its answer, as a regular expression."""
    return case(id, title, why, get(target), expect(200, headers=EVENTS, event_types=types))


CASES: tuple[Case, ...] = (
    _streams(
        "ASK-01",
        "an answer from every site is streamed in its order",
        ORDER,
        "/ask?query=list&query_id=q-1",
        NOTICES + "asking_sites retrieval_count( result_batch)+ complete",
    ),
    _streams(
        "ASK-01.one",
        "an answer from one site names no sites",
        ORDER,
        TEAPOT,
        NOTICES + "retrieval_count result_batch complete",
    ),
    _streams(
        "ASK-01.summarize",
        "a summary comes after the results",
        ORDER,
        f"{TEAPOT}&generate_mode=summarize",
        NOTICES + "retrieval_count result_batch summary complete",
    ),
    _streams(
        "ASK-01.generate",
        "an answer in words comes twice: first alone, then with what it is drawn from",
        ORDER,
        f"{TEAPOT}&generate_mode=generate",
        NOTICES + "retrieval_count result_batch nlws nlws complete",
    ),
    _streams(
        "ASK-01.prev",
        "a question that leans on an earlier one is first said in full",
        ORDER,
        "/ask?query=and+it%3F&prev=teapot&site=http_status&query_id=q-1",
        NOTICES + "decontextualized_query retrieval_count result_batch complete",
    ),
    _streams(
        "ASK-01.nothing",
        "an answer without results is an answer",
        ORDER,
        "/ask?query=zzzqqq&site=http_status&query_id=q-1",
        NOTICES + "retrieval_count result_batch complete",
    ),
    case(
        "ASK-02",
        "each event is one line of data, `message_type` first and `query_id` in it",
        "Contract, /ask: unnamed data events, one JSON object each.",
        get(f"{TEAPOT}&num=1"),
        expect(
            200,
            framing="chunked",
            events=[
                EventAt(
                    data=match(matches=rf'\{{"message_type":"{type}","query_id":"q-1".*\}}'),
                    event=absent(),
                    id=absent(),
                )
                for type in ("api_version", "license", "data_retention", "retrieval_count", "result_batch", "complete")
            ],
        ),
        *follow_up(),
    ),
    case(
        "ASK-03",
        "events leave the server before the answer is complete",
        INCREMENTAL,
        get("/ask?query=probe:hold:${run}+teapot&site=http_status&query_id=q-1"),
        awaits("events", 5),
        post("/probe/release/${run}", text="", on="other"),
        expect(200, on="other"),
        expect(200, event_types=NOTICES + "retrieval_count( result_batch)+ complete"),
        *follow_up(),
    ),
    case(
        "ASK-04",
        "the whole answer is one document",
        "Contract, /ask: query_id, api_version, query, results.",
        get(DOCUMENT),
        expect(
            200,
            headers=JSON,
            framing="length",
            body=json(
                {"/query_id": "q-1", "/query": "teapot", "/results/0/name": "418 I'm a Teapot"},
                json_at("/api_version", type="string"),
                json_at("/summary", absent=True),
                json_at("/nlws", absent=True),
            ),
        ),
        *follow_up(),
    ),
    case(
        "ASK-04.result",
        "a result has its eight members",
        "Contract, /ask: url, name, site, siteUrl, score, description, schema_object, ranking_type.",
        get(DOCUMENT),
        expect(
            200,
            body=json(
                {
                    "/results/0/site": "http_status",
                    "/results/0/url": "https://www.rfc-editor.org/rfc/rfc2324.html#section-2.3.2",
                    "/results/0/schema_object/@type": "TechArticle",
                },
                json_at("/results/0/siteUrl", type="string"),
                json_at("/results/0/score", type="number"),
                json_at("/results/0/description", matches="(?s).+"),
                json_at("/results/0/schema_object", type="object"),
                json_at("/results/0/ranking_type", type="string"),
            ),
        ),
    ),
    *(
        case(
            f"ASK-04.{mode}",
            f"the document of `{mode}` has {member} as well",
            "Contract, /ask: summary for summarize, nlws for generate.",
            get(f"{DOCUMENT}&generate_mode={mode}"),
            expect(200, body=json(None, JsonAt(at=f"/{member}", type=type))),
        )
        for mode, member, type in (("summarize", "summary", "string"), ("generate", "nlws", "object"))
    ),
    case(
        "ASK-04.none",
        "the mode `none` is the mode `list`",
        "Contract, /ask: generate_mode.",
        get(f"{DOCUMENT}&generate_mode=none"),
        expect(200, body=json(None, json_at("/summary", absent=True), json_at("/nlws", absent=True))),
    ),
    case(
        "SSE-10",
        "the last event is `complete`, and the stream ends in order",
        "Contract, /ask: a browser's EventSource closes on `complete` only.",
        get(TEAPOT),
        expect(
            200,
            framing="chunked",
            body=text(matches=r'(?s).*data: \{"message_type":"complete","query_id":"q-1"\}\n\n'),
        ),
        *follow_up(),
    ),
)
