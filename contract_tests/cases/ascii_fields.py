"""What looks like ASCII to `str` and is not, in targets, parameters, fields and forms.

A front that compares bytes sees another message in it: `chun<Kelvin sign>ed` is no `chunked`.
"""

from __future__ import annotations

from contract_tests.lookalikes import (
    BLANK,
    BLANKS,
    DIGITS,
    KELVIN,
    LONG_S,
    OWN,
    THREE,
    TOKEN,
    WIDE_THREE,
    get_line,
    goes_on,
    post_line,
)
from contract_tests.shorthand import lines, login
from samewire.cases import Case, absent, case, expect, get, json, match, post, problem, raw, text
from samewire.cases.model import Receive

STYLE = "/static/style.css"
NUMBERS = "/static/numbers.txt"
WHOLE = expect(200, headers={"Content-Length": "140000", "Content-Range": absent()})


TARGETS = (
    *(
        goes_on(
            f"ROU-11.{name}", f"{what} is no `\\d`", DIGITS, get_line(f"/probe/{path}"), expect(404, body=problem())
        )
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
        goes_on(
            f"ASK-16.{name}",
            f"{what} is 400",
            OWN,
            get_line(f"/ask?query=teapot&streaming=false&{query}"),
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
    goes_on(
        "BOD-02.arabic",
        "a bare Arabic digit is no JSON",
        "RFC 8259 section 6: a number is of the digits 0 to 9.",
        post_line("/probe/json", "Content-Type: application/json", "Content-Length: 2", content=THREE),
        expect(400, body=problem()),
    ),
)

FIELDS = (
    *(
        goes_on(f"STA-15.{name}", f"{what} is ignored", DIGITS, get_line(NUMBERS, f"Range: {value}"), WHOLE)
        for name, what, value in (
            ("arabic", "a range in Arabic digits", f"bytes={THREE}-{THREE}"),
            ("wide", "a range in fullwidth digits", f"bytes=0-{WIDE_THREE}"),
            ("long-s", "a unit with a long s", f"byte{LONG_S}=0-4"),
            ("nbsp", "a unit before a no-break space", f"bytes{BLANKS['nbsp']}=0-4"),
            ("nbsp-range", "a range after a no-break space", f"bytes={BLANKS['nbsp']}0-4"),
        )
    ),
    *(
        goes_on(f"STA-{name}", f"{what} matches nothing", BLANK, get_line(NUMBERS, line), WHOLE)
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
        raw(get_line(NUMBERS, f"If-None-Match: {BLANKS['nbsp']}${{etag}}")),
        WHOLE,
    ),
    case(
        "STA-05.nbsp",
        "in If-Match, too",
        BLANK,
        get(NUMBERS),
        expect(200, keep={"etag": "ETag"}),
        raw(get_line(NUMBERS, f"If-Match: {BLANKS['nbsp']}${{etag}}")),
        expect(412, body=problem()),
    ),
    *(
        goes_on(
            f"NEG-10.{name}",
            f"{what} asks for no events",
            TOKEN,
            get_line("/ask?query=teapot", f"Accept: {accept}"),
            expect(200, headers={"Content-Type": match(matches="application/json.*")}),
        )
        for name, what, accept in (
            ("nbsp", "a media type before a no-break space", f"text/event-stream{BLANKS['nbsp']}, application/json"),
            ("long-s", "a media type with a long s", f"text/event-{LONG_S}tream, application/json"),
            ("arabic", "a weight in Arabic digits", f"text/event-stream;q=0.{THREE}, application/json;q=0.1"),
        )
    ),
    *(
        goes_on(
            f"ZIP-03.{name}",
            f"{what} asks for no coding",
            TOKEN,
            get_line(STYLE, f"Accept-Encoding: {accepted}"),
            expect(200, headers={"Content-Encoding": absent()}),
        )
        for name, what, accepted in (
            ("nbsp", "`gzip` before a no-break space", f"gzip{BLANKS['nbsp']}"),
            ("wide", "a weight in fullwidth digits", f"gzip;q=0.{WIDE_THREE}"),
        )
    ),
    *(
        goes_on(
            f"BOD-12.{name}",
            f"{what} is 415",
            TOKEN,
            post_line("/probe/json", f"Content-Type: {kind}", "Content-Length: 2", content="{}"),
            expect(415, body=problem()),
        )
        for name, what, kind in (
            ("nbsp", "`application/json` before a no-break space", f"application/json{BLANKS['nbsp']}"),
            ("long-s", "`application/json` with a long s", f"application/j{LONG_S}on"),
        )
    ),
    goes_on(
        "BOD-12.charset",
        "a parameter with a long s is another one than `charset`",
        TOKEN,
        post_line(
            "/probe/json", f"Content-Type: application/json;char{LONG_S}et=utf-16", "Content-Length: 2", content="{}"
        ),
        expect(200),
    ),
    goes_on(
        "BOD-18.nbsp",
        "a coding before a no-break space is not known",
        BLANK,
        post_line("/probe/upload", f"Content-Encoding: gzip{BLANKS['nbsp']}", "Content-Length: 2", content="{}"),
        expect(415, body=problem()),
    ),
    case(
        "AUT-06.nbsp",
        "a scheme before a no-break space is another one",
        BLANK,
        *login(),
        raw(get_line("/probe/whoami", f"Authorization: Bearer{BLANKS['nbsp']} ${{token}}")),
        expect(401, headers={"WWW-Authenticate": match(matches="Bearer [^,]*")}, body=problem()),
    ),
    case(
        "AUT-05.nbsp",
        "a token after a no-break space is malformed",
        BLANK,
        *login(),
        raw(get_line("/probe/whoami", f"Authorization: Bearer {BLANKS['nbsp']}${{token}}")),
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
    goes_on(
        "SES-01.nbsp",
        "a cookie's name after a no-break space is another name",
        BLANK,
        get_line("/probe/cookies", f"Cookie: {BLANKS['nbsp']}a=1; b=2"),
        expect(200, body=json({"/cookies/b": "2", "/cookies/\u00a0a": "1"})),
    ),
    goes_on(
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
    goes_on(
        "SSE-09.arabic",
        "a Last-Event-ID in Arabic digits is none of the server's",
        DIGITS,
        get_line("/probe/events/2", f"Last-Event-ID: {THREE}"),
        expect(200, body=text(contains="id: 1\n")),
    ),
)


def _form(kind: str, named: str = 'name="a"', answer: Receive | None = None) -> tuple[str, Receive]:
    content = f"--b\r\nContent-Disposition: {named}\r\n\r\nx\r\n--b--\r\n"
    fields = (f"Content-Type: {kind}", f"Content-Length: {len(content)}")
    return post_line("/probe/multipart", *fields, content=content), answer or expect(400, body=problem())


FORMS = (
    goes_on(
        "UPL-08.kelvin",
        "a boundary with a Kelvin sign is 400",
        "RFC 2046 section 5.1.1: a boundary is of ASCII.",
        *_form(f"multipart/form-data; boundary={KELVIN}"),
    ),
    goes_on(
        "UPL-08.parameter",
        "a parameter with a Kelvin sign is not known, and harms nothing",
        TOKEN,
        *_form(f"multipart/form-data; x={KELVIN}; boundary=b", 'form-data; name="a"', expect(200)),
    ),
    goes_on(
        "UPL-08.nbsp",
        "`multipart/form-data` before a no-break space is 415",
        BLANK,
        *_form(f"multipart/form-data{BLANKS['nbsp']}; boundary=b", answer=expect(415, body=problem())),
    ),
    goes_on(
        "UPL-08.disposition",
        "`form-data` before a no-break space names no field",
        BLANK,
        *_form("multipart/form-data; boundary=b", f'form-data{BLANKS["nbsp"]}; name="a"'),
    ),
)

CASES: tuple[Case, ...] = (*TARGETS, *FIELDS, *FORMS)
