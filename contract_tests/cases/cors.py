"""Which other origins may read answers, and what they may send."""

from __future__ import annotations

from contract_tests.shorthand import ORIGIN, STRANGER
from samewire.cases import Case, Match, absent, case, empty, expect, get, match, request

CHECK = "WHATWG Fetch, CORS check: it compares Access-Control-Allow-Origin with the request's origin."
VARY = "WHATWG Fetch, CORS protocol and HTTP caches: an answer that depends on Origin must say so in Vary, for caches."
PREFLIGHT = "WHATWG Fetch, CORS-preflight fetch: it succeeds when method and fields are granted."
DENIED = "WHATWG Fetch, CORS-preflight fetch: without a grant the fetch fails in the browser."
NO_GRANT: dict[str, str | Match] = {
    "Access-Control-Allow-Origin": absent(),
    "Access-Control-Allow-Methods": absent(),
    "Access-Control-Allow-Headers": absent(),
    "Access-Control-Allow-Private-Network": absent(),
}


def _preflight(
    id: str, title: str, why: str, granted: bool, *, target: str = "/ask", method: str = "POST", **fields: str
) -> Case:
    """An OPTIONS request as a browser makes it, and whether it grants."""
    names = {name.replace("_", "-"): value for name, value in fields.items()}
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": method, **names}
    grant: dict[str, str | Match] = {
        "Access-Control-Allow-Origin": ORIGIN,
        "Access-Control-Allow-Methods": match(token=method),
        "Access-Control-Max-Age": "600",
    }
    vary = {"Vary": match(token="Origin")}
    given = expect(204, headers={**(grant if granted else NO_GRANT), **vary}, body=empty())
    return case(id, title, why, request("OPTIONS", target, headers=asked), given)


