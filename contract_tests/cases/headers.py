"""Header fields, received and sent."""

from __future__ import annotations

from contract_tests.shorthand import lines
from samewire.cases import Case, case, ends, expect, get, json, match, problem, raw

NAME = "RFC 9110 section 5.1: field names are case-insensitive."
OWS = "RFC 9112 section 5.1: optional whitespace around a field value is not part of it."
HOST = "RFC 9112 section 3.2: a request that lacks Host, has several or an invalid one must be answered with 400."


def _echo(*fields: str) -> str:
    return lines("GET /probe/echo HTTP/1.1", "Host: ${host}", *fields)


CASES: tuple[Case, ...] = (
    case(
        "HDR-01",
        "a field's name is the same in any case",
        NAME,
        get("/probe/items/7", headers={"x-rEQUEST-iD": "chosen-by-the-client"}),
        expect(200, headers={"X-Request-ID": "chosen-by-the-client"}),
    ),
    case(
        "HDR-02",
        "spaces and tabs around a value are not part of it",
        OWS,
        raw(_echo("X-Thing: \t  a b \t ")),
        expect(200, body=json({"/headers/1": ["x-thing", "a b"]})),
    ),
    case(
        "HDR-02.none",
        "no space is needed after the colon",
        OWS,
        raw(_echo("X-Thing:a")),
        expect(200, body=json({"/headers/1": ["x-thing", "a"]})),
    ),
    case(
        "HDR-03",
        "a repeated field keeps all its lines in order",
        "RFC 9110 section 5.3: the order in which lines of one name are received is significant.",
        get("/probe/echo", headers=[("X-Thing", "a"), ("X-Other", "b"), ("X-Thing", "c")]),
        expect(
            200,
            body=json({"/headers/1": ["x-thing", "a"], "/headers/2": ["x-other", "b"], "/headers/3": ["x-thing", "c"]}),
        ),
    ),
    case(
        "HDR-03.authorization",
        "the credentials that are sent reach the endpoint as they are",
        "RFC 9110 section 11.6.2: Authorization is the client's, and an origin server's handler reads it as it was sent.",
        get("/probe/echo", headers={"Authorization": "Basic YTpi"}),
        expect(200, body=json({"/headers/1": ["authorization", "Basic YTpi"]})),
    ),
    case(
        "HDR-04",
        "two Cookie lines are one list of cookies",
        "RFC 6265bis section 5.8 allows one line; RFC 9113 section 8.2.3 joins several with `; `.",
        get("/probe/cookies", headers=[("Cookie", "a=1"), ("Cookie", "b=2; c=3")]),
        expect(200, body=json({"/cookies": {"a": "1", "b": "2", "c": "3"}})),
    ),
    case(
        "HDR-05",
        "each Set-Cookie has a line of its own, in order",
        "RFC 9110 section 5.3: Set-Cookie can't be combined into one line.",
        get("/probe/cookies"),
        expect(
            200,
            headers={
                "Set-Cookie": match(
                    lines=[
                        "first=1; Path=/; HttpOnly",
                        "second=two; Path=/probe; SameSite=Lax",
                        "first=again; Path=/; Max-Age=60",
                        "third=3; Path=/; Secure",
                    ]
                )
            },
        ),
    ),
    case(
        "HDR-06",
        "a byte beyond ASCII in a value is taken as it is",
        "RFC 9110 section 5.5: a recipient should treat other octets (obs-text) as opaque data.",
        raw(_echo("X-Thing: caf\xe9")),
        expect(200, body=json({"/headers/1": ["x-thing", "caf\ufffd"]})),
    ),
    case(
        "HDR-06.utf8",
        "UTF-8 in a value is read as text",
        "RFC 9110 section 5.5: obs-text is opaque; the contract reads it as UTF-8 where it is.",
        raw(_echo("X-Thing: caf\xc3\xa9")),
        expect(200, body=json({"/headers/1": ["x-thing", "café"]})),
    ),
    case(
        "HDR-07",
        "a field may be empty",
        "RFC 9110 section 5.5: field-value = *field-content.",
        raw(_echo("X-Thing:", "X-Other:   ")),
        expect(200, body=json({"/headers/1": ["x-thing", ""], "/headers/2": ["x-other", ""]})),
    ),
    case(
        "HDR-08",
        "a request of HTTP/1.1 without Host is 400 and the connection ends",
        HOST,
        get("/probe/items/7", host=False),
        expect(400, headers={"Connection": match(token="close")}, body=problem()),
        ends("closed"),
    ),
    case(
        "HDR-09",
        "two Host lines are 400",
        HOST,
        raw(lines("GET /health HTTP/1.1", "Host: ${host}", "Host: other.example")),
        expect(400, body=problem()),
    ),
    case(
        "HDR-09.same",
        "two equal Host lines are 400",
        HOST,
        raw(lines("GET /health HTTP/1.1", "Host: ${host}", "Host: ${host}")),
        expect(400, body=problem()),
    ),
    *(
        case(
            f"HDR-10.{name}",
            f"a Host with {what} is 400",
            HOST,
            get("/probe/items/7", headers={"Host": value}),
            expect(400, body=problem()),
        )
        for name, what, value in (
            ("space", "a space in it", "a b"),
            ("path", "a path", "a.example/b"),
            ("user", "a user", "user@a.example"),
            ("comma", "a comma", "a.example, b.example"),
            ("port", "a port that is no number", "a.example:http"),
            ("range", "a port beyond 65535", "a.example:65536"),
            ("bracket", "half an IPv6 address", "[::1"),
        )
    ),
    *(
        case(
            f"HDR-10.{name}",
            f"a Host that is {what} is accepted",
            'RFC 9110 section 7.2: Host = uri-host [ ":" port ].',
            get("/probe/items/7", headers={"Host": value}),
            expect(200),
        )
        for name, what, value in (
            ("ipv6", "an IPv6 address", "[::1]:8080"),
            ("name", "a name without a port", "a.example"),
            ("empty-port", "a name with an empty port", "a.example:"),
        )
    ),
    case(
        "HDR-11",
        "an empty Host is 400",
        "RFC 9110 section 7.2: Host is empty where the target has no authority, which an http URI always has (contract).",
        raw(lines("GET /health HTTP/1.1", "Host:")),
        expect(400, body=problem()),
    ),
)
