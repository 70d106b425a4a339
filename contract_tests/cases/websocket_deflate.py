"""WebSocket: compressed messages (permessage-deflate, RFC 7692).

What the server says in these cases is short, and so it is not compressed: of long ones see test_deflate.py.
"""

from __future__ import annotations

import zlib

from contract_tests.handshake import asks, frame
from contract_tests.shorthand import follow_up
from samewire.cases import Case, absent, case, ends, expect, get, hears, match, problem, talk
from samewire.cases.model import Receive, Send, Step

OFFER = "RFC 7692 section 7.1: an offer is declined when a parameter is unknown, repeated or has a wrong value."
ALONE = "RFC 7692 section 7.1.1: a server may ask that no message depends on those before it; contract: it always does."
WINDOW = "RFC 7692 section 7.1.2.1: a server that takes server_max_window_bits answers with it."
SIZE = "RFC 6455 section 7.4.1: 1009; contract: the limit is for the content, not for its compressed form."
DATA = "RFC 6455 section 7.4.1: 1007 for data that is not consistent with what it claims to be."
BIT = "RFC 7692 section 6: RSV1 is set on the first frame of a compressed message and on no other."
FIELD = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
MIB = 1 << 20
FIN, RSV1, TEXT, BINARY, PING = 0x80, 0x40, 0x1, 0x2, 0x9
_PATH = "/probe/ws/echo"


def _offered(offer: str, answer: str | None = FIELD) -> tuple[Send, Receive]:
    answered = absent() if answer is None else match(lines=[answer])
    headers = {"Sec-WebSocket-Extensions": answered}
    return get(_PATH, headers=asks(Sec_WebSocket_Extensions=offer)), expect(101, headers=headers)


def _agreed() -> tuple[Send, Receive]:
    return _offered("permessage-deflate; client_max_window_bits")


