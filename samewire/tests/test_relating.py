"""Derived cases on real servers: what is right on one side, and wrong on another or on both, is told where it is."""

from __future__ import annotations

import re
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from datetime import date

import pytest

from samewire.cases import case, expect, get
from samewire.config import Config
from samewire.engine import Done, Progress, Session, check_target, diff
from samewire.launch import Running
from samewire.relating import check_related, diff_related
from samewire.relations import RelationSettings
from samewire.result import CheckResult, DiffResult
from samewire.tests.scripted import Script, Serve

CONTENT = b"0123456789"
CASE = case("FIL-01", "a file", "why", get("/file"), expect(200))
DATE = b"Date: Fri, 02 Jan 2026 03:04:05 GMT\r\n"
Answer = Callable[[str, dict[str, str]], bytes]


def file_server(spoil: Callable[[str, dict[str, str], bytes], bytes] = lambda method, fields, answer: answer) -> Script:
    """A server of one file that does HEAD, conditions and single ranges rightly, but for what `spoil` makes of it."""

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method = head.split()[0]
            lines = (line.split(": ", 1) for line in head.split("\r\n")[1:-2])
            fields = {name.lower(): value for name, value in lines}
            writer.write(spoil(method, fields, right(method, fields)))
            await writer.drain()
            if fields.get("connection") == "close":
                return

    return script


def right(method: str, fields: dict[str, str]) -> bytes:
    if method == "OPTIONS":
        return made(b"204 No Content", b"Allow: GET, HEAD, OPTIONS")
    if method == "GET" and ("if-match" in fields and fields["if-match"] != '"v1"'):
        return made(b"412 Precondition Failed", b"Content-Length: 0")
    if method == "GET" and '"v1"' in fields.get("if-none-match", "") + '"v1"' * (fields.get("if-none-match") == "*"):
        return made(b"304 Not Modified", b'ETag: "v1"')
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", fields.get("range", ""))
    if method == "GET" and asked and fields.get("if-range", '"v1"') == '"v1"':
        first, last = int(asked[1]), min(int(asked[2] or 9), 9)
        if first > 9:
            return made(b"416 Range Not Satisfiable", b"Content-Range: bytes */10\r\nContent-Length: 0")
        part = CONTENT[first : last + 1]
        lines = b'ETag: "v1"\r\nContent-Range: bytes %d-%d/10\r\nContent-Length: %d' % (first, last, len(part))
        return made(b"206 Partial Content", lines, part)
    lines = b'ETag: "v1"\r\nAccept-Ranges: bytes\r\nContent-Type: text/plain\r\nContent-Length: 10'
    return made(b"200 OK", lines, CONTENT if method == "GET" else b"")


