from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from samewire.exchange import Kind, Message
from samewire.wire.websocket import Frames, message


def heard(*data: bytes) -> list[Message]:
    frames = Frames()
    return [found for piece in data for found in frames.feed(piece, 0.0)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
@pytest.mark.parametrize("fragments", [1, 3])
def test_a_message_written_is_understood_by_wsproto(size: int, fragments: int) -> None:
    payload = bytes(range(256)) * (size // 256 + 1)
    server = FrameProtocol(client=False, extensions=[])
    server.receive_bytes(message(Kind.BINARY, payload[:size], fragments))
    received = list(server.received_frames())
    assert (
        b"".join(frame.payload for frame in received if isinstance(frame.payload, (bytes, bytearray))) == payload[:size]
    )
    assert received[-1].message_finished
    assert all(frame.opcode is Opcode.BINARY for frame in received)


def test_a_message_has_as_many_frames_as_asked_even_when_it_is_shorter() -> None:
    assert message(Kind.TEXT, b"", 3) == bytes.fromhex("018037fa213d 008037fa213d 808037fa213d")


def test_messages_of_the_server_are_put_together_and_control_frames_stand_between() -> None:
    data = b"\x01\x02he" + b"\x89\x01p" + b"\x80\x03llo" + b"\x82\x01\xff" + b"\x88\x05\x03\xe8bye"
    expected = [
        Message(Kind.PING, b"p"),
        Message(Kind.TEXT, b"hello"),
        Message(Kind.BINARY, b"\xff"),
        Message(Kind.CLOSE, b"bye", 1000),
    ]
    assert heard(data) == expected
    assert heard(*(bytes((byte,)) for byte in data)) == expected


def test_a_close_frame_without_payload_has_no_code() -> None:
    assert heard(b"\x88\x00") == [Message(Kind.CLOSE)]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\x81\x81\x00\x00\x00\x01i", "masked"),
        (b"\xc1\x01h", "reserved bits 100"),
        (b"\x81\x7e\x00\x01h", "shortest"),
        (b"\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x01h", "shortest"),
        (b"\x83\x01h", "opcode 0x3"),
        (b"\x8b\x01h", "opcode 0xb"),
        (b"\x80\x01h", "continuation"),
        (b"\x01\x01h\x81\x01i", "inside a fragmented one"),
        (b"\x09\x01h", "fragmented"),
        (b"\x89\x7e\x00\x7e" + b"h" * 126, "126 bytes"),
        (b"\x81\x01\xff", "not UTF-8"),
        (b"\x88\x01\x03", "half a code"),
        (b"\x88\x03\x03\xe8\xff", "not UTF-8"),
    ],
)
def test_a_breach_by_the_server_is_a_fault_of_the_message(data: bytes, fault: str) -> None:
    (found,) = heard(data)
    assert len(found.faults) == 1
    assert fault in found.faults[0]


def test_a_frame_too_large_to_keep_breaks_the_stream_at_once() -> None:
    frames = Frames()
    assert frames.feed(b"\x82\x7f\x7f" + b"\xff" * 7, 0.0) == []
    assert frames.broken


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    one_by_one = heard(*(bytes((byte,)) for byte in data))
    assert one_by_one == heard(data)
