"""Requests over which two servers could disagree: malformed, ambiguous, hostile."""

from __future__ import annotations

from contract_tests.shorthand import follow_up, lines, refused
from samewire.cases import Case, case, ends, expect, json, problem, raw

BOTH = "RFC 9112 section 6.1: a request with both fields ought to be handled as an error, as it may be smuggling."
LENGTH = "RFC 9110 section 8.6: Content-Length = 1*DIGIT; RFC 9112 section 6.3: an invalid one is unrecoverable."
CODING = "RFC 9112 section 6.1: a server that receives a coding that it does not understand should answer 501."
FINAL = "RFC 9112 section 6.3: when chunked is not the final coding, the length can't be known: 400 and close."
COLON = "RFC 9112 section 5.1: no whitespace is allowed between name and colon; a server must answer 400."


def _post(*fields: str, content: str = "") -> str:
    return lines("POST /probe/upload HTTP/1.1", "Host: ${host}", *fields, content=content)


CHUNKED = "Transfer-Encoding: chunked"

CASES: tuple[Case, ...] = (
    refused(
        "SMG-01",
        "Content-Length with Transfer-Encoding is 400",
        BOTH,
        _post("Content-Length: 5", CHUNKED, content="0\r\n\r\n"),
    ),
    refused("SMG-01.order", "in either order", BOTH, _post(CHUNKED, "Content-Length: 5", content="0\r\n\r\n")),
    refused(
        "SMG-02",
        "two different Content-Lengths are 400",
        LENGTH,
        _post("Content-Length: 5", "Content-Length: 6", content="hello!"),
    ),
    refused(
        "SMG-03",
        "two equal Content-Length lines are 400",
        LENGTH,
        _post("Content-Length: 5", "Content-Length: 5", content="hello"),
    ),
    refused("SMG-03.list", "a list of equal lengths is 400", LENGTH, _post("Content-Length: 5, 5", content="hello")),
    refused("SMG-04", "a Content-Length with a plus is 400", LENGTH, _post("Content-Length: +5", content="hello")),
    *(
        refused(
            f"SMG-05.{name}",
            f"a Content-Length that is {what} is 400",
            LENGTH,
            _post(f"Content-Length: {value}", content="hello"),
        )
        for name, what, value in (
            ("minus", "negative", "-5"),
            ("hex", "hexadecimal", "0x5"),
            ("underscore", "written with an underscore", "1_0"),
            ("unicode", "in digits of another script", "\xd9\xa5"),
            ("empty", "empty", ""),
            ("two", "two numbers", "5 5"),
            ("float", "a fraction", "5.0"),
        )
    ),
    refused(
        "SMG-06",
        "a space before the colon of Content-Length is 400",
        COLON,
        _post("Content-Length : 5", content="hello"),
    ),
    refused(
        "SMG-07",
        "an unknown transfer coding is refused",
        CODING,
        _post("Transfer-Encoding: xchunked", content="0\r\n\r\n"),
        400,
        501,
    ),
    *(
        refused(
            f"SMG-08.{name}",
            f"`{value}` is refused",
            FINAL,
            _post(f"Transfer-Encoding: {value}", content="0\r\n\r\n"),
            400,
            501,
        )
        for name, value in (
            ("identity", "chunked, identity"),
            ("twice", "chunked, chunked"),
            ("first", "chunked, gzip"),
            ("only", "identity"),
            ("empty", ""),
        )
    ),
    case(
        "SMG-09",
        "gzip within chunked is 501, and where it ends is known all the same",
        CODING,
        raw(_post("Transfer-Encoding: gzip, chunked", content="0\r\n\r\n")),
        expect((400, 501), body=problem()),
    ),
    *(
        case(
            f"SMG-10.{name}",
            f"a Transfer-Encoding with {what} is chunked",
            "RFC 9112 section 7: transfer coding names are case-insensitive; section 5.1 for the whitespace.",
            raw(_post(field, content="5\r\nhello\r\n0\r\n\r\n")),
            expect(200, body=json({"/length": 5})),
            *follow_up(),
        )
        for name, what, field in (
            ("case", "a capital", "Transfer-Encoding: Chunked"),
            ("tab", "a tab before it", "Transfer-Encoding:\tchunked"),
            ("name", "its own name in capitals", "TRANSFER-ENCODING: chunked"),
        )
    ),
    *(
        refused(
            f"SMG-10.{name}",
            f"a Transfer-Encoding with {what} is refused",
            CODING,
            _post(*fields, content="0\r\n\r\n"),
            400,
            501,
        )
        for name, what, fields in (
            ("quoted", "quotes", ('Transfer-Encoding: "chunked"',)),
            ("parameter", "a parameter", ("Transfer-Encoding: chunked;x=1",)),
            ("lines", "a second line", (CHUNKED, CHUNKED)),
            ("vertical", "a vertical tab", ("Transfer-Encoding: \x0bchunked",)),
            ("null", "a NUL after it", ("Transfer-Encoding: chunked\x00",)),
            ("space", "a space before its colon", ("Transfer-Encoding : chunked",)),
        )
    ),
    case(
        "SMG-11",
        "Transfer-Encoding in HTTP/1.0 is 400, and the connection ends whatever was asked",
        "RFC 9112 section 6.1: it must be treated as faulty framing, and the connection closed.",
        raw(lines("POST /probe/upload HTTP/1.0", CHUNKED, "Connection: keep-alive", content="0\r\n\r\n")),
        expect(400, version="HTTP/1.0", body=problem()),
        ends("closed"),
    ),
    refused(
        "SMG-30.lengths",
        "a request hidden between two lengths is not carried out",
        LENGTH,
        _post("Content-Length: 0", "Content-Length: 90"),
    ),
    refused(
        "SMG-30.chunk",
        "a request hidden behind a broken chunk is not carried out",
        FINAL,
        _post(CHUNKED, content="0x0\r\n\r\n"),
    ),
)
