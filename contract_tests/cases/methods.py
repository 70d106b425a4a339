"""Methods: which are known, which are allowed, which carry content."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines, without
from samewire.cases import Case, Content, case, ends, expect, get, json, match, post, problem, raw, request

ALLOW = "RFC 9110 section 15.5.6: the origin server must generate an Allow field in a 405 response."
CASE = "RFC 9110 section 9.1: the method token is case-sensitive."
GET_BODY = (
    "RFC 9110 section 9.3.1: content in a GET request has no defined semantics; the framing is still independent."
)

CASES: tuple[Case, ...] = (
    *(
        case(
            f"MET-01.{method.lower()}",
            f"{method} reaches the endpoint registered for it",
            "RFC 9110 section 9: the method says what is asked of the resource (PATCH: RFC 5789).",
            request(method, "/probe/methods"),
            expect(200, body=json({"/endpoint": method, "/method": method})),
        )
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
    ),
    case(
        "MET-02",
        "a method that the resource has not is 405 and Allow lists those that it has, sorted",
        ALLOW,
        post("/health"),
        expect(405, headers={"Allow": "GET, HEAD, OPTIONS"}, body=problem(title="Method Not Allowed")),
    ),
    case(
        "MET-02.two",
        "Allow lists every registered method, with HEAD and OPTIONS",
        ALLOW,
        request("DELETE", "/ask"),
        expect(405, headers={"Allow": "GET, HEAD, OPTIONS, POST"}, body=problem()),
    ),
    case(
        "MET-02.post-only",
        "Allow has no HEAD where there is no GET",
        ALLOW,
        get("/probe/json"),
        expect(405, headers={"Allow": "OPTIONS, POST"}, body=problem()),
    ),
    case(
        "MET-03",
        "a wrong method on a path with a variable is 405, not 404",
        ALLOW,
        request("PUT", "/probe/items/42"),
        expect(405, headers={"Allow": "GET, HEAD, OPTIONS"}, body=problem()),
    ),
    case(
        "MET-03.deep",
        "a wrong method on a path under a tail is 405, not 404",
        ALLOW,
        request("PATCH", "/probe/tail/a/b"),
        expect(405, headers={"Allow": "GET, HEAD, OPTIONS"}, body=problem()),
    ),
    case(
        "MET-04",
        "a method that no server here knows is refused ahead of any endpoint",
        "RFC 9110 section 9.1: 501 is asked for, 400 is given: the parser of one host knows methods by name (contract).",
        request("BREW", "/probe/echo"),
        expect((400, 501), body=problem()),
    ),
    case(
        "MET-05",
        "a method with a hyphen reaches an endpoint that takes any method",
        "RFC 9110 section 5.6.2: `-` is a token character.",
        request("M-SEARCH", "/probe/any"),
        expect(200, body=json({"/method": "M-SEARCH"})),
    ),
    case(
        "MET-05.refused",
        "a method with a hyphen is 501 where no resource names it",
        "RFC 9110 section 9.1: a method that is recognised but not implemented should be 501.",
        request("M-SEARCH", "/health"),
        expect(501, body=problem()),
    ),
    case("MET-06", "`get` is not GET", CASE, request("get", "/probe/echo"), expect((400, 501), body=problem())),
    case("MET-06.mixed", "`Get` is not GET", CASE, request("Get", "/probe/echo"), expect((400, 501), body=problem())),
    *(
        case(
            f"MET-07.{method.lower()}",
            f"an endpoint for any method is reached by {method}",
            "Contract: a wildcard route takes every method that the servers know.",
            request(method, "/probe/any"),
            expect(200, body=json({"/method": method})),
        )
        for method in ("PROPFIND", "PURGE", "SEARCH", "LOCK")
    ),
    case(
        "MET-08",
        "CONNECT is refused, and its authority is no path",
        "RFC 9110 section 9.3.6: CONNECT is for proxies; an origin server may not implement it.",
        raw(lines("CONNECT ${host} HTTP/1.1", "Host: ${host}")),
        expect((405, 501), body=problem()),
    ),
    case(
        "MET-08.path",
        "CONNECT with a path is refused as well",
        "RFC 9112 section 3.2.3: authority-form is only used for CONNECT, and CONNECT uses only it.",
        raw(lines("CONNECT /probe/any HTTP/1.1", "Host: ${host}")),
        expect((400, 405, 501), body=problem()),
    ),
    case(
        "MET-09",
        "TRACE is refused and never echoes what it was sent",
        "RFC 9110 section 9.3.8: a client must not send credentials in TRACE; a server that never echoes can't leak them.",
        request("TRACE", "/probe/any", headers={"Authorization": "Bearer very-secret"}),
        expect((405, 501), body=Content(problem=True, text=without("very-secret"))),
    ),
    case(
        "MET-10",
        "the content of a GET does not become the next request",
        GET_BODY,
        get("/probe/items/7", text="GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"),
        expect(200, body=json({"/params/id": "7"})),
        *follow_up(),
    ),
    case(
        "MET-10.chunked",
        "the chunked content of a GET does not become the next request",
        GET_BODY,
        get("/probe/items/7", text="hello", chunks=[2]),
        expect(200, body=json({"/params/id": "7"})),
        *follow_up(),
    ),
    case(
        "MET-10.read",
        "an endpoint may read the content of a GET",
        GET_BODY,
        get("/probe/echo", text="hello"),
        expect(200, body=json({"/body/length": 5})),
        *follow_up(),
    ),
    case(
        "MET-11",
        "the content of a DELETE keeps its framing",
        "RFC 9110 section 9.3.5: content in a DELETE request has no defined semantics; the framing holds all the same.",
        request("DELETE", "/probe/methods", text="hello"),
        expect(200, body=json({"/method": "DELETE"})),
        *follow_up(),
    ),
    case(
        "MET-11.chunked",
        "the chunked content of a DELETE keeps its framing",
        "RFC 9110 section 9.3.5: content in a DELETE request has no defined semantics; the framing holds all the same.",
        request("DELETE", "/probe/methods", text="hello", chunks=[1]),
        expect(200, body=json({"/method": "DELETE"})),
        *follow_up(),
    ),
    case(
        "MET-12",
        "X-HTTP-Method-Override changes nothing",
        "Contract: the method is the one in the request line.",
        post("/probe/methods", headers={"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}),
        expect(200, body=json({"/endpoint": "POST", "/method": "POST"})),
    ),
    case(
        "MET-13",
        "a resource with several methods names them all in a 405",
        ALLOW,
        get("/probe/upload"),
        expect(405, headers={"Allow": match(equals="OPTIONS, POST, PUT")}, body=problem()),
    ),
    case(
        "MET-13.kept",
        "the connection goes on after a 405",
        "RFC 9112 section 9.3: persistence does not depend on the status.",
        post("/health"),
        expect(405),
        *follow_up(),
        ends("reusable"),
    ),
)
