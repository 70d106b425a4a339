"""The chat: what one participant says and is told."""

from __future__ import annotations

import zlib

from contract_tests.handshake import asks, frame
from contract_tests.shorthand import STRANGER, login
from samewire.cases import Case, absent, case, expect, get, hears, match, problem, talk
from samewire.cases.model import Heard, Receive, Send, Talk

DOOR = "RFC 6455 section 10.5: who may not come in learns it by the answer to the handshake."
SAID = "Contract: a message that can't be taken is told to its sender, who stays."
_PATH = "/chat/ws"
_PROTOCOL = "nlweb.chat.v1"


def _opened() -> tuple[Send | Receive | Talk | Heard, ...]:
    headers = asks(Authorization="Bearer ${token}", Sec_WebSocket_Protocol=f"other, {_PROTOCOL}")
    return (
        *login(),
        get(_PATH, headers=headers),
        expect(101, headers={"Sec-WebSocket-Protocol": _PROTOCOL}),
        hears(
            "text",
            text=match(matches=r'\{"message_type":"connected","participant":\{"id":"[0-9a-f]{16}","name":"Ann"\}\}'),
        ),
    )


def _compressed(text: str) -> bytes:
    """RFC 7692 section 7.2.1."""
    coder = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (coder.compress(text.encode()) + coder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff")


def _joined() -> tuple[Send | Receive | Talk | Heard, ...]:
    return (
        *_opened(),
        talk("text", '{"message_type":"join","room":"r-${run}"}'),
        hears("text", text=match(matches=r'\{"message_type":"participant_joined","room":"r-.*"participants":1\}')),
    )


def _closed() -> tuple[Talk, Heard]:
    return talk("close", code=1000), hears("close", code=1000)


def _wrong(name: str, what: str, said: str, detail: str) -> Case:
    return case(
        f"CHT-04.{name}",
        f"{what} is told its sender",
        SAID,
        *_joined(),
        talk("text", said),
        hears("text", text=match(matches=rf'\{{"message_type":"error","problem":.*"status":422,"detail":"{detail}".*')),
        talk("text", '{"message_type":"ping"}'),
        hears("text", text='{"message_type":"pong"}'),
        *_closed(),
    )


CASES: tuple[Case, ...] = (
    case(
        "CHT-01",
        "a user is let in, with the subprotocol",
        DOOR,
        *_opened(),
        *_closed(),
    ),
    case(
        "CHT-01.bare",
        "a client that offers no subprotocol is let in without",
        "RFC 6455 section 4.2.2: no subprotocol, no field; there is one version of the chat so far.",
        *login(),
        get(_PATH, headers=asks(Authorization="Bearer ${token}")),
        expect(101, headers={"Sec-WebSocket-Protocol": absent()}),
        hears("text", text=match(contains="connected")),
        *_closed(),
    ),
    case(
        "CHT-01.deflate",
        "messages may be compressed; 16 KiB are the limit of what they become",
        "RFC 7692; contract.",
        *login(),
        get(
            _PATH, headers=asks(Authorization="Bearer ${token}", Sec_WebSocket_Extensions="permessage-deflate")
        ),
        expect(101, headers={"Sec-WebSocket-Extensions": match(contains="permessage-deflate")}),
        hears("text", text=match(contains="connected")),
        frame(0xC1, _compressed('{"message_type":"ping"}' + " " * 16_361)),
        hears("text", text='{"message_type":"pong"}'),
        frame(0xC1, _compressed('{"message_type":"ping"}' + " " * 16_362)),
        hears("close", code=1009),
    ),
    case(
        "CHT-01.nobody",
        "nobody is 401, before 101",
        DOOR,
        get(_PATH, headers=asks(Sec_WebSocket_Protocol=_PROTOCOL)),
        expect(401, headers={"WWW-Authenticate": 'Bearer realm="nlweb"', "Upgrade": absent()}, body=problem()),
    ),
    case(
        "CHT-01.origin",
        "a page of another site is 403, before 101",
        "RFC 6455 section 10.2.",
        *login(),
        get(_PATH, headers=asks(Cookie="${cookie}", Origin=STRANGER)),
        expect(403, headers={"Upgrade": absent()}, body=problem()),
    ),
    case(
        "CHT-01.plain",
        "a request that is no handshake is 426",
        "RFC 9110 section 15.5.22.",
        *login(),
        get(_PATH, headers={"Authorization": "Bearer ${token}"}),
        expect(426, headers={"Upgrade": "websocket"}, body=problem()),
    ),
    case(
        "CHT-02",
        "what is said is seen, acknowledged and answered by the messages of /ask, in this order",
        "Contract: everybody in a room sees the same.",
        *_joined(),
        talk("text", '{"message_type":"message","text":"teapot","id":"m-1"}'),
        hears("text", text=match(matches=r'\{"message_type":"message","room":"r-.*","number":1,"participant":\{.*\},"text":"teapot"\}')),
        hears("text", text=match(matches=r'\{"message_type":"message_ack","room":"r-.*","number":1,"id":"m-1"\}')),
        *(
            hears("text", text=match(matches=rf'\{{"message_type":"{kind}","room":"r-.*'))
            for kind in (
                "api_version",
                "license",
                "data_retention",
                "asking_sites",
                "retrieval_count",
                "result_batch",
                "complete",
            )
        ),
        *_closed(),
    ),
    case(
        "CHT-03",
        "who has left a room says nothing in it",
        SAID,
        *_joined(),
        talk("text", '{"message_type":"leave"}'),
        talk("text", '{"message_type":"message","text":"teapot"}'),
        hears("text", text=match(contains="Join a room first.")),
        *_closed(),
    ),
    _wrong("json", "what is no JSON", "{oops", "The JSON is malformed at line 1, column 2."),
    _wrong("array", "what is no object", "[]", "A message is a JSON object."),
    _wrong("type", "an unknown type", '{"message_type":"dance"}', "message_type must be one of: join, message, leave, ping."),
    _wrong("room", "a room with another name", '{"message_type":"join","room":"a b"}', "room must be 1 to 64 letters.*"),
    _wrong("empty", "an empty text", '{"message_type":"message","text":" "}', "text must be 1 to 2000 characters."),
    _wrong("number", "a number for a text", '{"message_type":"message","text":1}', "text must be 1 to 2000 characters."),
    _wrong(
        "id", "too long an id", '{"message_type":"message","text":"a","id":"' + "x" * 65 + '"}', "id must be a text.*"
    ),
    case(
        "CHT-04.binary",
        "binary is told its sender",
        SAID,
        *_opened(),
        talk("binary", "{}"),
        hears("text", text=match(contains="Messages are text.")),
        *_closed(),
    ),
    case(
        "CHT-05",
        "a message beyond 16 KiB ends the connection by 1009",
        "RFC 6455 section 7.4.1.",
        *_opened(),
        talk("text", "x" * 16_385),
        hears("close", code=1009),
    ),
)  # fmt: skip
