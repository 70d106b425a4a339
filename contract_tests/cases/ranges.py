"""Parts of files."""

from __future__ import annotations

from samewire.cases import Case, absent, case, expect, get, match, problem, text
from samewire.cases.model import Receive

SMALL = "/static/robots.txt"
LARGE = "/static/numbers.txt"
"""20,000 lines of six digits: 140,000 bytes."""
RANGE = "RFC 9110 section 14.2: a server that supports the range sends 206 with the part (section 15.3.7)."
FORMS = 'RFC 9110 section 14.1.2: int-range = first-pos "-" [ last-pos ]; suffix-range = "-" suffix-length.'
UNSATISFIABLE = "RFC 9110 section 15.5.17: 416 should have a Content-Range with the length of the whole."
IGNORED = "RFC 9110 section 14.2: a server may ignore Range; an invalid one or an unknown unit is ignored."
MANY = "RFC 9110 sections 14.6 and 17.15: several ranges may be answered with the whole, and many are an attack."
IF_RANGE = "RFC 9110 section 13.1.5: when the validator does not match exactly, Range is ignored."


def _part(content: str, first: int, size: int) -> Receive:
    last = first + len(content) - 1
    fields = {
        "Content-Range": f"bytes {first}-{last}/{size}",
        "Content-Length": str(len(content)),
        "Accept-Ranges": "bytes",
    }
    return expect(206, headers=fields, body=text(content))


def _asked(id: str, title: str, why: str, range: str, answer: Receive, path: str = LARGE) -> Case:
    return case(id, title, why, get(path, headers={"Range": range}), answer)


WHOLE = expect(200, headers={"Content-Length": "140000", "Content-Range": absent()})
BEYOND = expect(416, headers={"Content-Range": "bytes */140000"}, body=problem(title="Range Not Satisfiable"))

CASES: tuple[Case, ...] = (
    _asked("STA-10", "the first five bytes are 206", RANGE, "bytes=0-4", _part("00000", 0, 140_000)),
    _asked("STA-10.small", "a range of a small file is 206", RANGE, "bytes=0-4", _part("User-", 0, 45), SMALL),
    _asked("STA-10.middle", "a range may begin anywhere", RANGE, "bytes=7-12", _part("000001", 7, 140_000)),
    _asked("STA-10.one", "a range may be one byte", RANGE, "bytes=139998-139998", _part("9", 139_998, 140_000)),
    _asked("STA-11", "a suffix gets the last bytes", FORMS, "bytes=-3", _part("99\n", 139_997, 140_000)),
    _asked("STA-11.open", "an open range goes to the end", FORMS, "bytes=139996-", _part("999\n", 139_996, 140_000)),
    _asked(
        "STA-11.long",
        "a suffix longer than the file is the whole of it, as a part",
        FORMS,
        "bytes=-999999",
        expect(206, headers={"Content-Range": "bytes 0-139999/140000", "Content-Length": "140000"}),
    ),
    _asked("STA-12", "a range beyond the end is 416", UNSATISFIABLE, "bytes=140000-", BEYOND),
    _asked("STA-12.far", "a range far beyond the end is 416", UNSATISFIABLE, f"bytes={10**30}-", BEYOND),
    _asked("STA-12.zero", "a suffix of no byte is 416", UNSATISFIABLE, "bytes=-0", BEYOND),
    _asked(
        "STA-13",
        "a last position beyond the end is the end",
        "RFC 9110 section 14.1.2: a last-pos beyond the length means the remainder.",
        "bytes=139996-999999",
        _part("999\n", 139_996, 140_000),
    ),
    _asked("STA-14", "two ranges get the whole file", MANY, "bytes=0-4, 10-14", WHOLE),
    *(
        _asked(f"STA-15.{name}", f"a range that is {name} is ignored", IGNORED, range, WHOLE)
        for name, range in (
            ("unitless", "0-4"),
            ("unknown", "lines=0-4"),
            ("backward", "bytes=4-0"),
            ("empty", "bytes="),
            ("wordy", "bytes=a-b"),
            ("negative", "bytes=--4"),
        )
    ),
    _asked(
        "STA-15.case",
        "the unit is compared without case",
        "RFC 9110 section 14.1: range units are case-insensitive.",
        "Bytes=0-4",
        _part("00000", 0, 140_000),
    ),
    _asked(
        "STA-16", "a thousand overlapping ranges get the whole file", MANY, "bytes=" + ",".join(["0-"] * 1000), WHOLE
    ),
    case(
        "STA-17",
        "If-Range with the file's ETag gets the part",
        IF_RANGE,
        get(LARGE),
        expect(200, keep={"etag": "ETag"}),
        get(LARGE, headers={"Range": "bytes=0-4", "If-Range": "${etag}"}),
        _part("00000", 0, 140_000),
    ),
    case(
        "STA-17.date",
        "If-Range with the file's date gets the part",
        IF_RANGE,
        get(LARGE),
        expect(200, keep={"modified": "Last-Modified"}),
        get(LARGE, headers={"Range": "bytes=0-4", "If-Range": "${modified}"}),
        _part("00000", 0, 140_000),
    ),
    case(
        "STA-17.weak",
        "If-Range with a weak tag gets the whole",
        "RFC 9110 section 13.1.5: a client must not send a weak tag; the comparison is strong.",
        get(LARGE),
        expect(200, keep={"etag": "ETag"}),
        get(LARGE, headers={"Range": "bytes=0-4", "If-Range": "W/${etag}"}),
        WHOLE,
    ),
    *(
        case(
            f"STA-17.{name}",
            f"If-Range with {what} gets the whole",
            IF_RANGE,
            get(LARGE, headers={"Range": "bytes=0-4", "If-Range": value}),
            WHOLE,
        )
        for name, what, value in (
            ("stale", "another tag", '"other"'),
            ("old", "an earlier date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("later", "a later date", "Fri, 01 Jan 2100 00:00:00 GMT"),
        )
    ),
    case(
        "STA-18",
        "a file says that it has ranges",
        "RFC 9110 section 14.3: Accept-Ranges: bytes.",
        get(SMALL),
        expect(200, headers={"Accept-Ranges": "bytes"}),
    ),
    case(
        "STA-35",
        "an empty file is 200 with length 0",
        "RFC 9110 section 8.6: Content-Length is the length of the content.",
        get("/static/empty.txt"),
        expect(200, headers={"Content-Length": "0"}, body=text("")),
    ),
    case(
        "STA-35.range",
        "a range of an empty file is 416",
        "RFC 9110 section 14.1.2: a first-pos at or beyond the length is unsatisfiable.",
        get("/static/empty.txt", headers={"Range": "bytes=0-"}),
        expect(416, headers={"Content-Range": match(equals="bytes */0")}, body=problem()),
    ),
)
