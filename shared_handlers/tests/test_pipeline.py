"""The order of decisions, and what every answer carries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import orjson
import pytest

from shared_handlers.errors import HTTPError
from shared_handlers.policies import access
from shared_handlers.settings import Settings
from shared_handlers.testing import MemoryHost
from shared_handlers.version import VERSION


async def test_health_says_which_server_answers(host: MemoryHost) -> None:
    answer = await host.call("/health")
    assert answer.status == 200
    assert list(answer.json) == ["status", "server", "version", "uptime_seconds", "mode"]
    assert answer.json | {"uptime_seconds": 0} == {
        "status": "healthy", "server": "memory", "version": VERSION, "uptime_seconds": 0, "mode": "testing",
    }  # fmt: skip


def test_the_version_is_that_of_the_distribution() -> None:
    assert re.search(rf'^version = "{re.escape(VERSION)}"$', Path("pyproject.toml").read_text(), re.MULTILINE)


async def test_ready_is_200_until_a_drain_begins(host: MemoryHost) -> None:
    answer = await host.call("/ready")
    assert (answer.status, answer.json["status"], answer.json["checks"]["accepting"]) == (200, "ready", "ok")
    host.state.draining = True
    answer = await host.call("/ready")
    assert (answer.status, answer.json["status"], answer.json["checks"]["accepting"]) == (503, "not_ready", "draining")
    assert (await host.call("/health")).status == 200


async def test_ready_is_503_when_the_files_are_gone(host: MemoryHost, root: Path) -> None:
    root.rmdir()
    answer = await host.call("/ready")
    assert (answer.status, answer.json["checks"]["static"]) == (503, "failed")


async def test_an_unknown_path_is_a_404_problem(host: MemoryHost) -> None:
    answer = await host.call("/none")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this path.",
        "instance": "request-1",
    }


async def test_a_known_method_is_405_with_allow_and_an_unknown_one_501(host: MemoryHost) -> None:
    answer = await host.call("/health", "POST")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (await host.call("/health", "M-SEARCH")).status == 501
    assert (await host.call("/health", "get")).status == 501
    assert (await host.call("/none", "M-SEARCH")).status == 404


async def test_the_asterisk_is_answered_for_the_whole_server(host: MemoryHost) -> None:
    answer = await host.call("*", "OPTIONS")
    assert (answer.status, answer.headers["Allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
    assert (await host.call("*")).status == 400


async def test_a_content_declared_too_long_is_413_before_it_is_read(host: MemoryHost) -> None:
    assert (await host.call("/probe/ignore", "POST", [("Content-Length", "1048576")], [])).status == 200
    assert (await host.call("/probe/ignore", "POST", [("Content-Length", "1048577")], [])).status == 413


async def test_404_and_405_come_before_417_and_413(host: MemoryHost) -> None:
    fields = [("Expect", "bananas"), ("Content-Length", "9999999")]
    assert (await host.call("/none", "POST", fields, [])).status == 404
    assert (await host.call("/health", "POST", fields, [])).status == 405
    assert (await host.call("/probe/ignore", "POST", fields, [])).status == 417


async def test_a_malformed_head_is_refused_whatever_the_path(host: MemoryHost) -> None:
    assert (await host.call("/none%zz")).status == 400
    assert (await host.call("/health", version=(2, 0))).status == 505
    assert (await host.call("/health", headers=[("Host", "b")])).status == 400


async def test_every_answer_has_its_id_and_nosniff(host: MemoryHost) -> None:
    for path in ("/health", "/none", "/probe/raise/error", "/probe/stream/1"):
        answer = await host.call(path)
        assert answer.headers["X-Request-ID"] == "request-1"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("offered", ["a", "A.b_c-9", "x" * 64])
def test_an_acceptable_id_is_kept(host: MemoryHost, offered: str) -> None:
    assert host.pipeline.identify(fields({"X-Request-ID": offered})) == offered


@pytest.mark.parametrize("offered", ["", "x" * 65, "a b", "a\n", "é", "a/b"])
def test_any_other_id_is_replaced_by_a_new_one(host: MemoryHost, offered: str) -> None:
    first, second = (host.pipeline.identify(fields({"X-Request-ID": offered})) for _ in range(2))
    assert first != second
    assert re.fullmatch("[0-9a-f]{32}", first)


def test_bytes_that_never_became_a_request_get_a_whole_problem(host: MemoryHost) -> None:
    id, answer = host.pipeline.unparsed(HTTPError(400, "A field line is malformed."))
    found = dict(answer.headers)
    assert (answer.status, found["X-Request-ID"], found["Vary"]) == (400, id, "Origin")
    content = orjson.loads(cast(bytes, answer.body))
    assert (content["instance"], content["detail"]) == (id, "The request is malformed.")


def test_a_limit_that_was_passed_is_told(host: MemoryHost) -> None:
    _, answer = host.pipeline.unparsed(HTTPError(431, "There are more than 3 fields."))
    assert orjson.loads(cast(bytes, answer.body))["detail"] == "There are more than 3 fields."


@pytest.mark.parametrize(("mode", "shown"), [("development", True), ("production", False), ("testing", False)])
async def test_only_development_shows_an_exception(
    host: MemoryHost, settings: Settings, mode: str, shown: bool
) -> None:
    from shared_handlers.pipeline import Pipeline

    pipeline = Pipeline(settings.model_copy(update={"mode": mode}), host.services.log, host.services.metrics)
    content = orjson.loads(cast(bytes, pipeline.failure(RuntimeError("secret"), "a").body))
    assert ("exception" in content) is shown
    assert ("secret" in str(content)) is shown


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/a?acc%65ss_token=s3cret", "/a?acc%65ss_token=[redacted]"),
        ("/a?refresh_token=s3cret&b", "/a?refresh_token=[redacted]&b"),
        ("/a?+id_token=s3cret", "/a?+id_token=[redacted]"),
        ("http://u:s3cret@host/a@b", "http://[redacted]@host/a@b"),
        ("/a@b?tokens=1&token", "/a@b?tokens=1&token"),
    ],
)
def test_a_secret_in_a_target_is_not_logged_however_it_is_written(target: str, shown: str) -> None:
    assert access.redact(target) == shown


def test_one_record_is_one_line_with_secrets_redacted() -> None:
    target = "/a?code=s3cret&x=1&Access_Token=s3cret&q=é\r\n"
    log = access.record("id", "127.0.0.1", "GET", target, "1.1", 200, 5, 0.25, 'agent "\r\n\x1b \udce9', "memory")
    assert b"\n" not in log
    record = orjson.loads(log)
    assert b"s3cret" not in log
    assert record["target"] == "/a?code=[redacted]&x=1&Access_Token=[redacted]&q=é\r\n"
    assert record | {"time": 0} == {
        "time": 0, "event": "access", "id": "id", "peer": "127.0.0.1", "method": "GET", "target": record["target"],
        "version": "1.1", "status": 200, "bytes": 5, "seconds": 0.25, "user_agent": 'agent "\r\n\x1b ?', "server": "memory",
    }  # fmt: skip


def test_a_failure_with_text_that_is_no_unicode_is_logged_all_the_same(host: MemoryHost, settings: Settings) -> None:
    host.services.log.failure("failed", RuntimeError("\udce9"))
    assert (
        orjson.loads(cast(Path, settings.server.logging.file).read_text().replace("\\udce9", "x"))["event"] == "error"
    )


def fields(given: dict[str, str]):  # type: ignore[no-untyped-def]
    from multidict import CIMultiDict, CIMultiDictProxy

    return CIMultiDictProxy(CIMultiDict(given))
