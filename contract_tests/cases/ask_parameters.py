"""The parameters of `/ask`: the same meaning from query string, JSON and form."""

from __future__ import annotations

from contract_tests.shorthand import follow_up
from samewire.cases import Case, Content, case, expect, get, json, json_at, match, post, problem
from samewire.cases.model import Send

SAME = "Contract, /ask: a parameter means the same in the query string, in a form and in JSON."
BODY_WINS = "Contract, /ask: the same parameter in the body wins over the query string."
NAMED = "Contract: what is wrong with a parameter is 400, and the detail names it (RFC 9110 section 15.5.1)."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ASKED = {"query": "teapot", "site": "http_status", "query_id": "q-1", "streaming": "false"}
TEAPOT = json({"/query": "teapot", "/query_id": "q-1", "/results/0/name": "418 I'm a Teapot"})


def _json(**parameters: object) -> Send:
    return post("/ask", json={**ASKED, **parameters}, headers={"Content-Type": "application/json"})  # type: ignore[dict-item]


def _wrong(id: str, name: str, what: str, query: str) -> Case:
    answer = expect(400, body=Content(problem=True, json_at=(json_at("/detail", matches=f".*'{name}'.*"),)))
    return case(id, f"{what} is 400 and names {name}", NAMED, get(f"/ask?{query}"), answer)


