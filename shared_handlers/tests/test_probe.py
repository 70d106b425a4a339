"""The probe endpoints, without a server."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import cast

import pytest

from shared_handlers.routes import Route
from shared_handlers.services import Services, open_services
from shared_handlers.settings import Settings
from shared_handlers.table import routes
from shared_handlers.testing import MemoryHost

JSON = ("Content-Type", "application/json")


async def test_probes_exist_in_testing_only(services: Services, settings: Settings) -> None:
    def probes(table: tuple[Route, ...]) -> int:
        return sum(route.pattern.startswith("/probe/") for route in table)

    assert probes(routes(services)) > 30
    async with open_services(settings.model_copy(update={"mode": "production"}), services.log) as others:
        assert probes(routes(others)) == 0


async def test_a_name_belongs_to_one_pattern(services: Services) -> None:
    patterns: dict[str, set[str]] = {}
    for route in routes(services):
        patterns.setdefault(route.name, set()).add(route.pattern)
    assert [name for name, found in patterns.items() if not name or len(found) > 1] == []


async def test_echo_shows_the_request_as_it_arrived(host: MemoryHost) -> None:
    fields = [("X-A", "1"), ("x-a", "2"), ("X-Latin", "\udce9"), ("Content-Length", "3")]
    answer = await host.call("/probe/echo?b=1&a=+%2B&b=", "PATCH", fields, [b"ab", b"c"])
    assert answer.json == {
        "method": "PATCH",
        "target": "/probe/echo?b=1&a=+%2B&b=",
        "path": "/probe/echo",
        "query_string": "b=1&a=+%2B&b=",
        "query": [["b", "1"], ["a", " +"], ["b", ""]],
        "version": "1.1",
        "headers": [["host", "localhost"], ["x-a", "1"], ["x-a", "2"], ["x-latin", "\ufffd"], ["content-length", "3"]],
        "body": {"length": 3, "sha256": hashlib.sha256(b"abc").hexdigest()},
    }


async def test_content_comes_back_to_the_byte(host: MemoryHost) -> None:
    assert (await host.call("/probe/mirror", "POST", body=[bytes(range(256))])).content == bytes(range(256))
    assert (await host.call("/probe/duplex", "POST", body=[b"a", b"b"])).content == b"ab"
    upload = await host.call("/probe/upload", "PUT", body=[b"ab", b"c"])
    assert upload.json == {"length": 3, "sha256": hashlib.sha256(b"abc").hexdigest()}


async def test_json_and_forms_are_read(host: MemoryHost) -> None:
    assert (await host.call("/probe/json", "POST", [JSON], [b"[1, null]"])).json == {"value": [1, None]}
    form = ("Content-Type", "application/x-www-form-urlencoded")
    assert (await host.call("/probe/form", "POST", [form], [b"a=1&a=2"])).json == {"pairs": [["a", "1"], ["a", "2"]]}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("items/42", {"params": {"id": "42"}}),
        ("items/me", {"literal": "/probe/items/me", "params": {}}),
        ("names/me", {"literal": "/probe/names/me", "params": {}}),
        ("names/a%2Fb", {"params": {"name": "a/b"}}),
        ("names/%252e", {"params": {"name": "%2e"}}),
        ("names/%C3%A9", {"params": {"name": "é"}}),
        ("names/a..b", {"params": {"name": "a..b"}}),
        ("tail/", {"params": {"rest": ""}}),
        ("tail/a/b%2Fc", {"params": {"rest": "a/b/c"}}),
    ],
)
async def test_patterns_give_their_variables(host: MemoryHost, path: str, expected: object) -> None:
    assert (await host.call(f"/probe/{path}")).json == expected


@pytest.mark.parametrize(
    "path", ["items/x", "items/4%0A", "items/", "names/", "names/a/b", "Any", "any/", "/any", "tail"]
)
async def test_what_no_pattern_matches_is_404(host: MemoryHost, path: str) -> None:
    assert (await host.call(f"/probe/{path}")).status == 404


@pytest.mark.parametrize("code", [200, 201, 202, 206, 226, 299, 300, 404, 418, 451, 500, 511, 599])
async def test_a_status_is_answered_with_content(host: MemoryHost, code: int) -> None:
    answer = await host.call(f"/probe/status/{code}")
    assert answer.status == code
    assert answer.json["status"] == code


@pytest.mark.parametrize(
    ("code", "field"),
    [
        (201, "Location"), (308, "Location"), (401, "WWW-Authenticate"), (405, "Allow"), (407, "Proxy-Authenticate"),
        (416, "Content-Range"), (426, "Upgrade"), (429, "Retry-After"), (503, "Retry-After"), (304, "ETag"),
    ],
)  # fmt: skip
async def test_a_status_comes_with_the_field_it_needs(host: MemoryHost, code: int, field: str) -> None:
    assert field in (await host.call(f"/probe/status/{code}")).headers


@pytest.mark.parametrize("code", [204, 205, 304])
async def test_a_status_without_content_has_none(host: MemoryHost, code: int) -> None:
    answer = await host.call(f"/probe/status/{code}")
    assert (answer.status, answer.content) == (code, b"")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("code", ["100", "101", "000", "600", "999"])
async def test_what_is_no_final_status_is_400(host: MemoryHost, code: str) -> None:
    assert (await host.call(f"/probe/status/{code}")).status == 400


async def test_a_raised_problem_equals_the_returned_one(host: MemoryHost) -> None:
    assert await host.call("/probe/raise/http") == await host.call("/probe/raise/return")
    assert (await host.call("/probe/raise/http")).status == 409


@pytest.mark.parametrize(
    "kind", ["error", "none", "text", "header", "header-name", "location", "cookie", "connection", "length"]
)
async def test_an_endpoints_fault_is_a_500_that_tells_nothing(host: MemoryHost, kind: str, settings: Settings) -> None:
    answer = await host.call(f"/probe/raise/{kind}")
    assert answer.status == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(answer.json) == {"type", "title", "status", "detail", "instance"}
    assert "X-Injected" not in answer.headers
    assert b"secret" not in answer.content
    assert "Traceback" in cast(Path, settings.server.logging.file).read_text()


async def test_nan_is_never_written(host: MemoryHost) -> None:
    assert (await host.call("/probe/nan")).content == b'{"nan":null,"infinity":null}'


async def test_cookies_are_read_and_set(host: MemoryHost) -> None:
    answer = await host.call("/probe/cookies", headers=[("Cookie", "a=1; b=x=y; c"), ("Cookie", "a=2; =d")])
    assert answer.json == {"cookies": {"a": "1", "b": "x=y"}}
    assert len(answer.headers.getall("Set-Cookie")) == 4


@pytest.mark.parametrize(("count", "expected"), [("0", 200), ("16777216", 200), ("16777217", 400), ("9" * 5000, 400)])
async def test_bytes_are_counted_and_bounded(host: MemoryHost, count: str, expected: int) -> None:
    answer = await host.call(f"/probe/bytes/{count}")
    assert answer.status == expected
    assert expected != 200 or len(answer.content) == int(count)


async def test_bytes_are_the_same_each_time(host: MemoryHost) -> None:
    assert (await host.call("/probe/bytes/300")).content == bytes(range(256)) + bytes(range(44))


async def test_methods_reach_their_own_endpoints(host: MemoryHost) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        assert (await host.call("/probe/methods", method)).json == {"endpoint": method, "method": method}
    assert (await host.call("/probe/methods", "POST", [("X-HTTP-Method-Override", "DELETE")])).json[
        "endpoint"
    ] == "POST"
    assert (await host.call("/probe/any", "BREW")).json == {"method": "BREW"}


async def test_a_counter_counts_what_was_executed(host: MemoryHost) -> None:
    assert (await host.call("/probe/counter/a", "POST")).json == {"count": 1}
    assert (await host.call("/probe/counter/a")).json == {"count": 1}
    assert (await host.call("/probe/counter/b")).json == {"count": 0}
