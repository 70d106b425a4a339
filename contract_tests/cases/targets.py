"""The request target: its forms, its slashes, its case."""

from __future__ import annotations

from contract_tests.shorthand import lines
from samewire.cases import Case, absent, case, expect, get, json, problem, raw

OWN = "Contract: "

CASES: tuple[Case, ...] = (
    case(
        "ROU-13",
        "two dots inside a segment are no traversal",
        "RFC 3986 section 5.2.4: only whole segments `.` and `..` are dot-segments.",
        get("/probe/names/a..b"),
        expect(200, body=json({"/params/name": "a..b"})),
    ),
    case(
        "ROU-14",
        "a slash at the end makes another path",
        OWN + "there is no redirect from one to the other (RFC 9110 section 15.4.9 would allow it).",
        get("/health/"),
        expect(404, headers={"Location": absent()}, body=problem()),
    ),
    case(
        "ROU-15",
        "two slashes at the beginning are a path, and not the path with one",
        "RFC 9112 section 3.2.1: origin-form begins with an absolute path, which has no authority in it.",
        get("//probe/echo"),
        expect(404, body=problem()),
    ),
    case(
        "ROU-16",
        "no redirect is built from a path that looks like an authority",
        "RFC 9112 section 3.2.1: origin-form has no authority in it; sending it back as Location would be an open redirect.",
        get("//evil.example/health"),
        expect(404, headers={"Location": absent()}, body=problem()),
    ),
    case(
        "ROU-16.static",
        "the redirect to a directory is no open redirect either",
        "RFC 9112 section 3.2.1: origin-form has no authority in it.",
        get("//static/guide"),
        expect(404, headers={"Location": absent()}, body=problem()),
    ),
    case(
        "ROU-17",
        "a target in absolute form is routed by its path and query",
        "RFC 9112 section 3.2.2: a server must accept the absolute-form in requests.",
        raw(lines("GET http://${host}/probe/echo?a=1 HTTP/1.1", "Host: ${host}")),
        expect(200, body=json({"/path": "/probe/echo", "/query_string": "a=1"})),
    ),
    case(
        "ROU-17.authority",
        "the authority of an absolute target counts, not the Host field",
        "RFC 9112 section 3.2.2: an origin server must ignore the received Host field and use the target's host.",
        raw(lines("GET http://${host}/probe/items/42 HTTP/1.1", "Host: other.example")),
        expect(200, body=json({"/params/id": "42"})),
    ),
    case(
        "ROU-17.empty",
        "an absolute target without a path is the root",
        "RFC 9110 section 4.2.3: an empty path is equivalent to `/` in the http scheme.",
        raw(lines("OPTIONS http://${host}?a=1 HTTP/1.1", "Host: ${host}")),
        expect(204, headers={"Allow": "GET, HEAD, OPTIONS"}),
    ),
    case(
        "ROU-18",
        "paths are case-sensitive",
        "RFC 9110 section 4.2.3: all but scheme and host are compared in a case-sensitive manner.",
        get("/Health"),
        expect(404, body=problem()),
    ),
    case(
        "ROU-18.encoded",
        "an unreserved character may be percent-encoded",
        "RFC 9110 section 4.2.3: characters other than the reserved ones are equivalent to their encoded octets.",
        get("/%73ites"),
        expect(200, body=json({"/message-type": "sites"})),
    ),
)
