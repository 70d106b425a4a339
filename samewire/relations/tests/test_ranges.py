"""Range requests beside the full answer: the parts are exactly its slices, or it is told where they are not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samewire.exchange import Answer
from samewire.relations.byteranges import Span, asked, parts
from samewire.relations.tests.hand_made import CONTENT, answer, wrong

KEPT = {"Content-Type": "text/plain", "ETag": '"v1"', "Vary": "Accept"}
MULTIPART = {**KEPT, "Content-Type": 'multipart/byteranges; boundary="cut"'}
FIRST = {"range": "bytes=0-1"}
TWO = {"range": "bytes=0-0,-1"}


def part(body: bytes, range: str) -> Answer:
    return answer(206, {**KEPT, "Content-Range": range}, body)


def body_part(range: str, data: bytes) -> bytes:
    return b"\r\n--cut\r\nContent-Type: text/plain\r\nContent-Range: %b\r\n\r\n%b" % (range.encode(), data)


def multipart(*found: tuple[str, bytes], end: bytes = b"\r\n--cut--\r\n") -> Answer:
    body = b"".join(body_part(range, data) for range, data in found).removeprefix(b"\r\n")
    return answer(206, MULTIPART, body + end)


def ranged_too(given: Answer) -> Answer:
    return replace(given, fields=(*given.fields, ("Content-Range", "bytes 0-0/10")))


@pytest.mark.parametrize("right", [part(b"01", "bytes 0-1/10"), part(b"0", "bytes 0-0/*"), answer()])
def test_the_exact_bytes_are_right_and_so_is_all_of_them(right: Answer) -> None:
    assert wrong("range", right, asked=FIRST) == []


@pytest.mark.parametrize(
    ("places", "given"),
    [
        (["body"], part(b"12", "bytes 0-1/10")),
        (["body"], part(b"012", "bytes 0-1/10")),
        (["header.content-range"], part(b"01", "bytes 0-1/11")),
        (["header.content-range"], part(b"012", "bytes 0-2/10")),
        (["header.content-range"], part(b"01", "0-1/10")),
        (["header.content-range"], answer(206, KEPT, b"01")),
        (["header.etag"], answer(206, {"Vary": "Accept", "Content-Range": "bytes 0-1/10"}, b"01")),
        (["header.content-type"], answer(206, {**KEPT, "Content-Type": "a/b", "Content-Range": "bytes 0-1/10"}, b"01")),
        (["status"], answer(416, {"Content-Range": "bytes */10"}, b"")),
        (["body"], answer(body=b"01")),
    ],
)
def test_other_bytes_or_another_range_are_wrong(places: list[str], given: Answer) -> None:
    assert wrong("range", given, asked=FIRST) == places


def test_a_range_beyond_the_end_is_a_416_that_tells_the_length() -> None:
    beyond = {"range": "bytes=10-"}
    assert wrong("range", answer(416, {"Content-Range": "bytes */10"}, b""), asked=beyond) == []
    assert wrong("range", answer(416, {"Content-Range": "bytes */9"}, b""), asked=beyond) == ["header.content-range"]
    assert wrong("range", answer(416, {}, b""), asked=beyond) == ["header.content-range"]
    assert wrong("range", part(b"9", "bytes 9-9/10"), asked=beyond) == ["status"]


def test_two_ranges_come_as_exact_parts() -> None:
    right = multipart(("bytes 0-0/10", b"0"), ("bytes 9-9/10", b"9"))
    assert wrong("range", right, asked=TWO) == []
    assert wrong("range", part(CONTENT, "bytes 0-9/10"), asked=TWO) == []


@pytest.mark.parametrize(
    ("places", "given"),
    [
        (["part[1].body"], multipart(("bytes 0-0/10", b"0"), ("bytes 9-9/10", b"8"))),
        (["part[0].header.content-range"], multipart(("bytes 0-0/11", b"0"))),
        (["body"], multipart(("bytes 0-0/10", b"0"), end=b"")),
        (["body"], answer(206, MULTIPART, b"01")),
        (["header.content-range"], ranged_too(multipart(("bytes 0-0/10", b"0")))),
    ],
)
def test_a_part_that_is_no_slice_is_wrong_at_its_number(places: list[str], given: Answer) -> None:
    assert wrong("range", given, asked=TWO) == places


def test_a_single_range_in_multipart_is_wrong() -> None:
    assert wrong("range", multipart(("bytes 0-1/10", b"01")), asked=FIRST) == ["body"]


def test_if_range_with_the_tag_must_give_the_part_of_a_server_that_gives_parts() -> None:
    whole = {**FIRST, "if-range": '"v1"'}
    assert wrong("range", answer(), asked=whole, earlier=(206,)) == ["status"]
    assert wrong("range", answer(), asked=whole, earlier=(200,)) == []


@pytest.mark.parametrize(
    ("value", "spans"),
    [
        ("bytes=0-0", [Span(0, 0)]),
        ("bytes=5-", [Span(5, 9)]),
        ("bytes=-3", [Span(7, 9)]),
        ("bytes=-99", [Span(0, 9)]),
        ("bytes=8-99, 1-2", [Span(8, 9), Span(1, 2)]),
        ("bytes=10-", []),
        ("bytes=-0", []),
        ("bytes=5-4", []),
        ("bytes=x", []),
    ],
)
def test_ranges_are_read_as_the_rfc_says(value: str, spans: list[Span]) -> None:
    assert list(asked(value, 10)) == spans


@given(st.binary(max_size=200), st.text("ab-\r\n", max_size=5))
def test_no_content_makes_the_reading_of_parts_fail(content: bytes, boundary: str) -> None:
    found = parts(content, boundary)
    assert found is None or all(part.data in content for part in found)
