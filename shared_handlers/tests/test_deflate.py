"""permessage-deflate: what is agreed on, and messages coded and decoded."""

from __future__ import annotations

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_handlers.deflate import WORTH, Broken, Deflate, agreed, inflate
from shared_handlers.errors import HTTPError

ALONE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"


def coded(content: bytes, level: int = 9, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    coder = zlib.compressobj(level, zlib.DEFLATED, -15, 8, strategy)
    return (coder.compress(content) + coder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


def code(content: bytes, limit: int = 1 << 20) -> int:
    with pytest.raises(Broken) as broken:
        inflate(content, limit)
    return broken.value.code


@pytest.mark.parametrize(
    ("lines", "field", "window"),
    [
        (["permessage-deflate"], ALONE, 15),
        (["x-other", "permessage-deflate ;\tclient_max_window_bits"], ALONE, 15),
        ([",, permessage-deflate; server_max_window_bits=9,"], f"{ALONE}; server_max_window_bits=9", 9),
        (['permessage-deflate; server_max_window_bits="15"'], f"{ALONE}; server_max_window_bits=15", 15),
        (["permessage-deflate; x, permessage-deflate; client_max_window_bits=8"], ALONE, 15),
    ],
)
def test_the_first_offer_that_will_do_is_taken(lines: list[str], field: str, window: int) -> None:
    assert agreed(lines) == Deflate(field, window)


@pytest.mark.parametrize(
    "lines",
    [
        [], [""], ["x-other"], ["PERMESSAGE-DEFLATE"], ["permessage-deflate; server_max_window_bits=8"],
        ["permessage-deflate; server_max_window_bits=010"], ["permessage-deflate; client_max_window_bits=7"],
        ["permessage-deflate; client_no_context_takeover; client_no_context_takeover"],
        ["permessage-deflate; client_no_context_takeover=client_no_context_takeover"],
    ],
)  # fmt: skip
def test_nothing_is_agreed_on_else(lines: list[str]) -> None:
    assert agreed(lines) is None


@pytest.mark.parametrize(
    "line", ["a b", "a;", "a; b=", 'a; b="c d"', 'a; b="c', "a; =b", ";", "permessage-deflate, a;;b", "a\x0b", "é"]
)
def test_a_malformed_field_is_400(line: str) -> None:
    with pytest.raises(HTTPError) as error:
        agreed([line])
    assert error.value.status == 400


@given(st.binary(max_size=2_000), st.integers(0, 9), st.sampled_from([zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED]))
def test_whatever_was_compressed_is_decoded(content: bytes, level: int, strategy: int) -> None:
    assert inflate(coded(content, level, strategy), len(content)) == content


@given(st.binary(max_size=500))
def test_any_bytes_are_decoded_or_broken(content: bytes) -> None:
    with suppress(Broken):
        assert len(inflate(content, 1_000)) <= 1_000


@pytest.mark.parametrize("window", [9, 15])
def test_what_is_compressed_here_is_read_with_that_window(window: int) -> None:
    content = bytes(range(100)) * 20
    payload = Deflate("", window).compressed(content)
    assert payload is not None
    assert len(payload) < len(content)
    assert zlib.decompressobj(-window).decompress(payload + b"\0\0\xff\xff") == content


def test_what_would_not_become_shorter_is_not_compressed() -> None:
    agreed_on = Deflate("")
    assert agreed_on.compressed(b"x" * (WORTH - 1)) is None
    assert agreed_on.compressed(b"x" * WORTH) is not None
    assert agreed_on.compressed(bytes(range(256))) is None


def test_the_limit_is_for_the_content() -> None:
    assert inflate(coded(bytes(1_000)), 1_000) == bytes(1_000)
    assert code(coded(bytes(1_001)), 1_000) == 1009
    assert inflate(coded(b""), 0) == b""


@pytest.mark.parametrize("size", range(2, 60))
def test_a_message_cut_anywhere_is_1007(size: int) -> None:
    whole = coded(bytes(range(256)))
    assert len(whole) > 60
    assert code(whole[:size]) == 1007


def test_more_than_a_few_final_blocks_are_1007() -> None:
    assert inflate(bytes.fromhex("f348cdc9c90700") * 3 + b"\0", 100) == b"HelloHelloHello"
    assert code(b"\3\0" * 17) == 1007


def test_a_final_block_may_be_the_end_although_a_zero_should_follow() -> None:
    assert inflate(bytes.fromhex("f348cdc9c90700"), 100) == b"Hello"
