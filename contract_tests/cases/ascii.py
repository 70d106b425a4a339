"""What looks like ASCII to `str` and is not, where it frames a message or opens a WebSocket.

A front that compares bytes sees another message in it: `chun<Kelvin sign>ed` is no `chunked`.
"""

from __future__ import annotations

from contract_tests.handshake import ASKS
from contract_tests.lookalikes import (
    BLANK,
    BLANKS,
    DIGITS,
    KELVIN,
    LONG_S,
    SUPERSCRIPT,
    THREE,
    TOKEN,
    WIDE_THREE,
    get_line,
    goes_on,
    post_line,
)
from contract_tests.shorthand import lines, refused, refused_at_once
from samewire.cases import Case, absent, case, ends, expect, match, problem, raw


def handshake(*changed: str) -> str:
    """The fields of a sound handshake, but for these."""
    names = {line.partition(":")[0] for line in changed}
    return get_line(
        "/probe/ws/echo", *(f"{name}: {value}" for name, value in ASKS.items() if name not in names), *changed
    )


FRAMING = (
    *(
        refused(
            f"SMG-10.{name}",
            f"a Transfer-Encoding of `chunked` {what} is refused",
            TOKEN,
            post_line("/probe/upload", f"Transfer-Encoding: {coding}", content="0\r\n\r\n"),
        )
        for name, what, coding in (
            ("kelvin", "with a Kelvin sign", f"chun{KELVIN}ed"),
            ("kelvin-upper", "with a Kelvin sign among capitals", f"CHUN{KELVIN}ED"),
            *((f"{name}-before", f"after {name}", f"{blank}chunked") for name, blank in BLANKS.items()),
            *((f"{name}-after", f"before {name}", f"chunked{blank}") for name, blank in BLANKS.items()),
        )
    ),
    *(
        refused(
            f"SMG-05.{name}",
            f"a Content-Length {what} is 400",
            DIGITS,
            post_line("/probe/upload", f"Content-Length: {value}", content="abc"),
        )
        for name, what, value in (
            ("arabic", "of an Arabic digit", THREE),
            ("wide", "of a fullwidth digit", WIDE_THREE),
            ("superscript", "of a superscript digit", SUPERSCRIPT),
            *((name, f"with {name} before it", f"{blank}3") for name, blank in BLANKS.items()),
        )
    ),
    *(
        refused(
            f"STR-05.{name}",
            f"a chunk size {what} is 400",
            DIGITS,
            post_line("/probe/upload", "Transfer-Encoding: chunked", content=f"{size}\r\nabc\r\n0\r\n\r\n"),
        )
        for name, what, size in (
            ("arabic", "of an Arabic digit", THREE),
            ("wide", "of a fullwidth digit", WIDE_THREE),
            ("nbsp", "with a no-break space before it", f"{BLANKS['nbsp']}3"),
        )
    ),
    *(
        refused(f"SMG-15.{name}", f"a field name {what} is 400", TOKEN, get_line("/probe/echo", f"{line}: x"))
        for name, what, line in (
            ("kelvin", "with a Kelvin sign", f"{KELVIN}eep-Alive"),
            ("long-s", "with a long s", f"Ho{LONG_S}t"),
            ("nbsp", "with a no-break space", f"X-A{BLANKS['nbsp']}"),
        )
    ),
    *(
        refused_at_once(
            f"HDR-10.{name}",
            f"a Host {what} is 400",
            "RFC 3986 section 3.2: a host is of ASCII, a port of the digits 0 to 9.",
            lines("GET /probe/echo HTTP/1.1", f"Host: {host}"),
        )
        for name, what, host in (
            ("arabic-port", "with a port of Arabic digits", f"localhost:{THREE}{THREE}"),
            ("wide-port", "with a port of fullwidth digits", f"localhost:{WIDE_THREE}"),
            ("kelvin", "with a Kelvin sign", f"{KELVIN}.example"),
            ("nbsp", "with a no-break space", f"localhost{BLANKS['nbsp']}"),
            ("address", "with an address in Arabic digits", f"[::{THREE}]"),
        )
    ),
    *(
        case(
            f"VER-01.{name}",
            f"`keep-alive` {what} does not keep a connection of HTTP/1.0",
            TOKEN,
            raw(lines("GET /probe/items/7 HTTP/1.0", "Host: ${host}", f"Connection: {option}")),
            expect(200, version="HTTP/1.0"),
            ends("closed"),
        )
        for name, what, option in (
            ("kelvin", "with a Kelvin sign", f"{KELVIN}eep-alive"),
            *((name, f"with {name} after it", f"keep-alive{blank}") for name, blank in BLANKS.items()),
        )
    ),
    *(
        goes_on(
            f"KAL-02.{name}",
            f"`close` {what} closes nothing",
            TOKEN,
            get_line("/probe/items/7", f"Connection: {option}"),
            expect(200),
        )
        for name, what, option in (
            ("long-s", "with a long s", f"clo{LONG_S}e"),
            *((name, f"with {name} after it", f"close{blank}") for name, blank in BLANKS.items()),
        )
    ),
    *(
        case(
            f"EXP-04.{name}",
            f"`100-continue` {what} is another expectation",
            TOKEN,
            raw(post_line("/probe/upload", "Content-Length: 3", f"Expect: {expectation}")),
            expect(417, body=problem()),
        )
        for name, what, expectation in (
            ("arabic", "in Arabic digits", "\xd9\xa1\xd9\xa0\xd9\xa0-continue"),
            ("nbsp", "with a no-break space after it", f"100-continue{BLANKS['nbsp']}"),
        )
    ),
)