def made(status: bytes, lines: bytes, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\n" + DATE + lines + b"\r\n\r\n" + body


def quiet(_name: str, _total: int) -> Progress:
    def told(_: Done) -> None:
        pass

    return told


async def running(serve: Serve, script: Script, name: str) -> Running:
    address = await serve(script)
    return Running(name, f"http://{address.authority}", address, "/file", None, False)


async def related(serve: Serve, old: Script, new: Script, **settings: object) -> DiffResult:
    servers = await running(serve, old, "old"), await running(serve, new, "new")
    session = Session(Config(), date(2026, 1, 2))
    found = await diff(session, *servers, [CASE], quiet("", 0))
    wanted = RelationSettings.model_validate(settings)
    return await diff_related(session, *servers, [CASE], found, wanted, quiet)


async def checked(serve: Serve, script: Script) -> CheckResult:
    server = await running(serve, script, "here")
    session = Session(Config(), date(2026, 1, 2))
    first = await check_target(session, server, [CASE], quiet("", 0))
    (found,) = await check_related(session, [server], [CASE], [first], RelationSettings(), quiet)
    return found


async def test_a_right_server_fails_none_and_what_it_supports_is_counted(serve: Serve) -> None:
    found = await checked(serve, file_server())
    assert [(one.case, one.run.failures) for one in found.failed] == []
    shown = {one.relation: (one.asked, one.shown) for one in found.relations}
    assert len(shown) == len(found.cases) - 1
    assert shown["if-none-match"] == shown["range-unsatisfiable"] == shown["if-match-other"] == (1, 1)
    assert shown["gzip"] == shown["range-two"] == (1, 0), "it knows neither, and that is no failure"


def spoiled(method: str, field: str, old: bytes, new: bytes) -> Script:
    """What is answered to requests of that method, with that field in them, is changed."""

    def spoil(asked: str, fields: dict[str, str], answer: bytes) -> bytes:
        return answer.replace(old, new) if asked == method and (not field or field in fields) else answer

    return file_server(spoil)


FAULTS = [
    ("head", spoiled("HEAD", "", b"Length: 10", b"Length: 0"), "answer[1].header.content-length"),
    ("options", spoiled("OPTIONS", "", b"GET, ", b""), "answer[1].header.allow"),
    ("if-none-match", spoiled("GET", "if-none-match", b'ETag: "v1"\r\n', b""), "answer[1].header.etag"),
    ("if-match-other", spoiled("GET", "if-match", b"412 Precondition Failed", b"404 Not Found"), "answer[1].status"),
    ("range-first", spoiled("GET", "range", b"\r\n\r\n0", b"\r\n\r\n1"), "answer[1].body"),
    ("range-unsatisfiable", spoiled("GET", "range", b"*/10", b"*/9"), "answer[1].header.content-range"),
    ("if-range-other", spoiled("GET", "if-range", CONTENT, b"012345678X"), "answer[1].body"),
]


@pytest.mark.parametrize(("kind", "script", "place"), FAULTS, ids=[kind for kind, _, _ in FAULTS])
async def test_a_fault_of_the_new_server_fails_there_and_differs(
    serve: Serve, kind: str, script: Script, place: str
) -> None:
    found = await related(serve, file_server(), script, which=[kind])
    (pair,) = (pair for pair in found.pairs if pair.case == f"FIL-01.{kind}")
    assert [failure.place for failure in pair.new.failures] == [place]
    assert pair.old.failures == ()
    assert place in {difference.place for difference in pair.differences}
    assert found.exit_status == 1
    assert "python3" in pair.reproducer


async def test_two_servers_that_are_wrong_alike_fail_alike(serve: Serve) -> None:
    wrong = spoiled("HEAD", "", b"Length: 10", b"Length: 0")
    found = await related(serve, wrong, wrong)
    assert found.failed_alike == ("FIL-01.head",)
    assert found.exit_status == 1


async def test_a_difference_of_the_full_answers_is_told_once(serve: Serve) -> None:
    other = file_server(lambda method, fields, answer: answer.replace(CONTENT, b"9876543210"))
    found = await related(serve, file_server(), other)
    assert {difference.case for pair in found.pairs for difference in pair.differences} == {"FIL-01"}


async def test_what_varies_of_itself_is_not_held_against_itself(serve: Serve) -> None:
    numbers = iter(range(1000, 100_000))

    def spoil(method: str, fields: dict[str, str], answer: bytes) -> bytes:
        number = b"%d" % next(numbers)
        return answer.replace(b'"v1"', b'"%b"' % number).replace(CONTENT, number.rjust(10)) + b""

    found = await checked(serve, file_server(spoil))
    assert [(one.case, one.run.failures) for one in found.failed] == []
    assert sum(one.varied for one in found.relations) == len(found.cases) - 1


async def test_settings_say_what_is_derived_and_from_what(serve: Serve) -> None:
    def kinds(found: DiffResult) -> set[str]:
        return {pair.case.partition(".")[2] for pair in found.pairs} - {""}

    server = file_server()
    assert kinds(await related(serve, server, server, which=["head", "if-m*"])) == {
        "head",
        "if-match",
        "if-match-other",
    }
    assert kinds(await related(serve, server, server, enabled=False)) == set()
    assert kinds(await related(serve, server, server, except_paths=["/fil*"])) == set()
    assert kinds(await related(serve, server, server, except_cases=["FIL-*"])) == set()


async def test_one_request_of_a_kind_and_not_too_many_of_a_path_have_others_derived_from_them(serve: Serve) -> None:
    targets = ["/a", "/a", *(f"/b?{number}" for number in range(9)), "/c"]
    cases = [case(f"FIL-{number}", "a file", "why", get(target), expect(200)) for number, target in enumerate(targets)]
    server = await running(serve, file_server(), "here")
    session = Session(Config(), date(2026, 1, 2))
    first = await check_target(session, server, cases, quiet("", 0))
    settings = RelationSettings(which=("head",), of_one_path=2)
    (found,) = await check_related(session, [server], cases, [first], settings, quiet)
    assert [one.case for one in found.cases if "head" in one.case] == [
        "FIL-0.head",
        "FIL-2.head",
        "FIL-3.head",
        "FIL-11.head",
    ]
