"""WebSocket: messages, frames, and closing."""

from __future__ import annotations

import base64

from contract_tests.handshake import frame, opened
from samewire.cases import Case, case, ends, hears, talk
from samewire.cases.model import Step

OPCODES = "RFC 6455 section 5.6: text is UTF-8 text, binary is any data."
CONTROL = "RFC 6455 section 5.5: control frames have at most 125 bytes and must not be fragmented."
FRAGMENTS = "RFC 6455 section 5.4: fragments come in order, and only control frames between them."
RESERVED = (
    "RFC 6455 section 5.2: reserved bits and opcodes fail the connection unless an extension gave them a meaning."
)
MASK = "RFC 6455 section 5.1: a server must close upon receiving a frame that is not masked."
TEXT = "RFC 6455 section 8.1: text that is not UTF-8 must fail the connection (1007)."
CLOSING = "RFC 6455 section 5.5.1: a close frame is answered by a close frame, typically with the code received."
CODES = "RFC 6455 section 7.4: 1005 and 1006 must never be in a frame; codes below 1000 are not used."
FIN, TEXT_FRAME, BINARY_FRAME, PING, CLOSE = 0x80, 0x1, 0x2, 0x9, 0x8


def _fails(id: str, title: str, why: str, code: int, *frames: Step) -> Case:
    """Frames that fail the connection with this code."""
    return case(id, title, why, *opened(), *frames, hears("close", code=code), ends("closed"))


def _declares(first: int, length: int, payload: bytes = b"") -> Step:
    """A frame that declares so many bytes in 64 bits, with this much of them."""
    head = bytes((first, 0x80 | 127)) + length.to_bytes(8) + bytes(4)
    return talk("frame", base64=base64.b64encode(head + payload).decode())


