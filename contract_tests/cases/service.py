"""The other endpoints of the service: the page, health, metrics, `/sites`, `/who`."""

from __future__ import annotations

from contract_tests.shorthand import follow_up
from samewire.cases import Case, Content, EventAt, case, expect, get, json, json_at, match, post, problem, text

ASKED_FOR = "Contract: JSON by default; events when `streaming` or Accept asks."
ID = "Contract: X-Request-ID is the client's where it matches [A-Za-z0-9._-]{1,64}, else a new one."
EVENTS = {"Content-Type": "text/event-stream; charset=utf-8"}

CASES: tuple[Case, ...] = (
    case(
        "SRV-01",
        "/health says that the server is alive, which one it is, and how long it runs",
        "Contract: alive as long as the event loop turns.",
        get("/health"),
        expect(
            200,
            headers={"Cache-Control": "no-store"},
            body=json(
                {"/status": "healthy", "/mode": "testing"},
                json_at("/server", matches="legacy|aiohttp"),
                json_at("/version", matches=r"\d+\.\d+\.\d+"),
                json_at("/uptime_seconds", type="number"),
            ),
        ),
    ),
    case(
        "SRV-02",
        "/ready says that requests are welcome, and why",
        "Contract: 503 as soon as a drain begins or something is missing.",
        get("/ready"),
        expect(200, body=json({"/status": "ready", "/checks/accepting": "ok"})),
    ),
    case(
        "SRV-03",
        "/metrics is text in the format of Prometheus",
        "Contract: the same names on every server.",
        get("/metrics"),
        expect(
            200,
            headers={"Content-Type": match(matches="text/plain; version=.*"), "Cache-Control": "no-store"},
            body=Content(text=match(matches=r"(?s).*# TYPE nlweb_http_requests_total counter\n.*")),
        ),
    ),
    case(
        "SRV-04",
        "/ is a page with a form that asks",
        "Contract: the ask form, the sites, which server answers.",
        get("/"),
        expect(
            200,
            headers={
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": match(contains="default-src 'none'"),
            },
            body=Content(text=match(matches=r"(?s)<!doctype html>.*<form.*python_docs.*EventSource.*")),
        ),
    ),
    case(
        "SRV-05",
        "/sites lists the sites",
        ASKED_FOR,
        get("/sites"),
        expect(
            200,
            headers={"Content-Type": "application/json"},
            body=text('{"message-type":"sites","sites":["http_status","python_docs"]}'),
        ),
    ),
    *(
        case(
            f"SRV-05.{name}",
            f"/sites as one event when {what} asks for it",
            ASKED_FOR,
            get(target, headers=headers),
            expect(
                200,
                headers=EVENTS,
                events=[EventAt(data=match(equals='{"message-type":"sites","sites":["http_status","python_docs"]}'))],
            ),
            *follow_up(),
        )
        for name, what, target, headers in (
            ("parameter", "the parameter", "/sites?streaming=true", {}),
            ("accept", "Accept", "/sites", {"Accept": "text/event-stream"}),
        )
    ),
    case(
        "SRV-06",
        "/who says which sites can answer, the best first",
        "Contract: message_type, query_id and results of site, name, score, description.",
        get("/who?query=teapot&query_id=q-1"),
        expect(
            200,
            headers={"Content-Type": "application/json"},
            body=json(
                {"/message_type": "result", "/query_id": "q-1", "/results/0/site": "http_status"},
                json_at("/results/0/name", type="string"),
                json_at("/results/0/score", type="number"),
                json_at("/results/0/description", type="string"),
            ),
        ),
    ),
    case(
        "SRV-06.post",
        "/who takes its question from JSON as well",
        "Contract: a parameter means the same in the query string, in a form and in JSON.",
        post("/who", json={"query": "teapot", "query_id": "q-1"}, headers={"Content-Type": "application/json"}),
        expect(200, body=json({"/query_id": "q-1", "/results/0/site": "http_status"})),
    ),
    case(
        "SRV-06.form",
        "/who takes its question from a form as well",
        "Contract: a parameter means the same in the query string, in a form and in JSON.",
        post(
            "/who",
            form={"query": "teapot", "query_id": "q-1"},
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        ),
        expect(200, body=json({"/query_id": "q-1", "/results/0/site": "http_status"})),
    ),
    case(
        "SRV-06.events",
        "/who as events ends with `complete`",
        ASKED_FOR,
        get("/who?query=teapot&query_id=q-1", headers={"Accept": "text/event-stream"}),
        expect(200, headers=EVENTS, event_types="result complete"),
    ),
    case(
        "SRV-06.nothing",
        "/who may find no site",
        "Contract: the sites that have a match.",
        get("/who?query=zzzqqq&query_id=q-1"),
        expect(200, body=json({"/results": []})),
    ),
    case(
        "SRV-06.blank",
        "/who without a query is 400",
        "Contract: what is wrong with a parameter is 400.",
        get("/who"),
        expect(400, body=problem()),
    ),
    case(
        "LOG-05",
        "an acceptable request id is kept",
        ID,
        get("/probe/items/7", headers={"X-Request-ID": "a.B-c_1"}),
        expect(200, headers={"X-Request-ID": "a.B-c_1"}),
    ),
    *(
        case(
            f"LOG-05.{name}",
            f"a request id {what} is replaced",
            ID,
            get("/probe/items/7", headers={"X-Request-ID": value}),
            expect(200, headers={"X-Request-ID": match(matches="[0-9a-f]{32}")}),
        )
        for name, what, value in (
            ("signs", "with other signs", "not acceptable!"),
            ("long", "of 65 characters", "a" * 65),
            ("empty", "of nothing", ""),
        )
    ),
    case(
        "LOG-05.limit",
        "a request id of 64 characters is kept",
        ID,
        get("/probe/items/7", headers={"X-Request-ID": "a" * 64}),
        expect(200, headers={"X-Request-ID": "a" * 64}),
    ),
    case(
        "LOG-05.stream",
        "a stream has the request id too",
        ID,
        get("/probe/events/1", headers={"X-Request-ID": "log-05"}),
        expect(200, headers={"X-Request-ID": "log-05"}),
    ),
    case(
        "SES-01",
        "cookies are read as pairs, quotes and all; what has no `=` is no cookie",
        "RFC 6265bis section 5.6; the contract keeps a value as it was sent.",
        get("/probe/cookies", headers={"Cookie": 'a=1; b="q"; c=; d; =e;  f = g'}),
        expect(
            200,
            body=json(
                None,
                json_at("/cookies/a", matches="1"),
                json_at("/cookies/b", matches='"q"'),
                json_at("/cookies/c", matches=""),
            ),
        ),
    ),
    case(
        "SES-02",
        "of a repeated cookie the first counts",
        "RFC 6265bis section 5.7: servers should not rely on the order; the contract takes the first.",
        get("/probe/cookies", headers={"Cookie": "a=1; a=2"}),
        expect(200, body=json({"/cookies": {"a": "1"}})),
    ),
)
