"""WebSocket: the opening handshake."""

from __future__ import annotations

from contract_tests.handshake import ASKS, asks, opened
from contract_tests.shorthand import ORIGIN, STRANGER, follow_up
from samewire.cases import Case, absent, case, expect, get, hears, match, post, problem, talk

KEY = "RFC 6455 section 4.2.1: Sec-WebSocket-Key is 16 bytes in base64; else the server must answer with an error."
GET_11 = "RFC 6455 section 4.2.1: the handshake is a GET of HTTP/1.1 or higher."
SUBPROTOCOL = "RFC 6455 section 4.2.2: one of the client's subprotocols, or none and then no field."
ORIGIN_CHECK = "RFC 6455 section 10.2: a server that is for some origins only should verify Origin and answer 403."
PATH = "/probe/ws/echo"

CASES: tuple[Case, ...] = (
    case(
        "WSK-01",
        "the handshake is answered by 101 and the accept value that belongs to the key",
        "RFC 6455 section 4.2.2: base64 of the SHA-1 of the key and the fixed GUID.",
        get(PATH, headers=ASKS),
        expect(
            101,
            headers={
                "Upgrade": match(token="websocket"),
                "Connection": match(token="upgrade"),
                "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Sec-WebSocket-Extensions": absent(),
                "Sec-WebSocket-Protocol": absent(),
                "Content-Length": absent(),
                "Transfer-Encoding": absent(),
            },
        ),
        talk("text", "hello"),
        hears("text", text="hello"),
        talk("close", code=1000),
        hears("close", code=1000),
    ),
    case(
        "WSK-01.list",
        "Connection and Upgrade are lists, and compared without case",
        "RFC 6455 section 4.2.1: fields that include the tokens, case-insensitively.",
        get(PATH, headers=asks(Connection="keep-alive, upgrade", Upgrade="WebSocket")),
        expect(101, headers={"Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}),
        talk("close", code=1000),
        hears("close", code=1000),
    ),
    *(
        case(
            f"WSK-02.{name}",
            f"a handshake with {what} is 426 and names version 13",
            "RFC 6455 section 4.4: the server must answer with the versions that it is able to use.",
            get(PATH, headers=asks(Sec_WebSocket_Version=version)),
            expect(426, headers={"Sec-WebSocket-Version": "13", "Upgrade": match(token="websocket")}, body=problem()),
        )
        for name, what, version in (("8", "version 8", "8"), ("none", "no version", None), ("word", "a word", "x"))
    ),
    *(
        case(
            f"WSK-03.{name}",
            f"a handshake with {what} is 400",
            KEY,
            get(PATH, headers=asks(Sec_WebSocket_Key=key)),
            expect(400, body=problem()),
            *follow_up(),
        )
        for name, what, key in (
            ("none", "no key", None),
            ("empty", "an empty key", ""),
            ("short", "a key of 15 bytes", "AAAAAAAAAAAAAAAAAAAA"),
            ("long", "a key of 17 bytes", "AAAAAAAAAAAAAAAAAAAAAAA="),
            ("text", "a key that is no base64", "not base64 at all!!!!!=="),
        )
    ),
    case(
        "WSK-04.post",
        "a handshake by POST is 405",
        GET_11,
        post(PATH, headers=ASKS, text=""),
        expect(405, body=problem()),
    ),
    case(
        "WSK-04.old",
        "a handshake in HTTP/1.0 is 400",
        GET_11,
        get(PATH, headers=ASKS, version="HTTP/1.0"),
        expect(400, version="HTTP/1.0", body=problem()),
    ),
    case(
        "WSK-05",
        "a plain GET of a WebSocket is 426 and says what to upgrade to",
        "RFC 9110 section 15.5.22: the server must send an Upgrade field in a 426.",
        get(PATH),
        expect(
            426, headers={"Upgrade": match(token="websocket"), "Connection": match(token="upgrade")}, body=problem()
        ),
        *follow_up(),
    ),
    case(
        "WSK-05.other",
        "an upgrade to something else is 426",
        "RFC 9110 section 15.5.22: the server must send an Upgrade field in a 426.",
        get(PATH, headers=asks(Upgrade="h2c")),
        expect(426, headers={"Upgrade": match(token="websocket")}, body=problem()),
    ),
    case(
        "WSK-06",
        "an offer to upgrade elsewhere is ignored",
        "RFC 9110 section 7.8: a server may ignore a received Upgrade field.",
        get("/probe/items/42", headers=ASKS),
        expect(200, headers={"Upgrade": absent(), "Sec-WebSocket-Accept": absent()}),
        *follow_up(),
    ),
    case(
        "WSK-06.h2c",
        "an offer of h2c is ignored",
        "RFC 9110 section 7.8: a server may ignore a received Upgrade field (RFC 9113 section 3.1 gave h2c up).",
        get(
            "/probe/items/7",
            headers={"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMAAABkAAQ"},
        ),
        expect(200),
        *follow_up(),
    ),
    *(
        case(
            f"WSK-07.{name}",
            f"of the subprotocols {offered} the server takes {chosen}",
            SUBPROTOCOL,
            get(PATH, headers=asks(Sec_WebSocket_Protocol=offered)),
            expect(101, headers={"Sec-WebSocket-Protocol": match(lines=[chosen])}),
            talk("close", code=1000),
            hears("close", code=1000),
        )
        for name, offered, chosen in (
            ("one", "echo.v1", "echo.v1"),
            ("order", "echo.v1, echo.v2", "echo.v2"),
            ("some", "other, echo.v1", "echo.v1"),
        )
    ),
    case(
        "WSK-07.none",
        "where no subprotocol fits there is none",
        SUBPROTOCOL,
        get(PATH, headers=asks(Sec_WebSocket_Protocol="other, ECHO.V1")),
        expect(101, headers={"Sec-WebSocket-Protocol": absent()}),
        talk("close", code=1000),
        hears("close", code=1000),
    ),
    case(
        "WSK-08",
        "a page of another origin may not connect",
        ORIGIN_CHECK,
        get(PATH, headers=asks(Origin=STRANGER)),
        expect(403, body=problem()),
        *follow_up(),
    ),
    case(
        "WSK-08.allowed",
        "a page of an allowed origin may connect",
        ORIGIN_CHECK,
        get(PATH, headers=asks(Origin=ORIGIN)),
        expect(101),
        talk("close", code=1000),
        hears("close", code=1000),
    ),
    case(
        "WSK-08.own",
        "a page of this server may connect",
        ORIGIN_CHECK,
        get(PATH, headers=asks(Origin="http://${host}")),
        expect(101),
        talk("close", code=1000),
        hears("close", code=1000),
    ),
    case(
        "WSK-08.forwarded",
        "what a client says itself of scheme and host makes no page this server's own",
        ORIGIN_CHECK,
        get(
            PATH,
            headers=asks(
                Origin="https://stranger.example",
                X_Forwarded_Proto="https",
                X_Forwarded_Host="stranger.example",
                Forwarded="for=203.0.113.1;proto=https;host=stranger.example",
            ),
        ),
        expect(403, body=problem()),
        *follow_up(),
    ),
    case(
        "WSK-24",
        "a handler that fails closes with 1011",
        "RFC 6455 section 7.4.1: 1011 says that the server met a condition that kept it from fulfilling the request.",
        *opened("/probe/ws/raise"),
        talk("text", "now"),
        hears("close", code=1011),
    ),
    case(
        "WSK-24.close",
        "a handler may close with a code and a reason of its own",
        "RFC 6455 section 7.4.2: 4000 to 4999 are for private use.",
        *opened("/probe/ws/close"),
        talk("text", "now"),
        hears("close", code=4000, text="as asked"),
    ),
)