WEBSOCKETS = (
    *(
        goes_on(
            f"WSK-05.{name}",
            f"{what} asks for no WebSocket",
            TOKEN,
            handshake(line),
            expect(426, headers={"Upgrade": match(token="websocket")}, body=problem()),
        )
        for name, what, line in (
            ("kelvin", "`websocket` with a Kelvin sign", f"Upgrade: websoc{KELVIN}et"),
            ("long-s", "`websocket` with a long s", f"Upgrade: web{LONG_S}ocket"),
            *((name, f"`websocket` with {name} after it", f"Upgrade: websocket{it}") for name, it in BLANKS.items()),
            ("connection", "`upgrade` after a no-break space", f"Connection: {BLANKS['nbsp']}upgrade"),
        )
    ),
    *(
        goes_on(
            f"WSK-02.{name}",
            f"a version {what} is 426",
            DIGITS,
            handshake(f"Sec-WebSocket-Version: {version}"),
            expect(426, headers={"Sec-WebSocket-Version": "13"}, body=problem()),
        )
        for name, what, version in (
            ("arabic", "with an Arabic digit", f"1{THREE}"),
            ("nbsp", "after a no-break space", f"{BLANKS['nbsp']}13"),
        )
    ),
    goes_on(
        "WSK-03.kelvin",
        "a key with a Kelvin sign is 400",
        "RFC 6455 section 4.2.1: the key is in base64.",
        handshake(f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25{KELVIN}ZQ=="),
        expect(400, body=problem()),
    ),
    case(
        "WSK-07.nbsp",
        "a subprotocol after a no-break space is another one",
        BLANK,
        raw(handshake(f"Sec-WebSocket-Protocol: {BLANKS['nbsp']}v2.echo")),
        expect(101, headers={"Sec-WebSocket-Protocol": absent()}),
    ),
    case(
        "WSK-08.kelvin",
        "an Origin whose host has a Kelvin sign is not the server's own",
        "RFC 6454 section 5: origins are the same when their hosts are, character by character.",
        raw(
            lines(
                "GET /probe/ws/echo HTTP/1.1",
                "Host: k.example",
                *(f"{name}: {value}" for name, value in ASKS.items()),
                f"Origin: http://{KELVIN}.example",
            )
        ),
        expect(403, body=problem()),
    ),
    goes_on(
        "WSK-21.long-s",
        "the name of an extension is of ASCII",
        "RFC 6455 section 9.1: an extension is a token.",
        handshake(f"Sec-WebSocket-Extensions: permes{LONG_S}age-deflate"),
        expect(400, body=problem()),
    ),
    goes_on(
        "WSK-21.arabic",
        "a window in Arabic digits is malformed",
        DIGITS,
        handshake(f"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=1{THREE}"),
        expect(400, body=problem()),
    ),
)

CASES: tuple[Case, ...] = (*FRAMING, *WEBSOCKETS)
