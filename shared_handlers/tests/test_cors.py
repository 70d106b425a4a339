"""The cross-origin policy on whole answers."""

from __future__ import annotations

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.policies.cors import Policy
from shared_handlers.testing import MemoryHost

ORIGIN = "https://app.example"
PREFLIGHT = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


def granted(headers: CIMultiDict[str]) -> set[str]:
    return {name.lower() for name in headers if name.lower().startswith("access-control-")}


async def test_an_allowed_origin_is_named_on_answers_and_errors(host: MemoryHost) -> None:
    for path, status in [("/health", 200), ("/none", 404), ("/probe/raise/error", 500), ("/probe/events/1", 200)]:
        answer = await host.call(path, headers=[("Origin", ORIGIN)])
        assert answer.status == status
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.evil",
        "https://evil.example",
        "http://app.example",
        "https://app.example:444",
        "HTTPS://APP.EXAMPLE",
        "https://app.example/",
        "",
    ],
)
async def test_any_other_origin_gets_nothing_but_vary(host: MemoryHost, origin: str) -> None:
    answer = await host.call("/health", headers=[("Origin", origin)])
    assert granted(answer.headers) == set()
    assert answer.headers["Vary"] == "Origin"


async def test_without_an_origin_nothing_is_granted_but_vary_is_there(host: MemoryHost) -> None:
    answer = await host.call("/health")
    assert granted(answer.headers) == set()
    assert answer.headers["Vary"] == "Origin"


async def test_two_origin_lines_are_no_origin(host: MemoryHost) -> None:
    answer = await host.call("/health", headers=[("Origin", ORIGIN), ("Origin", ORIGIN)])
    assert granted(answer.headers) == set()


async def test_the_null_origin_is_allowed_where_it_is_listed_only(host: MemoryHost) -> None:
    assert (await host.call("/health", headers=[("Origin", "null")])).headers["Access-Control-Allow-Origin"] == "null"
    fields = Policy(enabled=True, origins=(ORIGIN,)).fields(CIMultiDictProxy(CIMultiDict(Origin="null")), None)
    assert fields == (("Vary", "Origin"),)


def preflight(*more: tuple[str, str], origin: str = ORIGIN, method: str = "POST") -> list[tuple[str, str]]:
    return [("Origin", origin), ("Access-Control-Request-Method", method), *more]


async def test_a_preflight_is_granted_with_methods_headers_and_age(host: MemoryHost) -> None:
    wanted = ("Access-Control-Request-Headers", "content-type, X-Request-ID")
    answer = await host.call("/probe/json", "OPTIONS", preflight(wanted))
    assert (answer.status, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["Access-Control-Allow-Methods"] == "OPTIONS, POST"
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Max-Age"] == "600"
    assert answer.headers["Vary"] == PREFLIGHT


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/probe/json", preflight(method="DELETE")),
        ("/probe/json", preflight(method="")),
        ("/probe/json", preflight(("Access-Control-Request-Headers", "X-Evil"))),
        ("/probe/json", preflight(origin="https://evil.example")),
        ("/probe/json", preflight(("Access-Control-Request-Private-Network", "true"))),
        ("/none", preflight()),
    ],
)
async def test_a_refused_preflight_is_204_without_any_grant(
    host: MemoryHost, path: str, fields: list[tuple[str, str]]
) -> None:
    answer = await host.call(path, "OPTIONS", fields)
    assert (answer.status, answer.content) == (204, b"")
    assert granted(answer.headers) == set()
    assert answer.headers["Vary"] == PREFLIGHT


async def test_a_wildcard_route_grants_any_method(host: MemoryHost) -> None:
    answer = await host.call("/probe/any", "OPTIONS", preflight(method="PATCH"))
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize("fields", [[("Origin", ORIGIN)], [("Access-Control-Request-Method", "GET")]])
async def test_other_options_reach_the_application(host: MemoryHost, fields: list[tuple[str, str]]) -> None:
    answer = await host.call("/health", "OPTIONS", fields)
    assert (answer.status, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert (await host.call("/none", "OPTIONS", fields)).status == 404


def headers(origin: str = ORIGIN) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict(Origin=origin))


def test_every_origin_is_answered_by_a_star_when_all_are_allowed() -> None:
    policy = Policy(enabled=True, origins=("*",))
    fields = dict(policy.fields(headers(), "Accept"))
    assert fields["Access-Control-Allow-Origin"] == "*"
    assert fields["Vary"] == "Accept"
    assert "Access-Control-Allow-Credentials" not in fields


def test_a_policy_that_is_off_adds_nothing() -> None:
    policy = Policy(enabled=False, origins=(ORIGIN,))
    assert policy.fields(headers(), None) == ()
    assert policy.fields(headers(), "Accept") == (("Vary", "Accept"),)


@pytest.mark.parametrize(
    ("own", "merged"),
    [
        (None, "Origin"),
        ("Accept", "Origin, Accept"),
        ("Accept, origin, accept", "Origin, Accept"),
        ("*", "*"),
        (" ,", "Origin"),
    ],
)
def test_vary_keeps_its_names_once(own: str | None, merged: str) -> None:
    (field,) = Policy(enabled=True).fields(None, own)
    assert field[0] == "Vary"
    assert field[1].lower() == merged.lower()
