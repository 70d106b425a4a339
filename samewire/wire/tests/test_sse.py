from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from samewire.wire.sse import Event, Stream, parse


def test_an_event_is_its_fields_up_to_an_empty_line() -> None:
    assert parse(b"event: a\nid: 7\nretry: 30\ndata: x\n\n") == (Event("x", "a", "7", 30),)


def test_several_data_lines_are_joined_by_lf_and_lose_one_space_each() -> None:
    assert parse(b"data: a\ndata:  b\ndata:c\ndata\n\n") == (Event("a\n b\nc\n"),)


def test_lines_end_with_cr_lf_or_crlf() -> None:
    assert parse(b"data: a\rdata: b\r\ndata: c\n\r") == (Event("a\nb\nc"),)
    assert parse(b"data: a\r\r") == (Event("a"),)


def test_a_byte_order_mark_at_the_beginning_is_dropped_and_only_there() -> None:
    assert parse(b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n") == (Event("a"),)


def test_comments_stand_where_they_were() -> None:
    assert parse(b": one\n\ndata: a\n:two\n\n") == (
        Event(comment="one", dispatched=False),
        Event(comment="two", dispatched=False),
        Event("a"),
    )


def test_an_empty_data_line_is_an_event_and_no_data_line_is_none() -> None:
    assert parse(b"data\n\n") == (Event(""),)
    assert parse(b"id: 1\n\n") == (Event(id="1", dispatched=False),)
    assert parse(b"\n\nunknown: 1\n\n") == ()


def test_an_event_without_its_empty_line_is_not_dispatched() -> None:
    assert parse(b"data: a\n") == (Event("a", dispatched=False),)
    assert parse(b"data: a") == (Event("a", dispatched=False),)


def test_an_id_with_nul_and_a_retry_that_is_no_number_are_ignored() -> None:
    assert parse(b"id: a\0\nretry: 1x\ndata: d\n\n") == (Event("d"),)
    assert parse(b"retry: " + b"9" * 9999 + b"\ndata: d\n\n")[0].retry == 10**18 - 1


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert parse(b"data: \xff\n\n") == (Event("\ufffd"),)


pieces = [b"data", b":", b" ", b"\n", b"\r", b"\r\n", b"x", b"\xef\xbb\xbf", b"\xc3\xa4", b"id", b"event", b"retry: 5"]


@given(st.lists(st.sampled_from(pieces), max_size=30).map(b"".join), st.sets(st.integers(1, 60)))
def test_however_the_stream_is_cut_the_events_are_the_same(data: bytes, cuts: set[int]) -> None:
    stream = Stream()
    events = []
    for start, end in pairwise([0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]):
        events += stream.feed(data[start:end])
    assert (*events, *stream.end()) == parse(data)
