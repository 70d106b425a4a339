"""The frame check alone, whole and byte by byte."""

from __future__ import annotations

import pytest

from aiohttp_server.frames import Coded, StrictReader

HELLO = b"\x81\x85\0\0\0\0hello"
LONG = b"\x82\xfe\x00\x7e\0\0\0\0" + bytes(126)
HUGE = b"\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00\0\0\0\0" + bytes(65_536)


class Kept:
    """A reader that keeps what it is given."""

    def __init__(self) -> None:
        self.data = b""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.data += data
        return False, b""

    def feed_eof(self) -> None:
        self.data += b"EOF"


@pytest.mark.parametrize("size", [1, 3, 1 << 20])
def test_sound_frames_go_through_unchanged(size: int) -> None:
    kept, data = Kept(), HELLO + LONG + HUGE + HELLO
    reader = StrictReader(kept, 1 << 20)
    for start in range(0, len(data), size):
        reader.feed_data(data[start : start + size])
    assert kept.data == data


@pytest.mark.parametrize(
    "bad",
    [b"\x81\x05hello", b"\x81\xfe\x00\x05\0\0\0\0hello", b"\x81\xff" + (65_535).to_bytes(8) + bytes(10)],
    ids=["not masked", "16 bits for 5", "64 bits for 65,535"],
)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_a_malformed_frame_is_replaced_by_a_close(bad: bytes, size: int) -> None:
    kept, data = Kept(), HELLO + bad
    reader = StrictReader(kept, 1 << 20)
    for start in range(0, len(HELLO) + 10, size):
        reader.feed_data(data[start : start + size])
    assert kept.data == HELLO + b"\x88\x82\0\0\0\0\x03\xea"


def test_the_end_goes_through() -> None:
    kept = Kept()
    StrictReader(kept, 1 << 20).feed_eof()
    assert kept.data == b"EOF"


@pytest.mark.parametrize("frames", [b"\x81\x8b\0\0\0\0", b"\x01\x86\0\0\0\0" + bytes(6) + b"\x80\x85\0\0\0\0"])
def test_a_message_past_the_limit_is_replaced_by_a_close_before_its_payload(frames: bytes) -> None:
    kept = Kept()
    StrictReader(kept, 10).feed_data(frames)
    assert kept.data.endswith(b"\x88\x82\0\0\0\0\x03\xf1")


def test_the_limit_is_of_one_message() -> None:
    kept = Kept()
    reader = StrictReader(kept, 5)
    reader.feed_data(HELLO + HELLO)
    assert kept.data == HELLO + HELLO


@pytest.mark.parametrize("size", [1, 3, 1 << 20])
def test_compressed_messages_look_plain_and_binary_and_are_noted(size: int) -> None:
    kept = Kept()
    reader = StrictReader(kept, 1 << 20, deflated=True)
    data = b"\xc1\x81\0\0\0\0a\x81\x81\0\0\0\0b\x42\x81\0\0\0\0c\x89\x80\0\0\0\0\x80\x81\0\0\0\0d"
    for start in range(0, len(data), size):
        reader.feed_data(data[start : start + size])
    assert kept.data == b"\x82\x81\0\0\0\0a\x81\x81\0\0\0\0b\x02\x81\0\0\0\0c\x89\x80\0\0\0\0\x80\x81\0\0\0\0d"
    assert list(reader.coded) == [Coded.TEXT, Coded.NO, Coded.BINARY]


def test_a_compressed_message_may_be_longer_than_its_content_but_not_without_end() -> None:
    for length, cut in ((1_044, False), (1_045, True)):
        kept = Kept()
        StrictReader(kept, 10, deflated=True).feed_data(b"\xc2\xfe" + length.to_bytes(2) + bytes(4))
        assert kept.data.endswith(b"\x03\xf1") is cut


@pytest.mark.parametrize("frames", [b"\x01\x80\0\0\0\0\x81\x80\0\0\0\0", b"\x80\x80\0\0\0\0"])
def test_a_message_out_of_order_is_replaced_by_a_close(frames: bytes) -> None:
    kept = Kept()
    StrictReader(kept, 10).feed_data(frames)
    assert kept.data.endswith(b"\x88\x82\0\0\0\0\x03\xea")
