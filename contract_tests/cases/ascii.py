"""What looks like ASCII to `str` and is not: in every kind of field it means what bytes mean, on every server.

A front that compares bytes sees another message in it: `chun<Kelvin sign>ed` is no `chunked`.
"""

from __future__ import annotations

from contract_tests.handshake import ASKS
from contract_tests.shorthand import follow_up, lines, login, refused
from parity.cases import Case, absent, case, ends, expect, get, json, match, post, problem, raw, text
from parity.cases.model import Receive

KELVIN = "\xe2\x84\xaa"
"""U+212A, which `str.lower` makes a `k` of."""
LONG_S = "\xc5\xbf"
"""U+017F, which is an `s` where case is ignored."""
THREE = "\xd9\xa3"
"""U+0663, of which `int` makes 3; `\\d` is it, too."""
WIDE_THREE = "\xef\xbc\x93"
"""U+FF13, the same."""
SUPERSCRIPT = "\xc2\xb3"
"""U+00B3, a digit to `str.isdigit`, of which `int` makes nothing."""
BLANKS = {"nbsp": "\xc2\xa0", "nel": "\xc2\x85", "em-space": "\xe2\x80\x83", "line": "\xe2\x80\xa8", "byte": "\xa0"}
"""U+00A0, U+0085, U+2003, U+2028 and a byte that is no UTF-8, which `str.strip` takes off, the last one read as Latin-1."""

TOKEN = "RFC 9110 section 5.6.2: a token is of ASCII, and compared without case only where that is one of A to Z."
DIGITS = "RFC 5234 appendix B.1: DIGIT is 0 to 9."
BLANK = "RFC 9110 section 5.6.3: optional whitespace is SP and HTAB."
OWN = "Contract: a number is of the digits 0 to 9, a name of ASCII."

STYLE = "/static/style.css"
NUMBERS = "/static/numbers.txt"
WHOLE = expect(200, headers={"Content-Length": "140000", "Content-Range": absent()})


def _get(target: str, *fields: str) -> str:
    return lines(f"GET {target} HTTP/1.1", "Host: ${host}", *fields)


def _post(target: str, *fields: str, content: str = "") -> str:
    return lines(f"POST {target} HTTP/1.1", "Host: ${host}", *fields, content=content)


def _asks(id: str, title: str, why: str, bytes: str, answer: Receive) -> Case:
    """Answered so, and the connection goes on: the framing was never in doubt."""
    return case(id, title, why, raw(bytes), answer, *follow_up())


def _handshake(*changed: str) -> str:
    """The fields of a sound handshake, but for these."""
    names = {line.partition(":")[0] for line in changed}
    return _get("/probe/ws/echo", *(f"{name}: {value}" for name, value in ASKS.items() if name not in names), *changed)


