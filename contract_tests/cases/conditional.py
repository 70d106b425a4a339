"""Conditional requests: validators and preconditions."""

from __future__ import annotations

from samewire.cases import Case, absent, case, empty, expect, get, head, match, problem

FILE = "/static/robots.txt"
LARGE = "/static/numbers.txt"
NONE_MATCH = (
    "RFC 9110 section 13.1.2: If-None-Match is false, so 304 for GET and HEAD, when a listed tag matches weakly."
)
MATCH = "RFC 9110 section 13.1.1: If-Match compares strongly; 412 when no listed tag matches."
SINCE = "RFC 9110 section 13.1.3: 304 when the file was not modified after that date."
UNMODIFIED = "RFC 9110 section 13.1.4: 412 when the file was modified after that date."
ORDER = "RFC 9110 section 13.2.2: If-Match, else If-Unmodified-Since; then If-None-Match, else If-Modified-Since."
DATES = "RFC 9110 section 5.6.7: a recipient must accept all three HTTP-date formats."
LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT"
LONG_HENCE = "Fri, 01 Jan 2100 00:00:00 GMT"
KEPT = {"etag": "ETag", "modified": "Last-Modified"}


def _after(id: str, title: str, why: str, status: int, *, path: str = FILE, **fields: str) -> Case:
    """The file once for its validators, then under these conditions."""
    conditions = {name.replace("_", "-"): value for name, value in fields.items()}
    body = {304: empty(), 412: problem()}.get(status)
    return case(
        id,
        title,
        why,
        get(path),
        expect(200, keep=KEPT),
        get(path, headers=conditions),
        expect(status, body=body) if body else expect(status),
    )


