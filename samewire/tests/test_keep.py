"""A case may keep a field's value of one answer for its later steps."""

from __future__ import annotations

from asyncio import StreamReader, StreamWriter

from samewire.cases import case, expect, get
from samewire.check import check
from samewire.run import run_case
from samewire.tests.scripted import Serve, sized

DATE = b"Date: Sun, 06 Nov 1994 08:49:37 GMT"
CASE = case(
    "X-1",
    "the tag that came is sent back",
    "a sentence",
    get("/"),
    expect(200, keep={"etag": "ETag", "nothing": "X-Nothing"}),
    get("/", headers={"If-None-Match": "W/${etag}", "X-Other": "${nothing}"}),
    expect(200, headers={"ETag": "${etag}"}),
)


async def _places(serve: Serve, first: bytes, second: bytes, asked: list[bytes]) -> list[str]:
    """Where the case does not hold on a server that answers with these tags."""

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        for tag in (first, second, b"ETag: more"):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(sized(b"", DATE, tag))

    address = await serve(script)
    transcript = await run_case(CASE, "target", address)
    return [failure.place for failure in check(CASE, transcript, address.authority)]


async def test_the_value_of_its_first_line_stands_for_the_name_in_later_requests_and_expectations(serve: Serve) -> None:
    asked: list[bytes] = []
    assert await _places(serve, b'ETag: "1"\r\nETag: "2"', b'ETag: "1"', asked) == []
    assert b'\r\nIf-None-Match: W/"1"\r\n' in asked[1]


async def test_an_expectation_of_the_kept_value_can_fail(serve: Serve) -> None:
    assert await _places(serve, b'ETag: "1"', b'ETag: "2"', []) == ["answer[1].header.etag"]


async def test_a_field_that_was_not_there_keeps_nothing(serve: Serve) -> None:
    asked: list[bytes] = []
    await _places(serve, b"X-A: b", b"X-A: b", asked)
    assert b"\r\nIf-None-Match: W/${etag}\r\nX-Other: ${nothing}\r\n" in asked[1]