FRAMING = (
    *(
        refused(
            f"SMG-10.{name}",
            f"a Transfer-Encoding of `chunked` {what} is refused",
            TOKEN,
            _post("/probe/upload", f"Transfer-Encoding: {coding}", content="0\r\n\r\n"),
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
            _post("/probe/upload", f"Content-Length: {value}", content="abc"),
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
            _post("/probe/upload", "Transfer-Encoding: chunked", content=f"{size}\r\nabc\r\n0\r\n\r\n"),
        )
        for name, what, size in (
            ("arabic", "of an Arabic digit", THREE),
            ("wide", "of a fullwidth digit", WIDE_THREE),
            ("nbsp", "with a no-break space before it", f"{BLANKS['nbsp']}3"),
        )
    ),
    *(
        refused(f"SMG-15.{name}", f"a field name {what} is 400", TOKEN, _get("/probe/echo", f"{line}: x"))
        for name, what, line in (
            ("kelvin", "with a Kelvin sign", f"{KELVIN}eep-Alive"),
            ("long-s", "with a long s", f"Ho{LONG_S}t"),
            ("nbsp", "with a no-break space", f"X-A{BLANKS['nbsp']}"),
        )
    ),
    *(
        _asks(
            f"HDR-10.{name}",
            f"a Host {what} is 400",
            "RFC 3986 section 3.2: a host is of ASCII, a port of the digits 0 to 9.",
            lines("GET /probe/echo HTTP/1.1", f"Host: {host}"),
            expect(400, body=problem()),
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
        _asks(
            f"KAL-02.{name}",
            f"`close` {what} closes nothing",
            TOKEN,
            _get("/probe/items/7", f"Connection: {option}"),
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
            raw(_post("/probe/upload", "Content-Length: 3", f"Expect: {expectation}")),
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
        _asks(
            f"WSK-05.{name}",
            f"{what} asks for no WebSocket",
            TOKEN,
            _handshake(line),
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
        _asks(
            f"WSK-02.{name}",
            f"a version {what} is 426",
            DIGITS,
            _handshake(f"Sec-WebSocket-Version: {version}"),
            expect(426, headers={"Sec-WebSocket-Version": "13"}, body=problem()),
        )
        for name, what, version in (
            ("arabic", "with an Arabic digit", f"1{THREE}"),
            ("nbsp", "after a no-break space", f"{BLANKS['nbsp']}13"),
        )
    ),
    _asks(
        "WSK-03.kelvin",
        "a key with a Kelvin sign is 400",
        "RFC 6455 section 4.2.1: the key is in base64.",
        _handshake(f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25{KELVIN}ZQ=="),
        expect(400, body=problem()),
    ),
    case(
        "WSK-07.nbsp",
        "a subprotocol after a no-break space is another one",
        BLANK,
        raw(_handshake(f"Sec-WebSocket-Protocol: {BLANKS['nbsp']}v2.echo")),
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
    _asks(
        "WSK-21.long-s",
        "the name of an extension is of ASCII",
        "RFC 6455 section 9.1: an extension is a token.",
        _handshake(f"Sec-WebSocket-Extensions: permes{LONG_S}age-deflate"),
        expect(400, body=problem()),
    ),
    _asks(
        "WSK-21.arabic",
        "a window in Arabic digits is malformed",
        DIGITS,
        _handshake(f"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=1{THREE}"),
        expect(400, body=problem()),
    ),
)

TARGETS = (
    *(
        _asks(f"ROU-11.{name}", f"{what} is no `\\d`", DIGITS, _get(f"/probe/{path}"), expect(404, body=problem()))
        for name, what, path in (
            ("arabic", "an Arabic digit", "items/%D9%A3"),
            ("wide", "a fullwidth digit", "items/%EF%BC%93"),
            ("mixed", "an Arabic digit after one of ASCII", "items/1%D9%A3"),
            ("superscript", "a superscript digit", "items/%C2%B3"),
            ("bytes", "a number of Arabic digits", "bytes/%D9%A3"),
            ("stream", "a number of fullwidth digits", "stream/%EF%BC%93"),
        )
    ),
    *(
        _asks(
            f"ASK-16.{name}",
            f"{what} is 400",
            OWN,
            _get(f"/ask?query=teapot&streaming=false&{query}"),
            expect(400, body=problem()),
        )
        for name, what, query in (
            ("num-arabic", "a number in Arabic digits", "num=%D9%A3"),
            ("num-wide", "a number in fullwidth digits", "num=%EF%BC%93"),
            ("num-superscript", "a number in superscript digits", "num=%C2%B3"),
            ("num-nbsp", "a number after a no-break space", "num=%C2%A03"),
            ("num-underscore", "a number with an underscore", "num=1_0"),
            ("mode-nbsp", "a mode after a no-break space", "generate_mode=%C2%A0list"),
            ("mode-long-s", "a mode with a long s", "generate_mode=li%C5%BFt"),
            ("site-nbsp", "a site before a no-break space", "site=http_status%C2%A0"),
            ("site-long-s", "a site with a long s", "site=http_%C5%BFtatus"),
        )
    ),
    *(
        case(
            f"ASK-12.{name}",
            f"a number in JSON, {what}, is 400",
            OWN,
            post("/ask", json={"query": "teapot", "num": num}, headers={"Content-Type": "application/json"}),
            expect(400, body=problem()),
        )
        for name, what, num in (
            ("arabic", "a text of Arabic digits", "\u0663"),
            ("nbsp", "a text with a no-break space", "\u00a03"),
        )
    ),
    _asks(
        "BOD-02.arabic",
        "a bare Arabic digit is no JSON",
        "RFC 8259 section 6: a number is of the digits 0 to 9.",
        _post("/probe/json", "Content-Type: application/json", "Content-Length: 2", content=THREE),
        expect(400, body=problem()),
    ),
)

FIELDS = (
    *(
        _asks(f"STA-15.{name}", f"{what} is ignored", DIGITS, _get(NUMBERS, f"Range: {value}"), WHOLE)
        for name, what, value in (
            ("arabic", "a range in Arabic digits", f"bytes={THREE}-{THREE}"),
            ("wide", "a range in fullwidth digits", f"bytes=0-{WIDE_THREE}"),
            ("long-s", "a unit with a long s", f"byte{LONG_S}=0-4"),
            ("nbsp", "a unit before a no-break space", f"bytes{BLANKS['nbsp']}=0-4"),
            ("nbsp-range", "a range after a no-break space", f"bytes={BLANKS['nbsp']}0-4"),
        )
    ),
    *(
        _asks(f"STA-{name}", f"{what} matches nothing", BLANK, _get(NUMBERS, line), WHOLE)
        for name, what, line in (
            ("03.nbsp", "`*` before a no-break space", f"If-None-Match: *{BLANKS['nbsp']}"),
            ("06.arabic", "a date in Arabic digits", f"If-Modified-Since: Fri, 31 Dec 20{THREE}{THREE} 00:00:00 GMT"),
            (
                "06.nbsp",
                "a date before a no-break space",
                f"If-Modified-Since: Fri, 31 Dec 2032 00:00:00 GMT{BLANKS['nbsp']}",
            ),
        )
    ),
    case(
        "STA-02.nbsp",
        "an entity tag after a no-break space is none",
        BLANK,
        get(NUMBERS),
        expect(200, keep={"etag": "ETag"}),
        raw(_get(NUMBERS, f"If-None-Match: {BLANKS['nbsp']}${{etag}}")),
        WHOLE,
    ),
    case(
        "STA-05.nbsp",
        "in If-Match, too",
        BLANK,
        get(NUMBERS),
        expect(200, keep={"etag": "ETag"}),
        raw(_get(NUMBERS, f"If-Match: {BLANKS['nbsp']}${{etag}}")),
        expect(412, body=problem()),
    ),
    *(
        _asks(
            f"NEG-10.{name}",
            f"{what} asks for no events",
            TOKEN,
            _get("/ask?query=teapot", f"Accept: {accept}"),
            expect(200, headers={"Content-Type": match(matches="application/json.*")}),
        )
        for name, what, accept in (
            ("nbsp", "a media type before a no-break space", f"text/event-stream{BLANKS['nbsp']}, application/json"),
            ("long-s", "a media type with a long s", f"text/event-{LONG_S}tream, application/json"),
            ("arabic", "a weight in Arabic digits", f"text/event-stream;q=0.{THREE}, application/json;q=0.1"),
        )
    ),
    *(
        _asks(
            f"ZIP-03.{name}",
            f"{what} asks for no coding",
            TOKEN,
            _get(STYLE, f"Accept-Encoding: {accepted}"),
            expect(200, headers={"Content-Encoding": absent()}),
        )
        for name, what, accepted in (
            ("nbsp", "`gzip` before a no-break space", f"gzip{BLANKS['nbsp']}"),
            ("wide", "a weight in fullwidth digits", f"gzip;q=0.{WIDE_THREE}"),
        )
    ),
    *(
        _asks(
            f"BOD-12.{name}",
            f"{what} is 415",
            TOKEN,
            _post("/probe/json", f"Content-Type: {kind}", "Content-Length: 2", content="{}"),
            expect(415, body=problem()),
        )
        for name, what, kind in (
            ("nbsp", "`application/json` before a no-break space", f"application/json{BLANKS['nbsp']}"),
            ("long-s", "`application/json` with a long s", f"application/j{LONG_S}on"),
        )
    ),
    _asks(
        "BOD-12.charset",
        "a parameter with a long s is another one than `charset`",
        TOKEN,
        _post(
            "/probe/json", f"Content-Type: application/json;char{LONG_S}et=utf-16", "Content-Length: 2", content="{}"
        ),
        expect(200),
    ),
    _asks(
        "BOD-18.nbsp",
        "a coding before a no-break space is not known",
        BLANK,
        _post("/probe/upload", f"Content-Encoding: gzip{BLANKS['nbsp']}", "Content-Length: 2", content="{}"),
        expect(415, body=problem()),
    ),
    case(
        "AUT-06.nbsp",
        "a scheme before a no-break space is another one",
        BLANK,
        *login(),
        raw(_get("/probe/whoami", f"Authorization: Bearer{BLANKS['nbsp']} ${{token}}")),
        expect(401, headers={"WWW-Authenticate": match(matches="Bearer [^,]*")}, body=problem()),
    ),
    case(
        "AUT-05.nbsp",
        "a token after a no-break space is malformed",
        BLANK,
        *login(),
        raw(_get("/probe/whoami", f"Authorization: Bearer {BLANKS['nbsp']}${{token}}")),
        expect(400, body=problem()),
    ),
    case(
        "AUT-10.kelvin",
        "an Origin whose host has a Kelvin sign is another site",
        "RFC 6454 section 5: origins are the same when their hosts are, character by character.",
        *login(),
        raw(
            lines(
                "POST /probe/whoami HTTP/1.1",
                "Host: k.example",
                "Cookie: ${cookie}",
                f"Origin: http://{KELVIN}.example",
                "Content-Length: 0",
            )
        ),
        expect(403, body=problem()),
    ),
    _asks(
        "SES-01.nbsp",
        "a cookie's name after a no-break space is another name",
        BLANK,
        _get("/probe/cookies", f"Cookie: {BLANKS['nbsp']}a=1; b=2"),
        expect(200, body=json({"/cookies/b": "2", "/cookies/\u00a0a": "1"})),
    ),
    _asks(
        "COR-05.nbsp",
        "a field name after a no-break space is not allowed",
        BLANK,
        lines(
            "OPTIONS /ask HTTP/1.1",
            "Host: ${host}",
            "Origin: http://localhost:3000",
            "Access-Control-Request-Method: POST",
            f"Access-Control-Request-Headers: {BLANKS['nbsp']}content-type",
        ),
        expect(204, headers={"Access-Control-Allow-Headers": absent()}),
    ),
    _asks(
        "SSE-09.arabic",
        "a Last-Event-ID in Arabic digits is none of the server's",
        DIGITS,
        _get("/probe/events/2", f"Last-Event-ID: {THREE}"),
        expect(200, body=text(contains="id: 1\n")),
    ),
)


def _form(kind: str, named: str = 'name="a"', answer: Receive | None = None) -> tuple[str, Receive]:
    content = f"--b\r\nContent-Disposition: {named}\r\n\r\nx\r\n--b--\r\n"
    fields = (f"Content-Type: {kind}", f"Content-Length: {len(content)}")
    return _post("/probe/multipart", *fields, content=content), answer or expect(400, body=problem())


FORMS = (
    _asks(
        "UPL-08.kelvin",
        "a boundary with a Kelvin sign is 400",
        "RFC 2046 section 5.1.1: a boundary is of ASCII.",
        *_form(f"multipart/form-data; boundary={KELVIN}"),
    ),
    _asks(
        "UPL-08.parameter",
        "a parameter with a Kelvin sign is not known, and harms nothing",
        TOKEN,
        *_form(f"multipart/form-data; x={KELVIN}; boundary=b", 'form-data; name="a"', expect(200)),
    ),
    _asks(
        "UPL-08.nbsp",
        "`multipart/form-data` before a no-break space is 415",
        BLANK,
        *_form(f"multipart/form-data{BLANKS['nbsp']}; boundary=b", answer=expect(415, body=problem())),
    ),
    _asks(
        "UPL-08.disposition",
        "`form-data` before a no-break space names no field",
        BLANK,
        *_form("multipart/form-data; boundary=b", f'form-data{BLANKS["nbsp"]}; name="a"'),
    ),
)

CASES: tuple[Case, ...] = (*FRAMING, *WEBSOCKETS, *TARGETS, *FIELDS, *FORMS)