def _coded(content: bytes) -> bytes:
    """RFC 7692 section 7.2.1."""
    coder = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (coder.compress(content) + coder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


def _negotiated(name: str, what: str, why: str, offer: str, answer: str | None) -> Case:
    return case(
        f"WSK-21.offer.{name}",
        what,
        why,
        *_offered(offer, answer),
        talk("text", "hello"),
        hears("text", text="hello"),
        talk("close", code=1000),
        hears("close", code=1000),
    )


def _heard(name: str, what: str, why: str, text: str, *frames: Step) -> Case:
    return case(
        f"WSK-21.{name}",
        what,
        why,
        *_agreed(),
        *frames,
        hears("text", text=text),
        talk("close", code=1000),
        hears("close", code=1000),
    )


def _fails(name: str, what: str, why: str, code: int, *frames: Step) -> Case:
    return case(f"WSK-21.{name}", what, why, *_agreed(), *frames, hears("close", code=code), ends("closed"))


def _message(content: bytes, kind: int = TEXT) -> Step:
    return frame(FIN | RSV1 | kind, content)


HELLO = _coded(b"hello, hello, hello")

CASES: tuple[Case, ...] = (
    _negotiated("plain", "an offer is taken, each message by itself", ALONE, "permessage-deflate", FIELD),
    _negotiated("window", "a browser's offer is taken", ALONE, "permessage-deflate; client_max_window_bits", FIELD),
    _negotiated(
        "parameters",
        "an offer with all parameters is taken",
        WINDOW,
        'permessage-deflate; server_no_context_takeover;client_no_context_takeover; server_max_window_bits="10"'
        "; client_max_window_bits=12",
        f"{FIELD}; server_max_window_bits=10",
    ),
    _negotiated(
        "eight",
        "a window of 8 bits is declined, and the next offer taken",
        WINDOW,
        "permessage-deflate; server_max_window_bits=8, permessage-deflate",
        FIELD,
    ),
    *(
        _negotiated(f"declined.{name}", f"an offer with {what} is declined", OFFER, offer, None)
        for name, what, offer in (
            ("unknown", "an unknown parameter", "permessage-deflate; level=9"),
            ("twice", "a repeated parameter", "permessage-deflate; client_max_window_bits; client_max_window_bits"),
            ("large", "a window of 16 bits", "permessage-deflate; server_max_window_bits=16"),
            ("zero", "a window with a zero before it", "permessage-deflate; server_max_window_bits=09"),
            ("none", "a server's window without a value", "permessage-deflate; server_max_window_bits"),
            ("flag", "a value for a flag", "permessage-deflate; server_no_context_takeover=1"),
            ("other", "another extension", "x-webkit-deflate-frame"),
        )
    ),
    _negotiated("second", "of several extensions the known one is taken", OFFER, "x-other; a=1, permessage-deflate", FIELD),
    case(
        "WSK-21.offer.malformed",
        "a malformed offer is 400",
        "RFC 6455 section 9.1: what does not conform must fail the connection.",
        get(_PATH, headers=asks(Sec_WebSocket_Extensions="permessage-deflate; =10")),
        expect(400, headers={"Upgrade": absent()}, body=problem()),
        *follow_up(),
    ),
    case(
        "WSK-21.offer.origin",
        "who may not come in is not told about extensions",
        "RFC 6455 section 10.2.",
        get(_PATH, headers=asks(Origin="https://stranger.example", Sec_WebSocket_Extensions="permessage-deflate")),
        expect(403, headers={"Sec-WebSocket-Extensions": absent()}, body=problem()),
    ),
    _heard("text", "a compressed message is read", ALONE, "hello, hello, hello", _message(HELLO)),
    case(
        "WSK-21.binary",
        "a compressed message of binary data stays binary",
        ALONE,
        *_agreed(),
        _message(_coded(bytes(100)), BINARY),
        hears("binary", length=100),
    ),
    case(
        "WSK-21.repeated",
        "messages are read one after the other, compressed and plain",
        ALONE,
        *_agreed(),
        _message(HELLO),
        talk("text", "plain"),
        _message(HELLO),
        hears("text", text="hello, hello, hello"),
        hears("text", text="plain"),
        hears("text", text="hello, hello, hello"),
    ),
    _heard("empty", "an empty message may be compressed", "RFC 7692 section 7.2.3.6.", "", _message(b"\0")),
    _heard("nothing", "a compressed message of no bytes is empty", "Contract: lenient.", "", _message(b"")),
    _heard("stored", "a block without compression is read", "RFC 7692 section 7.2.3.3.", "Hello", _message(b"\0\5\0\xfa\xffHello\0")),
    _heard("final", "a final block is read", "RFC 7692 section 7.2.3.4.", "Hello", _message(bytes.fromhex("f348cdc9c9070000"))),
    _heard("blocks", "two blocks are read", "RFC 7692 section 7.2.3.5.", "Hello", _message(bytes.fromhex("f248050000 00ffff cac9c90700"))),
    _heard(
        "fragments",
        "a compressed message may come in fragments, with a ping between them",
        BIT,
        "hello, hello, hello",
        frame(RSV1 | TEXT, HELLO[:3]),
        frame(0, b""),
        talk("ping", "between"),
        hears("pong", text="between"),
        frame(FIN, HELLO[3:]),
    ),
    _fails("bomb", "a message that becomes more than one mebibyte is 1009", SIZE, 1009, _message(_coded(bytes(MIB + 1)), BINARY)),
    _fails("bomb.large", "a gibibyte in a mebibyte is 1009", SIZE, 1009, _message(_coded(bytes(60 * MIB)), BINARY)),
    _fails("corrupt", "data that is not DEFLATE is 1007", DATA, 1007, _message(b"\xff\xff\xff\xff")),
    _fails("cut", "a message that was cut is 1007", DATA, 1007, _message(_coded(bytes(range(256)))[:100], BINARY)),
    _fails("members", "final blocks without end are 1007", DATA, 1007, _message(b"\3\0" * 1000)),
    _fails("utf8", "compressed text that is not UTF-8 is 1007", DATA, 1007, _message(_coded(b"\xff\xfe"))),
    _fails("rsv1.control", "RSV1 on a ping is 1002", BIT, 1002, frame(FIN | RSV1 | PING, b"")),
    _fails("rsv1.continued", "RSV1 on a continuation is 1002", BIT, 1002, frame(RSV1 | TEXT, HELLO[:3]), frame(FIN | RSV1, HELLO[3:])),
    _fails("rsv2", "RSV2 on a compressed message is 1002", BIT, 1002, frame(FIN | RSV1 | 0x20 | TEXT, HELLO)),
    _fails("opcode", "RSV1 on the reserved opcode 3 is 1002", BIT, 1002, frame(FIN | RSV1 | 3, HELLO)),
    _fails("inside.corrupt", "one whose data is corrupt as well is 1002", BIT, 1002, frame(RSV1 | TEXT, HELLO[:3]), _message(b"\xff\xff")),
    _fails("inside", "a compressed message inside another is 1002", BIT, 1002, frame(RSV1 | TEXT, HELLO[:3]), _message(HELLO)),
)  # fmt: skip
