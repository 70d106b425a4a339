"""The query string: raw as it came, and as pairs."""

from __future__ import annotations

from pydantic import JsonValue

from contract_tests.shorthand import lines
from samewire.cases import Case, case, expect, get, json, problem, raw

FORM = "WHATWG URL section 5.1, application/x-www-form-urlencoded parsing: "


def _pairs(id: str, title: str, why: str, query: str, *pairs: list[JsonValue]) -> Case:
    """A query string, the pairs it means, and that the raw text is kept."""
    expected = json({"/query": list(pairs), "/query_string": query})
    return case(id, title, why, get(f"/probe/echo?{query}"), expect(200, body=expected))


CASES: tuple[Case, ...] = (
    _pairs(
        "QRY-01",
        "a repeated name keeps its values in order",
        FORM + "the output is a list of tuples.",
        "a=1&b=2&a=3",
        ["a", "1"],
        ["b", "2"],
        ["a", "3"],
    ),
    _pairs(
        "QRY-02",
        "a name with an empty value and one without `=` both have an empty value",
        FORM + "without `=`, the value is the empty byte sequence.",
        "a=&b",
        ["a", ""],
        ["b", ""],
    ),
    _pairs(
        "QRY-02.empty",
        "empty sequences between ampersands mean nothing",
        FORM + "if bytes is the empty byte sequence, then continue.",
        "&&a=1&",
        ["a", "1"],
    ),
    _pairs(
        "QRY-02.equals",
        "only the first `=` separates name and value",
        FORM + "the name is the bytes up to the first `=`.",
        "a=b=c&=d",
        ["a", "b=c"],
        ["", "d"],
    ),
    _pairs(
        "QRY-03",
        "`+` is a space and `%2B` a plus",
        FORM + "replace any 0x2B (+) with 0x20 (SP).",
        "q=a+b%2Bc%20d",
        ["q", "a b+c d"],
    ),
    _pairs(
        "QRY-04",
        "a semicolon separates nothing",
        FORM + "the input is split on 0x26 (&) only.",
        "a=1;b=2",
        ["a", "1;b=2"],
    ),
    _pairs(
        "QRY-05",
        "bytes that are not UTF-8 become U+FFFD",
        FORM + "run UTF-8 decode without BOM.",
        "q=%ff%e2%82",
        ["q", "\ufffd\ufffd"],
    ),
    _pairs("QRY-05.utf8", "UTF-8 is decoded", FORM + "run UTF-8 decode without BOM.", "q=%E2%82%AC", ["q", "€"]),
    case(
        "QRY-05.percent",
        "a percent sign without two hexadecimal digits in the query is 400",
        'RFC 3986 section 2.1: pct-encoded = "%" HEXDIG HEXDIG; contract: refused in the whole target.',
        get("/probe/echo?q=100%"),
        expect(400, body=problem()),
    ),
    case(
        "QRY-06",
        "a fragment in the request target is 400",
        "RFC 9112 section 3.2: no form of a request target has a fragment.",
        raw(lines("GET /probe/echo#part HTTP/1.1", "Host: ${host}")),
        expect(400, body=problem()),
    ),
    case(
        "QRY-06.query",
        "a fragment after the query is 400",
        "RFC 9112 section 3.2: no form of a request target has a fragment.",
        raw(lines("GET /probe/echo?a=1#part HTTP/1.1", "Host: ${host}")),
        expect(400, body=problem()),
    ),
    case(
        "QRY-07",
        "a query of more than 1,000 fields is 400",
        "Contract: the number of fields is limited, as parsing costs by the field.",
        get("/probe/echo?" + "&".join(["a"] * 1001)),
        expect(400, body=problem()),
    ),
    case(
        "QRY-07.limit",
        "a query of 1,000 fields is read",
        "Contract: the limit is 1,000.",
        get("/probe/echo?" + "&".join(["a"] * 1000)),
        expect(200, body=json({"/query/999": ["a", ""]})),
    ),
    case(
        "QRY-08",
        "the raw query and target are there to the byte",
        "Contract: nothing is normalised on the way to the endpoint (RFC 3986 section 6 leaves that to it).",
        get("/probe/echo?A=%7E&b=~%2f%2F&c=+"),
        expect(200, body=json({"/query_string": "A=%7E&b=~%2f%2F&c=+", "/target": "/probe/echo?A=%7E&b=~%2f%2F&c=+"})),
    ),
    case(
        "QRY-08.path",
        "the raw path is there to the byte",
        "Contract: nothing is normalised on the way to the endpoint.",
        get("/probe/ech%6F?x"),
        expect(200, body=json({"/target": "/probe/ech%6F?x", "/path": "/probe/ech%6F"})),
    ),
    case(
        "QRY-08.second",
        "a second question mark belongs to the query",
        "RFC 3986 section 3.4: the characters slash and question mark may represent data within the query.",
        get("/probe/echo?a=?/b"),
        expect(200, body=json({"/query_string": "a=?/b", "/query": [["a", "?/b"]]})),
    ),
    case(
        "QRY-09",
        "an empty query is told from none by the raw target",
        "RFC 3986 section 6.2.3: normalisation should not remove delimiters when their component is empty.",
        get("/probe/echo?"),
        expect(200, body=json({"/target": "/probe/echo?", "/query_string": "", "/query": []})),
    ),
    case(
        "QRY-09.none",
        "no query is told from an empty one by the raw target",
        "RFC 3986 section 6.2.3: normalisation should not remove delimiters when their component is empty.",
        get("/probe/echo"),
        expect(200, body=json({"/target": "/probe/echo", "/query_string": ""})),
    ),
)
