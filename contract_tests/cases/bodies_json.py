"""A request's content as JSON."""

from __future__ import annotations

import base64

from samewire.cases import Case, case, expect, get, json, post, problem, text
from samewire.cases.model import Send

VALUES = "RFC 8259 section 3: a JSON value is an object, array, number, string, or one of false, null, true."
GRAMMAR = "RFC 8259 section 2, and RFC 9110 section 15.5.1: what the client got wrong is 400, never 500."
NUMBERS = "RFC 8259 section 6: values that the grammar cannot represent (Infinity, NaN) are not permitted."
UTF8 = "RFC 8259 section 8.1: JSON text exchanged between systems must be encoded using UTF-8."
MEDIA_TYPE = "RFC 9110 section 15.5.16: 415 is for content in a format that the method does not support there."


def _sent(content: str | bytes, type: str = "application/json") -> Send:
    octets = content.encode() if isinstance(content, str) else content
    return post("/probe/json", base64=base64.b64encode(octets).decode(), headers={"Content-Type": type})


CASES: tuple[Case, ...] = (
    case(
        "BOD-01",
        "a JSON object is parsed, as UTF-8 without being told",
        UTF8,
        _sent('{"name": "Zoë", "n": [1, 2.5, true, null]}'),
        expect(200, body=json(equals={"value": {"name": "Zoë", "n": [1, 2.5, True, None]}})),
    ),
    case(
        "BOD-01.charset",
        "a charset of UTF-8 is accepted",
        UTF8,
        _sent('{"a": "é"}', 'application/json; charset="UTF-8"'),
        expect(200, body=json({"/value/a": "é"})),
    ),
    *(
        case(f"BOD-02.{name}", f"malformed JSON ({name}) is 400", GRAMMAR, _sent(content), expect(400, body=problem()))
        for name, content in (
            ("cut", '{"a": '),
            ("comma", '{"a": 1,}'),
            ("quotes", "{'a': 1}"),
            ("rest", '{"a": 1} x'),
            ("blank", "   "),
            ("zero", "01"),
        )
    ),
    *(
        case(
            f"BOD-03.{name}",
            f"a JSON document may be {name}",
            VALUES,
            _sent(content),
            expect(200, body=json(equals={"value": value})),
        )
        for name, content, value in (
            ("null", "null", None),
            ("number", "42", 42),
            ("text", '"text"', "text"),
            ("true", "true", True),
            ("array", "[]", []),
        )
    ),
    *(
        case(f"BOD-04.{name}", f"{word} is 400", NUMBERS, _sent(f'{{"a": {word}}}'), expect(400, body=problem()))
        for name, word in (("nan", "NaN"), ("infinity", "Infinity"), ("minus", "-Infinity"))
    ),
    case(
        "BOD-05",
        "what is no number is sent as null",
        NUMBERS,
        get("/probe/nan"),
        expect(200, body=text('{"nan":null,"infinity":null}')),
    ),
    case(
        "BOD-06",
        "a byte order mark before JSON is 400",
        "RFC 8259 section 8.1: a byte order mark must not be added; parsers may ignore it, this one does not (contract).",
        _sent(b'\xef\xbb\xbf{"a": 1}'),
        expect(400, body=problem()),
    ),
    case("BOD-07", "JSON that is not UTF-8 is 400", UTF8, _sent(b'{"a": "\xff"}'), expect(400, body=problem())),
    case(
        "BOD-07.surrogate",
        "an encoded surrogate is not UTF-8 and is 400",
        "RFC 3629 section 3: UTF-8 prohibits encoding U+D800 to U+DFFF.",
        _sent(b'{"a": "\xed\xa0\x80"}'),
        expect(400, body=problem()),
    ),
    case("BOD-08", "JSON in UTF-16 is 400", UTF8, _sent('{"a": 1}'.encode("utf-16-le")), expect(400, body=problem())),
    case(
        "BOD-08.charset",
        "JSON that says it is in UTF-16 is 415",
        UTF8,
        _sent('{"a": 1}'.encode("utf-16"), "application/json; charset=utf-16"),
        expect(415, body=problem()),
    ),
    case(
        "BOD-09",
        "of a repeated member the last value counts",
        "RFC 8259 section 4: many implementations report the last name/value pair only; so does this one (contract).",
        _sent('{"a": 1, "b": 2, "a": 3}'),
        expect(200, body=json(equals={"value": {"a": 3, "b": 2}})),
    ),
    case(
        "BOD-10",
        "100,000 arrays in each other are 400",
        "RFC 8259 section 9: an implementation may set limits on the maximum depth of nesting.",
        _sent("[" * 100_000 + "]" * 100_000),
        expect(400, body=problem()),
    ),
    case(
        "BOD-10.limit",
        "200 levels are read",
        "Contract: the limit is 200 levels.",
        _sent("[" * 200 + "]" * 200),
        expect(200),
    ),
    case(
        "BOD-10.beyond",
        "201 levels are 400",
        "Contract: the limit is 200 levels.",
        _sent("[" * 201 + "]" * 201),
        expect(400, body=problem()),
    ),
    case(
        "BOD-11",
        "a whole number of 5,000 digits is 400 at once",
        "RFC 8259 section 6: an implementation may set limits on the range of numbers.",
        _sent('{"a": ' + "9" * 5000 + "}"),
        expect(400, body=problem()),
    ),
    case(
        "BOD-11.exact",
        "whole numbers of 64 bits arrive exactly",
        "RFC 8259 section 6: integers beyond 2**53 are not interoperable; here they are exact to 64 bits (contract).",
        _sent('{"a": 18446744073709551615, "b": -9223372036854775808}'),
        expect(200, body=json({"/value/a": 18446744073709551615, "/value/b": -9223372036854775808})),
    ),
    case("BOD-12", "text/plain is 415", MEDIA_TYPE, _sent("{}", "text/plain"), expect(415, body=problem())),
    case(
        "BOD-12.none",
        "JSON content without a media type is 415",
        MEDIA_TYPE,
        post("/probe/json", text="{}"),
        expect(415, body=problem()),
    ),
    case(
        "BOD-12.like",
        "a media type that only begins like JSON's is 415",
        MEDIA_TYPE,
        _sent("{}", "application/jsonp"),
        expect(415, body=problem()),
    ),
    case(
        "BOD-12.upper",
        "a media type is compared without case",
        "RFC 9110 section 8.3.1: the type and subtype tokens are case-insensitive.",
        _sent("{}", "Application/JSON"),
        expect(200, body=json({"/value": {}})),
    ),
    *(
        case(
            f"BOD-13.{name}",
            f"{type} is read as JSON",
            "RFC 6839 section 3.1: the suffix +json says that generic JSON processing applies.",
            _sent('{"a": 1}', type),
            expect(200, body=json({"/value/a": 1})),
        )
        for name, type in (("problem", "application/problem+json"), ("vendor", "application/vnd.api+json"))
    ),
    case(
        "BOD-14",
        "no content where JSON is needed is 400",
        "RFC 8259 section 2: a JSON text is a value; nothing is none.",
        post("/probe/json", text="", headers={"Content-Type": "application/json"}),
        expect(400, body=problem()),
    ),
)
