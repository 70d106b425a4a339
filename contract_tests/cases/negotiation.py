"""Which of its forms an answer takes: a stream of events or one document."""

from __future__ import annotations

from samewire.cases import Case, case, expect, get, match, text

ACCEPT = "RFC 9110 section 12.5.1: the most specific range that matches a type gives its quality."
PARAMETER = "Contract, /ask: `streaming` wins over Accept; false, 0 and no, in any case, mean one document."
TEAPOT = "/ask?query=teapot&site=http_status&query_id=q-1"
EVENTS = "text/event-stream; charset=utf-8"
JSON = "application/json"


def _streams(id: str, accept: str, why: str = ACCEPT, target: str = TEAPOT) -> Case:
    title = f"Accept: {accept} gets a stream of events"
    return case(id, title, why, get(target, headers={"Accept": accept}), expect(200, headers={"Content-Type": EVENTS}))


def _one(id: str, accept: str, why: str = ACCEPT, target: str = TEAPOT) -> Case:
    title = f"Accept: {accept} gets one document"
    return case(id, title, why, get(target, headers={"Accept": accept}), expect(200, headers={"Content-Type": JSON}))


HTML = "text/html; charset=utf-8"
_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
_SITES: tuple[tuple[str, str, str, str], ...] = (
    ("browser", _BROWSER, "/sites", HTML),
    ("html", "text/html", "/sites", HTML),
    ("html-first", "application/json;q=0.5, text/html;q=0.6", "/sites", HTML),
    ("html-last", "application/json, text/html;q=0.9", "/sites", JSON),
    ("html-refused", "text/html;q=0, application/*;q=0.1", "/sites", JSON),
    ("events", "text/event-stream, text/html;q=0.5", "/sites", EVENTS),
    ("any", "*/*", "/sites", JSON),
    ("none", "image/png", "/sites", JSON),
    ("parameter", "text/html", "/sites?streaming=1", EVENTS),
    ("parameter-off", "text/html", "/sites?streaming=0", JSON),
)


CASES: tuple[Case, ...] = (
    *(
        case(
            f"NEG-11.{name}",
            f"one resource in three forms: `{accept}` gets {kind} of {target}",
            ACCEPT,
            get(target, headers={"Accept": accept}),
            expect(200, headers={"Content-Type": kind, "Vary": match(matches="(?i).*accept.*")}),
        )
        for name, accept, target, kind in _SITES
    ),
    case(
        "NEG-11.page",
        "the page lists the sites, and nothing in it may run",
        "Contract: CSP level 3.",
        get("/sites", headers={"Accept": "text/html"}),
        expect(
            200,
            headers={
                "Content-Security-Policy": match(matches="default-src 'none'; style-src 'sha256-[^;]*'; img-src.*")
            },
            body=text(matches=r"(?s).*<dt>http_status</dt>.*<dt>python_docs</dt>.*"),
        ),
    ),
    _streams("NEG-01.events", "text/event-stream"),
    _one("NEG-01.json", "application/json"),
    _one("NEG-01.type", "application/*"),
    _streams("NEG-01.text", "text/*"),
    _streams("NEG-01.any", "*/*"),
    _one("NEG-01.exact", "*/*, application/json"),
    _streams("NEG-01.specific", "*/*;q=0.9, application/json;q=0.5"),
    _one("NEG-02", "text/event-stream;q=0.5, application/json"),
    _streams("NEG-02.finer", "application/json;q=0.9, text/event-stream;q=0.91"),
    _one("NEG-02.zero", "text/event-stream;q=0, */*"),
    case(
        "NEG-03",
        "without Accept there is a stream of events",
        "RFC 9110 section 12.5.1: without Accept any media type will do; contract, /ask: then it is a stream.",
        get(TEAPOT),
        expect(200, headers={"Content-Type": EVENTS}),
    ),
    case(
        "NEG-03.who",
        "without Accept /who gives one document",
        "Contract, /who: JSON by default.",
        get("/who?query=teapot&query_id=q-1"),
        expect(200, headers={"Content-Type": JSON}),
    ),
    _streams(
        "NEG-04",
        "text/html",
        "RFC 9110 section 12.5.1: a server may disregard Accept rather than answer 406; contract: it does.",
    ),
    _streams(
        "NEG-05", "nonsense;;=,, ,;q", "RFC 9110 section 5.5; contract: an Accept that can't be read says nothing."
    ),
    _one("NEG-05.weight", "text/event-stream;q=high, application/json;q=0.1", "Contract: a weight that is none is 0."),
    case(
        "NEG-06",
        "several Accept lines are one list",
        "RFC 9110 section 5.3: a recipient may combine several lines of one name.",
        get(TEAPOT, headers=[("Accept", "text/event-stream;q=0.1"), ("Accept", "application/json")]),
        expect(200, headers={"Content-Type": JSON}),
    ),
    _one("NEG-07", 'application/json;charset="utf-8", text/event-stream;q=0.5'),
    *(
        case(
            f"NEG-09.{name}",
            f"{what} says that it depends on Accept",
            "RFC 9110 section 12.5.5: Vary lists the request fields that played a part in choosing the answer.",
            get(target),
            expect(200, headers={"Vary": match(token="Accept")}),
        )
        for name, what, target in (
            ("ask", "a streamed answer", TEAPOT),
            ("whole", "a whole answer", f"{TEAPOT}&streaming=false"),
            ("who", "/who", "/who?query=teapot&query_id=q-1"),
            ("sites", "/sites", "/sites"),
        )
    ),
    _one("NEG-10", "text/event-streams, application/json;q=0.1"),
    _streams("NEG-10.true", "application/json", PARAMETER, f"{TEAPOT}&streaming=true"),
    _one("NEG-10.false", "text/event-stream", PARAMETER, f"{TEAPOT}&streaming=False"),
    _one("NEG-10.zero", "text/event-stream", PARAMETER, f"{TEAPOT}&streaming=0"),
    _one("NEG-10.no", "text/event-stream", PARAMETER, f"{TEAPOT}&streaming=NO"),
)