CASES: tuple[Case, ...] = (
    case(
        "ASK-10.query",
        "the parameters come in the query string",
        SAME,
        get("/ask?query=teapot&site=http_status&query_id=q-1&streaming=false"),
        expect(200, body=TEAPOT),
    ),
    case("ASK-10.json", "the parameters come in JSON", SAME, _json(), expect(200, body=TEAPOT)),
    case(
        "ASK-10.form",
        "the parameters come in a form",
        SAME,
        post("/ask", form=ASKED, headers=FORM),
        expect(200, body=TEAPOT),
    ),
    case(
        "ASK-11.json",
        "a parameter in JSON wins over the query string",
        BODY_WINS,
        post(
            "/ask?query=list&query_id=other&streaming=false&site=http_status",
            json={"query": "teapot", "query_id": "q-1"},
            headers={"Content-Type": "application/json"},
        ),
        expect(200, body=TEAPOT),
    ),
    case(
        "ASK-11.form",
        "a parameter in a form wins over the query string",
        BODY_WINS,
        post(
            "/ask?query=list&query_id=other&streaming=false&site=http_status",
            form={"query": "teapot", "query_id": "q-1"},
            headers=FORM,
        ),
        expect(200, body=TEAPOT),
    ),
    case(
        "ASK-12.number",
        "a number in JSON means what its digits mean in a query",
        SAME,
        _json(query="request", num=3),
        expect(200, body=json(None, json_at("/results", length=3))),
    ),
    case(
        "ASK-12.text",
        "a number in a text means the same",
        SAME,
        _json(query="request", num="3"),
        expect(200, body=json(None, json_at("/results", length=3))),
    ),
    case(
        "ASK-12.query",
        "num says how many results there are at most",
        SAME,
        get("/ask?query=request&num=3&streaming=false&site=http_status&query_id=q-1"),
        expect(200, body=json(None, json_at("/results", length=3))),
    ),
    *(
        case(
            f"ASK-12.streaming-{name}",
            f"`streaming` as the JSON value {name} gets one document",
            SAME,
            _json(streaming=value),
            expect(200, headers={"Content-Type": "application/json"}, body=TEAPOT),
        )
        for name, value in (("false", False), ("zero", 0), ("no", "no"))
    ),
    case(
        "ASK-12.null",
        "null in JSON is the same as nothing",
        SAME,
        _json(num=None, prev=None),
        expect(200, body=TEAPOT),
    ),
    *(
        case(
            f"ASK-13.{name}",
            f"the earlier questions come {what}",
            "Contract, /ask: prev is a JSON array, repeats or a comma list.",
            sent,
            expect(200, body=Content(text=match(contains='"decontextualized_query":"and it (teapot)"'))),
        )
        for name, what, sent in (
            ("one", "as one text", get("/ask?query=and+it%3F&site=http_status&query_id=q-1&prev=teapot")),
            ("repeats", "repeated", get("/ask?query=and+it%3F&site=http_status&query_id=q-1&prev=list&prev=teapot")),
            ("comma", "as a comma list", get("/ask?query=and+it%3F&site=http_status&query_id=q-1&prev=list,teapot")),
            (
                "array",
                "as a JSON array",
                get("/ask?query=and+it%3F&site=http_status&query_id=q-1&prev=%5B%22list%22,%22teapot%22%5D"),
            ),
            ("json", "as an array in JSON", _json(query="and it?", prev=["list", "teapot"], streaming=True)),
            (
                "form",
                "repeated in a form",
                post(
                    "/ask",
                    form=[
                        ("query", "and it?"),
                        ("query_id", "q-1"),
                        ("site", "http_status"),
                        ("prev", "list"),
                        ("prev", "teapot"),
                    ],
                    headers=FORM,
                ),
            ),
        )
    ),
    *(
        case(
            f"ASK-14.{name}",
            f"the sites come {what}",
            "Contract, /ask: site repeats or is a comma list; `all` is all of them.",
            get(f"/ask?query=list&query_id=q-1&{query}"),
            expect(200, body=Content(text=match(contains='"sites":["http_status","python_docs"]'))),
        )
        for name, what, query in (
            ("none", "from nowhere: all of them", "num=1"),
            ("all", "as `all`", "site=all"),
            ("repeats", "repeated", "site=python_docs&site=http_status"),
            ("comma", "as a comma list", "site=python_docs,http_status"),
        )
    ),
    case(
        "ASK-15",
        "without a query_id one is made",
        "Contract, /ask: query_id is echoed in every message, made when absent.",
        get("/ask?query=teapot&streaming=false"),
        expect(200, body=json(None, json_at("/query_id", matches="[0-9a-f]{32}"))),
    ),
    _wrong("ASK-16.missing", "query", "no query", "site=all"),
    _wrong("ASK-16.empty", "query", "an empty query", "query="),
    _wrong("ASK-16.blank", "query", "a blank query", "query=%20%09+"),
    _wrong("ASK-16.twice", "query", "a query given twice", "query=a&query=b"),
    _wrong("ASK-16.site", "site", "an unknown site", "query=a&site=nowhere"),
    _wrong("ASK-16.sites", "site", "an unknown site among known ones", "query=a&site=http_status,nowhere"),
    _wrong("ASK-16.mode", "generate_mode", "an unknown mode", "query=a&generate_mode=invent"),
    _wrong("ASK-16.zero", "num", "no result", "query=a&num=0"),
    _wrong("ASK-16.many", "num", "51 results", "query=a&num=51"),
    _wrong("ASK-16.word", "num", "a num that is no number", "query=a&num=ten"),
    _wrong("ASK-16.prev", "prev", "a JSON array that is cut off", "query=a&prev=%5B%22b%22"),
    *(
        case(
            f"ASK-17.{name}",
            f"{what} is {status}",
            NAMED,
            post("/ask", text=content, headers={"Content-Type": type}),
            expect(status, body=problem()),
            *follow_up(),
        )
        for name, what, type, content, status in (
            ("malformed", "malformed JSON", "application/json", '{"query": ', 400),
            ("array", "JSON that is no object", "application/json", '["query"]', 400),
            ("object", "an object for a parameter", "application/json", '{"query": {"a": 1}}', 400),
            ("type", "content of another type", "text/plain", "query=a", 415),
        )
    ),
    *(
        case(
            f"ASK-18.{name}",
            f"a query of {what} is only a query",
            "Contract: the words of a question are never syntax.",
            get(f"/ask?query={query}&query_id=q-1&streaming=false"),
            expect(200, body=json(None, json_at("/results", type="array"))),
        )
        for name, what, query in (
            ("quotes", "quotes and operators", "%22+OR+1+NEAR%28+*+AND+NOT"),
            ("columns", "column filters", "name%3A+%5E+-+%7B%7D"),
            ("signs", "signs", "%3F%21.%2C%3B%27"),
            ("nul", "a NUL", "a%00b"),
            ("emoji", "other scripts", "%E4%B8%96%E7%95%8C+%F0%9F%98%80"),
        )
    ),
    case(
        "ASK-18.long",
        "a query of 10,001 characters is 400",
        "Contract: a text is limited to 10,000 characters.",
        post("/ask", form={"query": "a" * 10_001}, headers=FORM),
        expect(400, body=problem()),
    ),
)
