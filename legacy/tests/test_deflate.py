"""permessage-deflate in wsproto, whole and byte by byte."""

from __future__ import annotations

import zlib

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

from legacy.deflate import PerMessageDeflate
from shared_handlers.deflate import Deflate


def coded(content: bytes) -> bytes:
    coder = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (coder.compress(content) + coder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


def frame(first: int, payload: bytes) -> bytes:
    key = b"\x01\x02\x03\x04"
    masked = bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))
    return bytes((first, 0x80 | len(payload))) + key + masked


def heard(data: bytes, size: int, limit: int = 1_000) -> list[tuple[str, object]]:
    """What happens, in order; the pieces of a message joined."""
    connection = Connection(ConnectionType.SERVER, [PerMessageDeflate(Deflate(""), limit)])
    found: list[tuple[str, object]] = []
    text = ""
    for start in range(0, len(data), size):
        connection.receive_data(data[start : start + size])
        for event in connection.events():
            if isinstance(event, TextMessage):
                text += event.data
                if event.message_finished:
                    found.append(("text", text))
                    text = ""
            elif isinstance(event, CloseConnection):
                return [*found, ("close", int(event.code))]
            else:
                assert isinstance(event, Ping | BytesMessage)
                found.append((type(event).__name__, bytes(event.payload if isinstance(event, Ping) else event.data)))
    return found


HELLO = coded(b"hello, hello, hello")
TEXT = ("text", "hello, hello, hello")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
@pytest.mark.parametrize(
    ("frames", "found"),
    [
        ([(0xC1, HELLO), (0x81, b"plain"), (0xC1, HELLO)], [TEXT, ("text", "plain"), TEXT]),
        (
            [(0x41, HELLO[:4]), (0x89, b"p"), (0x00, b""), (0x80, HELLO[4:]), (0x81, b"x")],
            [("Ping", b"p"), TEXT, ("text", "x")],
        ),
        ([(0xC1, HELLO), (0xC1, b"\xff\xff")], [TEXT, ("close", 1007)]),
        ([(0xC1, coded(bytes(1_001)))], [("close", 1009)]),
        ([(0x41, HELLO[:4]), (0xC0, HELLO[4:])], [("close", 1002)]),
        ([(0x41, HELLO[:4]), (0xC1, HELLO)], [("close", 1002)]),
        ([(0xC9, b"")], [("close", 1002)]),
        ([(0x01, b"pl"), (0x80, b"ain")], [("text", "plain")]),
    ],
)
def test_messages_are_decoded_however_they_arrive(
    frames: list[tuple[int, bytes]], found: list[tuple[str, object]], size: int
) -> None:
    assert heard(b"".join(frame(*one) for one in frames), size) == found


def test_compressed_data_past_what_the_limit_can_need_is_1009() -> None:
    empty_blocks = frame(0x41, b"\0\0\0\xff\xff") + frame(0x00, b"\0\0\0\xff\xff" * 25) * 9
    assert heard(empty_blocks, 1_000, 10) == [("close", 1009)]
