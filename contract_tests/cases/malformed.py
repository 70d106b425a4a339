"""Requests that break the grammar: of field lines, of line ends, of the request line."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines, refused, refused_at_once
from samewire.cases import Case, case, ends, expect, finish, json, match, problem, raw

COLON = "RFC 9112 section 5.1: no whitespace is allowed between name and colon; a server must answer 400."
FIELD = (
    'RFC 9112 section 5: field-line = field-name ":" OWS field-value OWS; a name is a token (RFC 9110 section 5.6.2).'
)
VALUE = "RFC 9110 section 5.5: CR, LF and NUL are dangerous in a value; a recipient must reject or replace them."
LINE = "RFC 9112 section 2.2: a recipient may take a bare LF for a line end, but a bare CR never; contract: neither."
REQUEST_LINE = "RFC 9112 section 3: request-line = method SP request-target SP HTTP-version; an invalid one is 400."
AT_ONCE = "RFC 9112 section 2.2: what is no request is answered by 400; contract: as soon as that is certain."
VERSION = 'RFC 9112 section 2.3: HTTP-version = "HTTP/" DIGIT "." DIGIT, case-sensitive.'


def _post(*fields: str, content: str = "") -> str:
    return lines("POST /probe/upload HTTP/1.1", "Host: ${host}", *fields, content=content)


def _get(*fields: str) -> str:
    return lines("GET /probe/echo HTTP/1.1", "Host: ${host}", *fields)


CASES: tuple[Case, ...] = (
    refused("SMG-12", "a space before a colon is 400", COLON, _get("X-Thing : a")),
    refused("SMG-12.tab", "a tab before a colon is 400", COLON, _get("X-Thing\t: a")),
    refused("SMG-13", "a field line without a colon is 400", FIELD, _get("X-Thing")),
    refused("SMG-14", "a field without a name is 400", FIELD, _get(": a")),
    *(
        refused(f"SMG-15.{name}", f"{what} in a field's name is 400", FIELD, _get(f"{field}: a"))
        for name, what, field in (
            ("space", "a space", "X Thing"),
            ("slash", "a slash", "X/Thing"),
            ("bracket", "a bracket", "X(Thing"),
            ("obs", "a byte beyond ASCII", "X-Th\xefng"),
            ("nul", "a NUL", "X\x00Thing"),
        )
    ),
    refused(
        "SMG-16",
        "a folded field line is 400",
        "RFC 9112 section 5.2: a server must reject obs-fold or replace it.",
        _get("X-Thing: a", " b"),
    ),
    refused(
        "SMG-17",
        "whitespace before the first field is 400",
        "RFC 9112 section 2.2: reject the message.",
        lines("GET /probe/echo HTTP/1.1", " X-Thing: a", "Host: ${host}"),
    ),
    refused("SMG-18", "a NUL in a value is 400", VALUE, _get("X-Thing: a\x00b")),
    refused("SMG-18.control", "a control character in a value is 400", VALUE, _get("X-Thing: a\x01b")),
    refused("SMG-19", "a bare CR in a value is 400", LINE, _get("X-Thing: a\rb")),
    refused("SMG-19.line", "a bare CR for a line end is 400", LINE, _get("X-Thing: a\rX-Other: b")),
    refused("SMG-20", "a bare LF between fields is 400", LINE, _get("X-Thing: a\nX-Other: b")),
    refused(
        "SMG-21",
        "a request with bare LF for every line end is 400",
        LINE,
        "GET /probe/echo HTTP/1.1\nHost: ${host}\n\n",
    ),
    case(
        "SMG-22",
        "an empty line before the request line is ignored",
        "RFC 9112 section 2.2: a server should ignore at least one empty line before the request line.",
        raw("\r\n" + _get()),
        expect(200, body=json({"/method": "GET"})),
        *follow_up(),
    ),
    *(
        case(
            f"SMG-22.{name}",
            f"{what} before the request line is ignored, also in a pipeline",
            "RFC 9112 section 2.2 asks so for CRLF; contract: for CR and LF alone too, since no message has begun there.",
            raw(ends + _get() + ends + _get()),
            expect(200, body=json({"/method": "GET"})),
            expect(200, body=json({"/method": "GET"})),
            *follow_up(),
        )
        for name, what, ends in (
            ("lf", "a bare LF", "\n"),
            ("cr", "a bare CR", "\r"),
            ("many", "line after line", "\r\n" * 9),
        )
    ),
    case(
        "SMG-22.end",
        "a line end and no request after it is a client that is done",
        "RFC 9112 section 2.2: an empty line is ignored; what is ignored is not answered.",
        raw("\n"),
        finish("half"),
        ends("closed"),
    ),
    *(
        refused_at_once(f"SMG-26.{name}", f"{what} is refused at once", AT_ONCE, bytes)
        for name, what, bytes in (
            ("digit", "a first byte that begins no method", "1"),
            ("method", "the beginning of a method that is not known", "GETX"),
            ("target", "the beginning of a target that is none", "GET ?"),
        )
    ),
    case(
        "SMG-26.after",
        "a stray byte after a request costs it no answer",
        "RFC 9112 section 9.6: a client that has sent FIN may still read what it is owed.",
        raw(_get() + "1"),
        finish("half"),
        expect(200, body=json({"/method": "GET"})),
        expect(400, headers={"Connection": match(token="close")}, body=problem()),
        ends("closed"),
    ),
    case(
        "SMG-23",
        "two spaces in the request line are let pass",
        "RFC 9112 section 3: a recipient may parse on whitespace-delimited word boundaries; the parser of one host does.",
        raw(lines("GET  /probe/echo HTTP/1.1", "Host: ${host}")),
        expect(200, body=json({"/target": "/probe/echo"})),
    ),
    refused(
        "SMG-23.tab",
        "a tab in the request line is 400",
        REQUEST_LINE,
        lines("GET\t/probe/echo HTTP/1.1", "Host: ${host}"),
    ),
    refused(
        "SMG-23.target",
        "a space within the target is 400",
        REQUEST_LINE,
        lines("GET /probe/echo x HTTP/1.1", "Host: ${host}"),
    ),
    refused("SMG-24", "a request line without a version is 400", REQUEST_LINE, "GET /probe/echo\r\n\r\n"),
    refused("SMG-24.fields", "also with fields after it", REQUEST_LINE, lines("GET /probe/echo", "Host: ${host}")),
    *(
        refused(
            f"SMG-25.{name}",
            f"the version `{version}` is refused",
            VERSION,
            lines(f"GET /probe/echo {version}", "Host: ${host}"),
            400,
            505,
        )
        for name, version in (
            ("rest", "HTTP/1.1x"),
            ("lower", "http/1.1"),
            ("digits", "HTTP/01.1"),
            ("long", "HTTP/1.10"),
            ("minor", "HTTP/1"),
            ("other", "HTCPCP/1.0"),
        )
    ),
    refused(
        "SMG-26",
        "the beginning of TLS on a plain port is 400",
        "Contract: what is not HTTP is refused at once, and nothing crashes.",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\x00" * 32 + "\r\n\r\n",
    ),
    refused(
        "HT2-01",
        "the preface of HTTP/2 is refused on a port that has none",
        "RFC 9113 section 3.4; contract.",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        400,
        505,
    ),
    case(
        "SMG-28",
        "a request that comes byte by byte is the same request",
        "RFC 9112 section 2.2: a message is a sequence of octets; how they are cut means nothing.",
        raw(_post("Content-Length: 5", "X-Thing: a", content="hello"), delivery="byte by byte"),
        expect(200, body=json({"/length": 5})),
        *follow_up(),
    ),
)
