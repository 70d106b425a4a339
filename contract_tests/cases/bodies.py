"""A request's content as a form, as bytes, and in a content coding."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib

from contract_tests.shorthand import follow_up, lines
from samewire.cases import Case, Content, case, expect, json, match, post, problem, raw
from samewire.cases.model import Send

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FORM_PARSING = "WHATWG URL section 5.1: application/x-www-form-urlencoded parsing gives a list of name-value tuples."
CODING = "RFC 9110 section 8.4: content codings are removed before the content is used."
UNKNOWN_CODING = "RFC 9110 section 12.5.3: a 415 because of the coding should have an Accept-Encoding field (RFC 7694)."
EVERY_BYTE = bytes(range(256))
GREETING = b"hello, hello, hello"
BOMB = gzip.compress(bytes(1 << 20), mtime=0) * 4
"""Four mebibytes of zeros in four kilobytes; the limit is one mebibyte."""


def _octets(target: str, content: bytes, coding: str = "", **sending: object) -> Send:
    headers = {"Content-Encoding": coding} if coding else {}
    return post(target, base64=base64.b64encode(content).decode(), headers=headers, **sending)  # type: ignore[arg-type]


def _digest(content: bytes) -> Content:
    return json(equals={"length": len(content), "sha256": hashlib.sha256(content).hexdigest()})


CASES: tuple[Case, ...] = (
    case(
        "BOD-15",
        "a form's pairs come in order, repeated names too",
        FORM_PARSING,
        post("/probe/form", form=[("a", "1"), ("b", "é &"), ("a", "2")], headers=FORM),
        expect(200, body=json(equals={"pairs": [["a", "1"], ["b", "é &"], ["a", "2"]]})),
    ),
    case(
        "BOD-15.charset",
        "a form in another charset than UTF-8 is 415",
        "WHATWG URL section 5.1: the encoding is UTF-8.",
        post("/probe/form", text="a=%e9", headers={"Content-Type": f"{FORM['Content-Type']}; charset=iso-8859-1"}),
        expect(415, body=problem()),
    ),
    case(
        "BOD-15.blank",
        "an empty form has no pairs",
        FORM_PARSING,
        post("/probe/form", text="", headers=FORM),
        expect(200, body=json(equals={"pairs": []})),
    ),
    case(
        "BOD-15.many",
        "a form of more than 1,000 fields is 400",
        "Contract: the number of fields is limited, as parsing costs by the field.",
        post("/probe/form", text="&".join(["a"] * 1001), headers=FORM),
        expect(400, body=problem()),
    ),
    case(
        "BOD-15.type",
        "a form that says it is text is 415",
        "RFC 9110 section 15.5.16: 415 is for content in a format that is not supported there.",
        post("/probe/form", text="a=1", headers={"Content-Type": "text/plain"}),
        expect(415, body=problem()),
    ),
    case(
        "BOD-16",
        "all 256 byte values go through unchanged",
        "RFC 9110 section 6.4: content is a stream of octets.",
        _octets("/probe/mirror", EVERY_BYTE),
        expect(200, body=Content(base64=base64.b64encode(EVERY_BYTE).decode())),
    ),
    case(
        "BOD-16.chunked",
        "all 256 byte values go through unchanged in chunks of seven",
        "RFC 9112 section 7.1: chunk data is octets.",
        _octets("/probe/mirror", EVERY_BYTE, chunks=[7]),
        expect(200, body=Content(base64=base64.b64encode(EVERY_BYTE).decode())),
    ),
    case(
        "BOD-17",
        "a POST with Content-Length 0 has empty content",
        "RFC 9112 section 6.3: a valid Content-Length gives the length of the content.",
        post("/probe/upload", text=""),
        expect(200, body=_digest(b"")),
        *follow_up(),
    ),
    case(
        "BOD-17.absent",
        "a POST without any framing has empty content",
        "RFC 9112 section 6.3: if a request has neither field, its content length is zero.",
        raw(lines("POST /probe/upload HTTP/1.1", "Host: ${host}")),
        expect(200, body=_digest(b"")),
        *follow_up(),
    ),
    case(
        "BOD-17.chunked",
        "a POST of no chunk but the last has empty content",
        "RFC 9112 section 7.1: the chunked content ends with the chunk of size zero.",
        raw(lines("POST /probe/upload HTTP/1.1", "Host: ${host}", "Transfer-Encoding: chunked", content="0\r\n\r\n")),
        expect(200, body=_digest(b"")),
        *follow_up(),
    ),
    case(
        "BOD-18",
        "an unknown content coding is 415 and says which are known",
        UNKNOWN_CODING,
        _octets("/probe/upload", b"hello", "br"),
        expect(415, headers={"Accept-Encoding": match(token="gzip")}, body=problem()),
    ),
    case(
        "BOD-18.two",
        "two content codings are 415",
        UNKNOWN_CODING,
        _octets("/probe/upload", gzip.compress(gzip.compress(GREETING, mtime=0), mtime=0), "gzip, gzip"),
        expect(415, headers={"Accept-Encoding": match(token="gzip")}, body=problem()),
    ),
    case(
        "BOD-18.identity",
        "the coding identity is none",
        "RFC 9110 section 8.4.1: identity stands for no encoding.",
        _octets("/probe/upload", GREETING, "identity"),
        expect(200, body=_digest(GREETING)),
    ),
    *(
        case(
            f"BOD-19.{name}",
            f"content in the coding {coding} is decoded",
            CODING,
            _octets("/probe/upload", content, coding),
            expect(200, body=_digest(GREETING)),
        )
        for name, coding, content in (
            ("gzip", "gzip", gzip.compress(GREETING, mtime=0)),
            ("x-gzip", "x-gzip", gzip.compress(GREETING, mtime=0)),
            ("upper", "GZIP", gzip.compress(GREETING, mtime=0)),
            ("deflate", "deflate", zlib.compress(GREETING)),
        )
    ),
    case(
        "BOD-19.chunked",
        "gzip content that comes in chunks is decoded",
        CODING,
        _octets("/probe/upload", gzip.compress(GREETING, mtime=0), "gzip", chunks=[1]),
        expect(200, body=_digest(GREETING)),
    ),
    case(
        "BOD-19.corrupt",
        "content that is not what its coding says is 400",
        "RFC 9110 section 15.5.1: what the client got wrong is 400, never 500.",
        _octets("/probe/upload", b"this is no gzip", "gzip"),
        expect(400, body=problem()),
    ),
    case(
        "BOD-19.cut",
        "gzip content that ends too early is 400",
        "RFC 1952 section 2.3: a member ends with its CRC32 and length.",
        _octets("/probe/upload", gzip.compress(GREETING, mtime=0)[:-6], "gzip"),
        expect(400, body=problem()),
    ),
    case(
        "BOD-20",
        "content that grows beyond the limit when decoded is 413",
        "Contract: the limit holds for the decoded content (RFC 9110 section 15.5.14).",
        _octets("/probe/upload", BOMB, "gzip"),
        expect(413, body=problem(title="Content Too Large")),
    ),
)