CASES: tuple[Case, ...] = (
    case(
        "COR-01",
        "an allowed origin is named to the letter",
        CHECK,
        get("/probe/items/7", headers={"Origin": ORIGIN}),
        expect(200, headers={"Access-Control-Allow-Origin": ORIGIN, "Vary": match(token="Origin")}),
    ),
    case(
        "COR-02",
        "another origin is not named, and Vary stays",
        VARY,
        get("/probe/items/7", headers={"Origin": STRANGER}),
        expect(200, headers={"Access-Control-Allow-Origin": absent(), "Vary": match(token="Origin")}),
    ),
    case(
        "COR-03",
        "without an Origin none is named, and Vary stays",
        VARY,
        get("/probe/items/7"),
        expect(200, headers={"Access-Control-Allow-Origin": absent(), "Vary": match(token="Origin")}),
    ),
    _preflight("COR-04", "a preflight for an allowed method is granted, without content", PREFLIGHT, True),
    _preflight(
        "COR-04.fields",
        "a preflight for allowed fields is granted, in any case",
        PREFLIGHT,
        True,
        Access_Control_Request_Headers="content-type, AUTHORIZATION, last-event-id",
    ),
    _preflight(
        "COR-05", "a preflight for a method that the resource has not grants nothing", DENIED, False, method="PUT"
    ),
    _preflight(
        "COR-05.lower",
        "a preflight for a method in lower case grants nothing",
        "RFC 9110 section 9.1: the method token is case-sensitive.",
        False,
        method="post",
    ),
    _preflight(
        "COR-05.field",
        "a preflight for a field that is not allowed grants nothing",
        DENIED,
        False,
        Access_Control_Request_Headers="content-type, x-evil",
    ),
    _preflight("COR-05.origin", "a preflight of another origin grants nothing", DENIED, False, Origin=STRANGER),
    _preflight(
        "COR-06",
        "a preflight needs no credentials and reaches no endpoint",
        "WHATWG Fetch, CORS-preflight fetch: it carries no credentials, so it can't be asked for them.",
        True,
        target="/probe/raise/error",
    ),
    case(
        "COR-07",
        "OPTIONS that is no preflight reaches the resource",
        "RFC 9110 section 9.3.7: OPTIONS asks what the resource allows.",
        request("OPTIONS", "/health", headers={"Origin": ORIGIN}),
        expect(204, headers={"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Origin": ORIGIN}),
    ),
    case(
        "COR-07.no-origin",
        "OPTIONS with a requested method but no Origin is no preflight",
        "WHATWG Fetch, CORS protocol, HTTP requests: a CORS-preflight request has an Origin and an Access-Control-Request-Method.",
        request("OPTIONS", "/health", headers={"Access-Control-Request-Method": "GET"}),
        expect(204, headers={"Allow": "GET, HEAD, OPTIONS"}),
    ),
    case(
        "COR-08",
        "credentials are allowed to a named origin, never to *",
        "WHATWG Fetch, CORS protocol and credentials: with credentials the value `*` does not pass the CORS check.",
        get("/probe/items/7", headers={"Origin": ORIGIN, "Cookie": "a=1"}),
        expect(200, headers={"Access-Control-Allow-Origin": ORIGIN, "Access-Control-Allow-Credentials": "true"}),
    ),
    case(
        "COR-08.stranger",
        "credentials are not allowed to another origin",
        "WHATWG Fetch, CORS protocol and credentials: credentials need an origin that is named.",
        get("/probe/items/7", headers={"Origin": STRANGER, "Cookie": "a=1"}),
        expect(200, headers={"Access-Control-Allow-Origin": absent(), "Access-Control-Allow-Credentials": absent()}),
    ),
    case(
        "COR-09",
        "the origin `null` is not allowed",
        "RFC 6454 section 7.3: `null` is what any sandboxed page sends.",
        get("/probe/items/7", headers={"Origin": "null"}),
        expect(200, headers={"Access-Control-Allow-Origin": absent()}),
    ),
    *(
        case(
            f"COR-10.{name}",
            f"an origin with {what} is another origin",
            "RFC 6454 section 5: two origins are the same if scheme, host and port are identical.",
            get("/probe/items/7", headers={"Origin": origin}),
            expect(200, headers={"Access-Control-Allow-Origin": absent()}),
        )
        for name, what, origin in (
            ("scheme", "another scheme", "https://localhost:3000"),
            ("port", "another port", "http://localhost:3001"),
            ("no-port", "no port", "http://localhost"),
            ("case", "a host in upper case", "http://LOCALHOST:3000"),
            ("suffix", "more at its end", "http://localhost:3000.evil.example"),
            ("prefix", "more at its beginning", "http://evil-localhost:3000"),
            ("slash", "a slash at its end", "http://localhost:3000/"),
            ("two", "a second one after it", "http://localhost:3000 http://evil.example"),
        )
    ),
    case(
        "COR-11",
        "a page may read the request id",
        "WHATWG Fetch, CORS protocol, HTTP responses: only fields named in Access-Control-Expose-Headers can be read.",
        get("/probe/items/7", headers={"Origin": ORIGIN}),
        expect(200, headers={"Access-Control-Expose-Headers": match(token="X-Request-ID")}),
    ),
    *(
        case(
            f"COR-12.{name}",
            f"{what} allows the origin as well",
            CHECK,
            get(target, headers={"Origin": ORIGIN}),
            expect(status, headers={"Access-Control-Allow-Origin": ORIGIN, "Vary": match(token="Origin")}),
        )
        for name, what, target, status in (
            ("404", "an unknown path", "/nowhere", 404),
            ("500", "an unforeseen failure", "/probe/raise/error", 500),
            ("401", "a refusal", "/probe/status/401", 401),
            ("304", "304", "/probe/status/304", 304),
            ("events", "a stream of events", "/probe/events/1", 200),
            ("stream", "a stream of text", "/probe/stream/2", 200),
            ("ask", "a streamed answer", "/ask?query=list&query_id=q-1", 200),
            ("static", "a file", "/static/robots.txt", 200),
            ("missing", "a missing file", "/static/nowhere.txt", 404),
        )
    ),
    _preflight(
        "COR-13",
        "a preflight of an unknown path is answered without a grant",
        "Contract: 204 without a grant, so that a preflight does not tell which paths there are.",
        False,
        target="/nowhere",
    ),
    _preflight(
        "COR-14",
        "a preflight from a public to a private network is not granted",
        "WICG Private Network Access: without Access-Control-Allow-Private-Network the fetch fails.",
        False,
        Access_Control_Request_Private_Network="true",
    ),
)
