"""Request content: counted, limited, decoded."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_handlers.body import NO_BODY, LazyBody
from shared_handlers.errors import HTTPError


class Source:
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.asked = 0

    async def chunk(self) -> bytes:
        self.asked += 1
        return self.pieces.pop(0) if self.pieces else b""


def body(*pieces: bytes, limit: int = 1000, length: int | None = None, coding: str | None = None) -> LazyBody:
    return LazyBody(Source(*pieces), length=length, limit=limit, coding=coding)


async def refusal(content: LazyBody) -> HTTPError:
    with pytest.raises(HTTPError) as raised:
        await content.read()
    return raised.value


async def test_nothing_is_asked_for_before_the_first_read() -> None:
    source = Source(b"a")
    content = LazyBody(source, length=1, limit=10)
    assert source.asked == 0
    assert await content.read() == b"a"


async def test_reading_again_gives_the_same() -> None:
    content = body(b"a", b"b")
    assert await content.read() == b"ab"
    assert await content.read() == b"ab"
    assert [piece async for piece in content] == [b"ab"]


async def test_pieces_come_as_they_arrive_and_once() -> None:
    content = body(b"a", b"b")
    assert [piece async for piece in content] == [b"a", b"b"]
    with pytest.raises(RuntimeError):
        await content.read()


async def test_content_of_exactly_the_limit_passes() -> None:
    assert len(await body(b"a" * 10, limit=10).read()) == 10


async def test_413_comes_when_the_limit_is_crossed_and_not_at_the_end() -> None:
    source = Source(b"a" * 8, b"a" * 3, b"a", b"a")
    refused = await refusal(LazyBody(source, length=None, limit=10))
    assert refused.status == 413
    assert source.asked == 2


async def test_413_comes_before_reading_when_the_declared_length_is_too_large() -> None:
    source = Source(b"a" * 11)
    assert (await refusal(LazyBody(source, length=11, limit=10))).status == 413
    assert source.asked == 0


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", " gzip "])
async def test_gzip_is_decoded(coding: str) -> None:
    assert await body(gzip.compress(b"hello"), coding=coding).read() == b"hello"


async def test_deflate_is_the_zlib_format() -> None:
    assert await body(zlib.compress(b"hello"), coding="deflate").read() == b"hello"
    assert (await refusal(body(zlib.compress(b"hello")[2:-4], coding="deflate"))).status == 400


async def test_gzip_members_follow_each_other() -> None:
    assert await body(gzip.compress(b"a") + gzip.compress(b"b"), coding="gzip").read() == b"ab"


@given(st.binary(max_size=300), st.integers(1, 50))
async def test_decoding_does_not_depend_on_where_the_pieces_end(content: bytes, size: int) -> None:
    coded = gzip.compress(content, mtime=0)
    pieces = [coded[start : start + size] for start in range(0, len(coded), size)]
    assert await body(*pieces, coding="gzip").read() == content


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd", "chunked"])
async def test_another_coding_is_415_and_says_what_is_accepted(coding: str) -> None:
    refused = await refusal(body(b"x", coding=coding))
    assert refused.status == 415
    assert dict(refused.headers)["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"not gzip", id="not gzip"),
        pytest.param(gzip.compress(b"hello")[:-3], id="cut short"),
        pytest.param(gzip.compress(b"a") + b"junk", id="followed by junk"),
    ],
)
async def test_damaged_gzip_is_400(content: bytes) -> None:
    assert (await refusal(body(content, coding="gzip"))).status == 400


async def test_something_after_the_end_of_deflate_is_400() -> None:
    assert (await refusal(body(zlib.compress(b"a") + b"b", coding="deflate"))).status == 400


async def test_coded_content_may_be_empty() -> None:
    assert await body(coding="gzip").read() == b""


async def test_a_bomb_is_413_in_little_memory() -> None:
    bomb = gzip.compress(b"\0" * (64 << 20), 9)
    tracemalloc.start()
    try:
        refused = await refusal(body(bomb, limit=1 << 20, coding="gzip"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.status == 413
    assert peak < 4 << 20


async def test_no_content_reads_as_empty() -> None:
    assert NO_BODY.length == 0
    assert await NO_BODY.read() == b""
    assert [piece async for piece in NO_BODY] == []


@pytest.mark.parametrize("length", [None, "declared"])
async def test_little_that_becomes_much_is_refused_where_it_does(length: str | None) -> None:
    """Two hundred kilobytes that would become two hundred megabytes: no more is decoded than a hundred times as much."""
    coded = gzip.compress(bytes(200 << 20), 9)
    pieces = [coded[at : at + 1000] for at in range(0, len(coded), 1000)]
    content = LazyBody(Source(*pieces), length=None if length is None else len(coded), limit=1 << 30, coding="gzip")
    decoded = 0
    refused: HTTPError | None = None
    try:
        async for piece in content:
            decoded += len(piece)
    except HTTPError as error:
        refused = error
    assert refused is not None
    assert (refused.status, "more than 100 times" in refused.detail) == (413, True)
    assert 0 < decoded <= 100 * len(coded)


async def test_what_is_short_may_become_a_mebibyte() -> None:
    assert len(await body(gzip.compress(bytes(1 << 20)), limit=1 << 30, coding="gzip").read()) == 1 << 20
    assert (await refusal(body(gzip.compress(bytes((1 << 20) + 1)), limit=1 << 30, coding="gzip"))).status == 413


async def test_between_the_pieces_of_one_chunk_others_get_their_turn() -> None:
    turns: list[int] = []

    async def other() -> None:
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    async for _ in body(gzip.compress(bytes(1 << 20)), limit=1 << 30, coding="gzip"):
        pass
    task.cancel()
    assert len(turns) >= 15
