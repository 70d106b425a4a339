"""Limits of rates: exactly so many, then 429 with what to do about it."""

from __future__ import annotations

from samewire.cases import Case, Match, absent, case, expect, get, match, post, problem, request
from samewire.cases.model import Receive, Send

BURST = "RFC 6585 section 4; contract: five at once."
SAID = "draft-ietf-httpapi-ratelimit-headers: what is left, and when all of it is there again."
_PATH = "/probe/limited/${run}"
_POLICY = '"probe";q=5;w=3600'


def _left(number: int) -> dict[str, str | Match]:
    return {"RateLimit": match(matches=rf'"probe";r={number};t=\d+'), "RateLimit-Policy": _POLICY}


def _burst() -> tuple[Send | Receive, ...]:
    return tuple(step for _ in range(5) for step in (get(_PATH), expect(200)))


CASES: tuple[Case, ...] = (
    case("RAT-01", "five are let in and no more", BURST, *_burst(), get(_PATH), expect(429), get(_PATH), expect(429)),
    case(
        "RAT-02",
        "who is not let in is told when to come again",
        "RFC 6585 section 4; RFC 9110 section 10.2.3.",
        *_burst(),
        get(_PATH),
        expect(429, headers={"Retry-After": match(matches="[1-9][0-9]*")}, body=problem(title="Too Many Requests")),
    ),
    case(
        "RAT-03",
        "everybody is told what is left",
        SAID,
        *(step for left in (4, 3, 2, 1, 0) for step in (get(_PATH), expect(200, headers=_left(left)))),
        get(_PATH),
        expect(429, headers=_left(0)),
    ),
    case(
        "RAT-09",
        "no cache keeps a refusal",
        "RFC 6585 section 4: responses with the 429 status code must not be stored.",
        *_burst(),
        get(_PATH),
        expect(429, headers={"Cache-Control": "no-store"}),
    ),
    case(
        "RAT-06",
        "another key has a bucket of its own",
        BURST,
        *_burst(),
        get(f"{_PATH}-other"),
        expect(200, headers=_left(4)),
        post(_PATH, text=""),
        expect(429),
    ),
    case(
        "RAT-07",
        "a preflight takes nothing, and neither does what is not limited",
        "Contract: WHATWG fetch section 4.8, a preflight is not the request.",
        *(
            step
            for _ in range(6)
            for step in (
                request(
                    "OPTIONS",
                    _PATH,
                    headers={"Origin": "http://localhost:3000", "Access-Control-Request-Method": "GET"},
                ),
                expect(204, headers={"RateLimit": absent()}),
            )
        ),
        get("/health"),
        expect(200, headers={"RateLimit": absent()}),
        get(_PATH),
        expect(200, headers=_left(4)),
    ),
)