CASES: tuple[Case, ...] = (
    case(
        "STA-01",
        "a file has a strong ETag",
        "RFC 9110 section 8.8.3: a strong validator is a quoted text without W/.",
        get(FILE),
        expect(200, headers={"ETag": match(matches='"[!#-~]+"')}),
    ),
    case(
        "STA-01.stable",
        "an ETag stays the same as long as the file does",
        "RFC 9110 section 8.8.1: a validator changes whenever the representation does.",
        get(FILE),
        expect(200, keep=KEPT),
        get(FILE),
        expect(200, headers={"ETag": "${etag}", "Last-Modified": "${modified}"}),
    ),
    _after("STA-02", "a matching If-None-Match is 304", NONE_MATCH, 304, If_None_Match="${etag}"),
    _after("STA-02.large", "304 holds for a large file too", NONE_MATCH, 304, path=LARGE, If_None_Match="${etag}"),
    _after("STA-02.list", "one match in a list is enough", NONE_MATCH, 304, If_None_Match='"a", ${etag} , "b"'),
    _after("STA-02.weak", "If-None-Match compares weakly", NONE_MATCH, 304, If_None_Match="W/${etag}"),
    _after("STA-02.other", "another tag gets the file", NONE_MATCH, 200, If_None_Match='"other"'),
    case(
        "STA-02.fields",
        "304 keeps ETag, Cache-Control, Vary and Date, and has no content",
        "RFC 9110 section 15.4.5: the server generating a 304 must send those that it would have sent in a 200.",
        get(FILE),
        expect(200, keep=KEPT),
        get(FILE, headers={"If-None-Match": "${etag}"}),
        expect(
            304,
            headers={
                "ETag": "${etag}",
                "Cache-Control": match(matches=".+"),
                "Vary": match(token="Origin"),
                "Content-Type": absent(),
            },
            framing="none",
        ),
        get(FILE),
        expect(200),
    ),
    case(
        "STA-02.head",
        "a matching If-None-Match of HEAD is 304",
        NONE_MATCH,
        get(FILE),
        expect(200, keep=KEPT),
        head(FILE, headers={"If-None-Match": "${etag}"}),
        expect(304, body=empty()),
    ),
    _after("STA-03", "If-None-Match: * is 304 when there is a file", NONE_MATCH, 304, If_None_Match="*"),
    case(
        "STA-03.missing",
        "If-None-Match: * is 404 when there is none",
        "RFC 9110 section 13.2.1: preconditions are ignored when the answer without them would not be 2xx or 412.",
        get("/static/nowhere.txt", headers={"If-None-Match": "*"}),
        expect(404, body=problem()),
    ),
    _after("STA-05", "a matching If-Match gets the file", MATCH, 200, If_Match='"a", ${etag}'),
    _after("STA-05.any", "If-Match: * gets the file", MATCH, 200, If_Match="*"),
    _after("STA-05.other", "another If-Match is 412", MATCH, 412, If_Match='"other"'),
    _after("STA-05.weak", "If-Match compares strongly", MATCH, 412, If_Match="W/${etag}"),
    _after("STA-06", "If-Modified-Since its own date is 304", SINCE, 304, If_Modified_Since="${modified}"),
    _after("STA-06.later", "If-Modified-Since a later date is 304", SINCE, 304, If_Modified_Since=LONG_HENCE),
    _after("STA-06.earlier", "If-Modified-Since an earlier date gets the file", SINCE, 200, If_Modified_Since=LONG_AGO),
    _after(
        "STA-06.invalid",
        "an If-Modified-Since that is no date is ignored",
        "RFC 9110 section 13.1.3: a recipient must ignore the field if its value is not a valid HTTP-date.",
        200,
        If_Modified_Since="yesterday",
    ),
    _after(
        "STA-06.tag",
        "If-Modified-Since is ignored beside If-None-Match",
        "RFC 9110 section 13.1.3: a recipient must ignore If-Modified-Since if the request has If-None-Match.",
        200,
        If_Modified_Since=LONG_HENCE,
        If_None_Match='"other"',
    ),
    _after("STA-07", "If-Unmodified-Since an earlier date is 412", UNMODIFIED, 412, If_Unmodified_Since=LONG_AGO),
    _after(
        "STA-07.own", "If-Unmodified-Since its own date gets it", UNMODIFIED, 200, If_Unmodified_Since="${modified}"
    ),
    _after(
        "STA-07.invalid",
        "an If-Unmodified-Since that is no date is ignored",
        "RFC 9110 section 13.1.4: a recipient must ignore the field if its value is not a valid HTTP-date.",
        200,
        If_Unmodified_Since="tomorrow",
    ),
    _after(
        "STA-08",
        "If-Match counts and If-Unmodified-Since beside it does not",
        ORDER,
        200,
        If_Match="${etag}",
        If_Unmodified_Since=LONG_AGO,
    ),
    _after(
        "STA-08.both",
        "If-None-Match is looked at after a true If-Match",
        ORDER,
        304,
        If_Match="${etag}",
        If_None_Match="${etag}",
    ),
    _after(
        "STA-08.first",
        "a false If-Match is 412 whatever comes after it",
        ORDER,
        412,
        If_Match='"other"',
        If_None_Match="${etag}",
    ),
    _after(
        "STA-08.all",
        "with all four, the tags decide",
        ORDER,
        304,
        If_Match="${etag}",
        If_Unmodified_Since=LONG_AGO,
        If_None_Match="${etag}",
        If_Modified_Since=LONG_AGO,
    ),
    *(
        _after(f"STA-09.{name}", f"a date in the {name} format counts", DATES, 412, If_Unmodified_Since=date)
        for name, date in (
            ("imf", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("rfc850", "Sunday, 06-Nov-94 08:49:37 GMT"),
            ("asctime", "Sun Nov  6 08:49:37 1994"),
        )
    ),
    case(
        "STA-19",
        "a file has a Last-Modified in the one format that is sent",
        "RFC 9110 section 8.8.2: Last-Modified = HTTP-date; section 5.6.7: a sender must use IMF-fixdate.",
        get(FILE),
        expect(
            200, headers={"Last-Modified": match(matches=r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")}
        ),
    ),
)
