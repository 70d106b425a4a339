"""Which path reaches which endpoint, and what its variables hold."""

from __future__ import annotations

from samewire.cases import Case, case, empty, expect, get, head, json, match, problem, request

DECODING = "RFC 3986 section 2.4: a percent-encoded octet must not be decoded more than once."
RESERVED = "RFC 3986 section 2.2: a reserved character and its encoded form are not equivalent."
OWN = "Contract: "

CASES: tuple[Case, ...] = (
    case(
        "ROU-01",
        "a path that is a route's to the letter reaches its endpoint",
        "RFC 9110 section 7.1: the target resource is identified by the target URI.",
        get("/probe/methods"),
        expect(200, body=json({"/endpoint": "GET"})),
    ),
    case(
        "ROU-02",
        "an unknown path is 404 with a problem body",
        "RFC 9110 section 15.5.5: 404 says that no current representation was found; RFC 9457 gives the body.",
        get("/nowhere"),
        expect(404, body=problem(type="about:blank", title="Not Found")),
    ),
    case(
        "ROU-03",
        "the root answers",
        "RFC 9112 section 3.2.1: an empty path is sent as `/`.",
        head("/"),
        expect(200, headers={"Content-Type": "text/html; charset=utf-8"}),
    ),
    case(
        "ROU-04",
        "a literal segment beats a variable with an expression",
        OWN + "precedence does not depend on the order of registration.",
        get("/probe/items/me"),
        expect(200, body=json({"/literal": "/probe/items/me", "/params": {}})),
    ),
    case(
        "ROU-04.plain",
        "a literal segment beats a plain variable",
        OWN + "precedence does not depend on the order of registration.",
        get("/probe/names/me"),
        expect(200, body=json({"/literal": "/probe/names/me"})),
    ),
    case(
        "ROU-05",
        "a variable holds one segment, percent-decoded once",
        "RFC 3986 section 2.1: a percent-encoded octet stands for its octet.",
        get("/probe/names/a%20b"),
        expect(200, body=json({"/params/name": "a b"})),
    ),
    case(
        "ROU-05.empty",
        "a variable never holds an empty segment",
        OWN + "`{name}` is one segment that is not empty.",
        get("/probe/names/"),
        expect(404, body=problem()),
    ),
    case(
        "ROU-05.two",
        "a variable never spans two segments",
        OWN + "`{name}` is one segment.",
        get("/probe/names/a/b"),
        expect(404, body=problem()),
    ),
    case(
        "ROU-06",
        "an encoded slash is part of a segment and does not split it",
        RESERVED,
        get("/probe/names/a%2Fb"),
        expect(200, body=json({"/params/name": "a/b"})),
    ),
    case(
        "ROU-06.lower",
        "the hexadecimal digits of an encoded slash may be in lower case",
        "RFC 3986 section 2.1: the digits a to f are equivalent to A to F.",
        get("/probe/names/a%2fb"),
        expect(200, body=json({"/params/name": "a/b"})),
    ),
    case(
        "ROU-07",
        "percent-encoded UTF-8 in a segment arrives as Unicode text",
        "RFC 3986 section 2.5: a textual component is encoded as UTF-8 and then percent-encoded.",
        get("/probe/names/%E2%82%AC%F0%9F%98%80"),
        expect(200, body=json({"/params/name": "€😀"})),
    ),
    case(
        "ROU-08",
        "a percent sign without two hexadecimal digits is 400",
        'RFC 3986 section 2.1: pct-encoded = "%" HEXDIG HEXDIG; a malformed target is a bad request.',
        get("/probe/names/a%zz"),
        expect(400, body=problem()),
    ),
    case(
        "ROU-08.cut",
        "a percent sign at the end of the path is 400",
        'RFC 3986 section 2.1: pct-encoded = "%" HEXDIG HEXDIG.',
        get("/probe/names/a%4"),
        expect(400, body=problem()),
    ),
    case(
        "ROU-09",
        "a percent-encoded path that is not UTF-8 is 400",
        "RFC 3986 section 2.5, and the contract: what can't be a text is refused, never replaced.",
        get("/probe/names/%ff"),
        expect(400, body=problem()),
    ),
    case(
        "ROU-10",
        "a doubly encoded character is decoded once only",
        DECODING,
        get("/probe/names/%252e%252E"),
        expect(200, body=json({"/params/name": "%2e%2E"})),
    ),
    case(
        "ROU-10.slash",
        "a doubly encoded slash stays an encoded slash",
        DECODING,
        get("/probe/names/a%252Fb"),
        expect(200, body=json({"/params/name": "a%2Fb"})),
    ),
    case(
        "ROU-10.semicolon",
        "what stands after a semicolon belongs to its segment",
        "RFC 3986 section 3.3: a semicolon has no meaning of its own in a segment; parameters are the application's.",
        get("/probe/names/a;v=1"),
        expect(200, body=json({"/params/name": "a;v=1"})),
    ),
    case(
        "ROU-11",
        "a variable with an expression takes what matches it",
        OWN + "an expression holds for the whole segment.",
        get("/probe/items/42"),
        expect(200, body=json({"/params/id": "42"})),
    ),
    case(
        "ROU-11.mismatch",
        "a segment that does not match the expression is 404",
        OWN + "an expression holds for the whole segment.",
        get("/probe/items/42a"),
        expect(404, body=problem()),
    ),
    case(
        "ROU-11.newline",
        "an encoded line feed after a match does not match",
        OWN + "an expression is anchored at the very end, not before a last line feed.",
        get("/probe/items/42%0A"),
        expect(404, body=problem()),
    ),
    case(
        "ROU-12",
        "a tail takes all that follows, slashes included",
        OWN + "`{rest:.*}` may be any text.",
        get("/probe/tail/a/b/c"),
        expect(200, body=json({"/params/rest": "a/b/c"})),
    ),
    case(
        "ROU-12.empty",
        "a tail may be empty",
        OWN + "`{rest:.*}` may be any text.",
        get("/probe/tail/"),
        expect(200, body=json({"/params/rest": ""})),
    ),
    case(
        "ROU-19",
        "a route some segments deep is found",
        OWN + "areas of routes share prefixes.",
        get("/probe/status/200"),
        expect(200, body=json({"/status": 200})),
    ),
    case(
        "ROU-20",
        "a prefix holds by whole segments",
        OWN + "`/staticx` is not under `/static/`.",
        get("/staticx/robots.txt"),
        expect(404, body=problem()),
    ),
    case(
        "ROU-20.probe",
        "a longer last segment is another path",
        OWN + "`/probe/echoes` is not `/probe/echo`.",
        get("/probe/echoes"),
        expect(404, body=problem()),
    ),
    *(
        case(
            f"ROU-24.{name}",
            f"the methods of {path} are those of the one route table",
            OWN + "every server binds the same table; OPTIONS shows it.",
            request("OPTIONS", path),
            expect(204, headers={"Allow": match(equals=allow)}, body=empty()),
        )
        for name, path, allow in (
            ("page", "/", "GET, HEAD, OPTIONS"),
            ("health", "/health", "GET, HEAD, OPTIONS"),
            ("ready", "/ready", "GET, HEAD, OPTIONS"),
            ("metrics", "/metrics", "GET, HEAD, OPTIONS"),
            ("sites", "/sites", "GET, HEAD, OPTIONS"),
            ("who", "/who", "GET, HEAD, OPTIONS, POST"),
            ("ask", "/ask", "GET, HEAD, OPTIONS, POST"),
            ("static", "/static/robots.txt", "GET, HEAD, OPTIONS"),
            ("html", "/html/about.html", "GET, HEAD, OPTIONS"),
        )
    ),
)