CASES: tuple[Case, ...] = (
    case(
        "WSK-09",
        "a text message comes back as text",
        OPCODES,
        *opened(),
        talk("text", "Grüße, 世界 😀"),
        hears("text", text="Grüße, 世界 😀"),
    ),
    case(
        "WSK-09.binary",
        "a binary message comes back as binary",
        OPCODES,
        *opened(),
        talk("binary", base64=base64.b64encode(bytes(range(256))).decode()),
        hears("binary", base64=base64.b64encode(bytes(range(256))).decode()),
    ),
    case(
        "WSK-09.order",
        "messages come back in their order",
        "RFC 6455 section 5.4: messages are not interleaved.",
        *opened(),
        *(talk("text", f"message {number}") for number in range(10)),
        *(hears("text", text=f"message {number}") for number in range(10)),
    ),
    *(
        case(
            f"WSK-10.{size}",
            f"a message of {size} bytes comes back whole",
            "RFC 6455 section 5.2: lengths in 7, 16 or 64 bits, the shortest that will do.",
            *opened(),
            talk("binary", "x", repeat=size) if size else talk("binary", ""),
            hears("binary", length=size),
        )
        for size in (0, 125, 126, 65_535, 65_536, 1 << 20)
    ),
    case(
        "WSK-11",
        "a message in fragments comes back as one",
        FRAGMENTS,
        *opened(),
        talk("text", "in three pieces", fragments=3),
        hears("text", text="in three pieces"),
    ),
    case(
        "WSK-11.ping",
        "a ping between fragments is answered before the message",
        FRAGMENTS,
        *opened(),
        frame(TEXT_FRAME, b"first, "),
        talk("ping", "between"),
        hears("pong", text="between"),
        frame(FIN, b"last"),
        hears("text", text="first, last"),
    ),
    case(
        "WSK-12",
        "a ping is answered by a pong with its payload",
        "RFC 6455 section 5.5.3: a pong must have identical application data.",
        *opened(),
        talk("ping", "payload"),
        hears("pong", text="payload"),
        talk("ping"),
        hears("pong", text=""),
    ),
    case(
        "WSK-12.pong",
        "a pong that nobody asked for is ignored",
        "RFC 6455 section 5.5.3: a response to an unsolicited pong is not expected.",
        *opened(),
        talk("pong", "unasked"),
        talk("text", "hello"),
        hears("text", text="hello"),
    ),
    _fails("WSK-13.long", "a ping of 126 bytes is 1002", CONTROL, 1002, frame(FIN | PING, b"x" * 126)),
    _fails("WSK-13.part", "a ping in fragments is 1002", CONTROL, 1002, frame(PING, b"x")),
    _fails("WSK-14", "a frame that is not masked is 1002", MASK, 1002, frame(FIN | TEXT_FRAME, b"hello", masked=False)),
    case(
        "WSK-15",
        "the server's frames are not masked",
        "RFC 6455 section 5.1: a server must not mask any frames that it sends.",
        *opened(),
        talk("text", "hello"),
        hears("text", text="hello"),
    ),
    *(
        _fails(f"WSK-16.{name}", f"a frame with {what} is 1002", RESERVED, 1002, frame(first, b"x"))
        for name, what, first in (
            ("rsv1", "the first reserved bit", FIN | 0x40 | TEXT_FRAME),
            ("rsv2", "the second reserved bit", FIN | 0x20 | TEXT_FRAME),
            ("rsv3", "the third reserved bit", FIN | 0x10 | TEXT_FRAME),
            ("data", "the opcode 3", FIN | 0x3),
            ("control", "the opcode 11", FIN | 0xB),
        )
    ),
    _fails("WSK-17", "a continuation of nothing is 1002", FRAGMENTS, 1002, frame(FIN, b"x")),
    _fails(
        "WSK-17.inside",
        "a new message inside another is 1002",
        FRAGMENTS,
        1002,
        frame(TEXT_FRAME, b"first"),
        frame(FIN | TEXT_FRAME, b"second"),
    ),
    _fails(
        "WSK-17.empty",
        "a new message inside one that began without content is 1002",
        FRAGMENTS,
        1002,
        frame(TEXT_FRAME, b""),
        frame(FIN | TEXT_FRAME, b"second"),
    ),
    _fails("WSK-18", "text that is not UTF-8 is 1007", TEXT, 1007, frame(FIN | TEXT_FRAME, b"\xff\xfe")),
    _fails(
        "WSK-18.cut", "text that ends inside a character is 1007", TEXT, 1007, frame(FIN | TEXT_FRAME, b"a\xe2\x82")
    ),
    case(
        "WSK-18.split",
        "a character may be split between fragments",
        TEXT,
        *opened(),
        frame(TEXT_FRAME, b"\xe2\x82"),
        frame(FIN, b"\xac"),
        hears("text", text="€"),
    ),
    *(
        case(
            f"WSK-19.{code}",
            f"a close with {code} is answered in kind",
            CLOSING,
            *opened(),
            talk("close", "bye", code=code),
            hears("close", code=code),
            ends("closed"),
        )
        for code in (1000, 1001, 3000, 4999)
    ),
    case(
        "WSK-19.empty",
        "a close without a code is answered by a close",
        CLOSING,
        *opened(),
        talk("close"),
        hears("close"),
        ends("closed"),
    ),
    _fails("WSK-19.short", "a close with one byte is 1002", CODES, 1002, frame(FIN | CLOSE, b"\x03")),
    *(
        _fails(
            f"WSK-19.{code}",
            f"a close with the code {code} is 1002",
            CODES,
            1002,
            frame(FIN | CLOSE, code.to_bytes(2, "big")),
        )
        for code in (999, 1004, 1005, 1006, 1016, 5000)
    ),
    _fails(
        "WSK-19.reason",
        "a close whose reason is not UTF-8 is 1007",
        "RFC 6455 section 5.5.1: the reason is UTF-8; section 8.1.",
        1007,
        frame(FIN | CLOSE, b"\x03\xe8\xff"),
    ),
    _fails(
        "WSK-20",
        "a message of more than one mebibyte is 1009",
        "RFC 6455 section 7.4.1: 1009 says that a message is too big to process.",
        1009,
        talk("binary", "x", repeat=(1 << 20) + 1),
    ),
    *(
        _fails(
            f"WSK-20.{name}",
            f"a frame that declares {what} is 1009 before any of it comes",
            "RFC 6455 section 7.4.1: 1009 says that a message is too big to process; the head of the frame tells it.",
            1009,
            *before,
            _declares(first, length),
        )
        for name, what, first, length, before in (
            ("declared", "2^62 bytes", FIN | BINARY_FRAME, 1 << 62, ()),
            ("declared-most", "one byte more than a mebibyte", FIN | BINARY_FRAME, (1 << 20) + 1, ()),
            ("declared-text", "4 GiB of text", TEXT_FRAME, 1 << 32, ()),
            (
                "declared-rest",
                "more than is left of the message",
                FIN,
                (1 << 20) - 4,
                (frame(BINARY_FRAME, b"hello"),),
            ),
        )
    ),
    case(
        "WSK-20.most",
        "a message of a mebibyte in two frames, with a ping between them, comes back",
        "RFC 6455 section 5.4; contract: the limit is of the message.",
        *opened(),
        frame(BINARY_FRAME, b"hello"),
        frame(FIN | PING, b"1234"),
        hears("pong", text="1234"),
        _declares(FIN, (1 << 20) - 5, bytes((1 << 20) - 5)),
        hears("binary", base64=base64.b64encode(b"hello" + bytes((1 << 20) - 5)).decode()),
    ),
    case(
        "WSK-26",
        "what follows the handshake at once is not lost",
        "RFC 6455 section 4.1 makes clients wait; contract: what comes early is read all the same.",
        *opened(),
        talk("text", "one"),
        talk("text", "two"),
        hears("text", text="one"),
        hears("text", text="two"),
    ),
)
