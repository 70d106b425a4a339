"""Preconditions, ranges and variants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.codings import preferred
from shared_handlers.http_date import format_date, parse_date
from shared_handlers.message import Headers
from shared_handlers.selection import FileFacts, Selection, select

FILE = FileFacts(100, 784111777_000_000_001, 784111777, "text/plain; charset=utf-8", "public, max-age=60")
MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT"
EMPTY = FILE._replace(size=0)


def headers(**fields: str | list[str]) -> Headers:
    lines: CIMultiDict[str] = CIMultiDict()
    for name, value in fields.items():
        for line in [value] if isinstance(value, str) else value:
            lines.add(name.replace("_", "-"), line)
    return CIMultiDictProxy(lines)


def selected(method: str = "GET", file: FileFacts = FILE, **fields: str | list[str]) -> Selection:
    return select(file, headers(**fields), method)


def status(method: str = "GET", **fields: str | list[str]) -> int:
    return select(FILE, headers(**fields), method).status


def test_without_conditions_the_whole_file_is_sent_with_its_fields() -> None:
    assert selected() == Selection(
        200,
        (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("ETag", FILE.etag),
            ("Cache-Control", "public, max-age=60"),
            ("Last-Modified", MODIFIED),
            ("Accept-Ranges", "bytes"),
        ),
        0,
        100,
    )


def test_the_tag_changes_with_time_size_and_coding() -> None:
    others = [
        FILE._replace(mtime_ns=1),
        FILE._replace(size=1),
        FILE._replace(coding="br"),
        FILE._replace(coding="gzip"),
    ]
    assert len({FILE.etag, *(other.etag for other in others)}) == 5
    assert FILE.etag.startswith('"')


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (FILE.etag, 304), (f"W/{FILE.etag}", 304), (f'"a", {FILE.etag}', 304), (f'"a,b" ,, W/"c",{FILE.etag}', 304),
        (["\"a\"", FILE.etag], 304), ("*", 304), ('"a"', 200), (FILE.etag.strip('"'), 200), ("", 200), ('"a', 200),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_none_match_compares_weakly(method: str, tags: str | list[str], expected: int) -> None:
    assert status(method, If_None_Match=tags) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(FILE.etag, 200), (f"W/{FILE.etag}", 412), (f'"a", {FILE.etag}', 200), ("*", 200), ('"a"', 412), ("", 412)],
)
def test_if_match_compares_strongly(tags: str, expected: int) -> None:
    assert status(If_Match=tags) == expected


def test_if_modified_since_counts_in_seconds() -> None:
    assert status(If_Modified_Since=MODIFIED) == 304
    assert status(If_Modified_Since=format_date(FILE.modified + 1)) == 304
    assert status(If_Modified_Since=BEFORE) == 200


def test_if_unmodified_since_refuses_what_is_newer() -> None:
    assert status(If_Unmodified_Since=MODIFIED) == 200
    assert status(If_Unmodified_Since=BEFORE) == 412


@pytest.mark.parametrize("text", ["yesterday", "784111777", "", "Sun, 31 Feb 1994 08:49:37 GMT", MODIFIED.lower()])
def test_what_is_no_date_is_ignored(text: str) -> None:
    assert status(If_Modified_Since=text) == 200
    assert status(If_Unmodified_Since=text) == 200
    assert status(If_Modified_Since=[MODIFIED, MODIFIED]) == 200


def test_conditions_are_evaluated_in_their_order() -> None:
    assert status(If_Match='"a"', If_None_Match=FILE.etag) == 412
    assert status(If_Match=FILE.etag, If_Unmodified_Since=BEFORE) == 200
    assert status(If_Match=FILE.etag, If_None_Match=FILE.etag) == 304
    assert status(If_None_Match='"a"', If_Modified_Since=MODIFIED) == 200
    assert status(If_None_Match=FILE.etag, If_Modified_Since=BEFORE) == 304
    assert status(If_Unmodified_Since=BEFORE, If_None_Match=FILE.etag) == 412
    assert status(If_None_Match=FILE.etag, Range="bytes=0-4") == 304
    assert status(If_Match='"a"', Range="bytes=500-") == 412


def test_304_repeats_the_validator_and_what_steers_caches_only() -> None:
    fields = selected(file=FILE._replace(varies=True), If_None_Match="*").fields
    assert [name for name, _ in fields] == ["ETag", "Cache-Control", "Vary"]


@pytest.mark.parametrize(
    ("ranges", "part"),
    [
        ("0-4", (0, 5)), ("5-", (5, 95)), ("-5", (95, 5)), ("99-", (99, 1)), ("0-0", (0, 1)), ("90-500", (90, 10)),
        ("-500", (0, 100)), ("0-99999999999999999999999999", (0, 100)), ("00000-0000000000000000000004", (0, 5)),
    ],
)  # fmt: skip
def test_one_range_is_served_and_clamped(ranges: str, part: tuple[int, int]) -> None:
    chosen = selected(Range=f"bytes={ranges}")
    assert (chosen.status, chosen.offset, chosen.length) == (206, *part)
    assert dict(chosen.fields)["Content-Range"] == f"bytes {part[0]}-{part[0] + part[1] - 1}/100"
    assert dict(chosen.fields)["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("ranges", ["100-", "100-200", "9999999999999999999999-", "-0"])
def test_a_range_beyond_the_end_is_416_and_names_the_size(ranges: str) -> None:
    assert selected(Range=f"bytes={ranges}") == Selection(416, (("Content-Range", "bytes */100"),))


@pytest.mark.parametrize(
    "line",
    [
        "bytes=4-0", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes 0-4", "lines=0-4", "0-4", "bytes=0-4,10-14",
        "bytes=" + ",".join(["0-"] * 500), "bytes=+1-4", "bytes=٣-٤", "bytes=0 - 4", "",
    ],
)  # fmt: skip
def test_any_other_range_is_ignored(line: str) -> None:
    assert selected(Range=line) == selected()


def test_the_unit_is_read_in_any_case_and_two_lines_are_ignored() -> None:
    assert status(Range="Bytes=0-4") == 206
    assert status(Range=["bytes=0-4", "bytes=0-4"]) == 200


def test_head_ignores_ranges() -> None:
    assert selected("HEAD", Range="bytes=0-4") == selected("HEAD")
    assert status("HEAD", Range="bytes=500-") == 200


@pytest.mark.parametrize(("ranges", "expected"), [("0-0", 416), ("0-", 416), ("-0", 416), ("-5", 200)])
def test_an_empty_file_has_no_range_but_its_end(ranges: str, expected: int) -> None:
    chosen = selected(file=EMPTY, Range=f"bytes={ranges}")
    assert (chosen.status, chosen.length) == (expected, 0)


@pytest.mark.parametrize(
    ("validator", "expected"),
    [(FILE.etag, 206), (f"W/{FILE.etag}", 200), ('"a"', 200), (MODIFIED, 206), (BEFORE, 200), ("x", 200), ("*", 200)],
)
def test_if_range_serves_the_part_only_of_the_same_file(validator: str, expected: int) -> None:
    assert status(Range="bytes=0-4", If_Range=validator) == expected


def test_a_stale_if_range_makes_an_impossible_range_whole() -> None:
    assert status(Range="bytes=500-", If_Range='"a"') == 200


@given(
    st.integers(0, 300),
    st.text("0123456789-,=b ytes", max_size=12) | st.from_regex(r"bytes=\d{0,3}-\d{0,3}", fullmatch=True),
)
def test_a_range_never_leaves_the_file(size: int, line: str) -> None:
    chosen = selected(file=FILE._replace(size=size), Range=line)
    assert chosen.status in (200, 206, 416)
    assert 0 <= chosen.offset <= chosen.offset + chosen.length <= size
    assert chosen.status != 206 or chosen.length > 0


@pytest.mark.parametrize("text", [MODIFIED, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
def test_a_date_is_read_in_three_formats(text: str) -> None:
    assert parse_date(text) == 784111777


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT"]
)
def test_another_text_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@given(st.integers(0, 4_000_000_000))
def test_a_date_that_is_written_is_read_back(seconds: int) -> None:
    assert parse_date(format_date(seconds)) == seconds


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"), ("br", "br"), ("gzip, br", "br"), ("gzip;q=1, br;q=0.5", "gzip"), ("*", "br"),
        ("gzip;q=0", "identity"), ("*;q=0", "identity"), ("br;q=0, *", "gzip"), ("x-gzip", "gzip"), ("xgzip", "identity"),
        ("GZIP; Q=0.1", "gzip"), ("identity, gzip;q=0.5", "identity"), ("identity, gzip", "gzip"), ("", "identity"),
        ("gzip;q=2", "identity"), ("deflate", "identity"), ("identity;q=0", "identity"), ("identity;q=0, gzip;q=0.1", "gzip"),
    ],
)  # fmt: skip
def test_the_coding_follows_the_weights(accepted: str, coding: str) -> None:
    assert preferred(headers(Accept_Encoding=accepted), ["br", "gzip"]) == coding


def test_without_accept_encoding_nothing_is_coded() -> None:
    assert preferred(headers(), ["br", "gzip"]) == "identity"
