"""Events as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_handlers.sse import comment, event


def test_an_event_has_its_fields_in_order_and_ends_with_an_empty_line() -> None:
    assert event("a", "tick", "1", 1000) == b"event: tick\nid: 1\nretry: 1000\ndata: a\n\n"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_each_line_of_data_has_its_own_field(end: str) -> None:
    assert event(f"a{end}b{end}") == b"data: a\ndata: b\ndata: \n\n"


def test_data_may_be_bytes_empty_and_begin_with_a_space() -> None:
    assert event(b'{"a":1}') == b'data: {"a":1}\n\n'
    assert event("") == b"data: \n\n"
    assert event(" a") == b"data:  a\n\n"


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0b"])
def test_a_line_end_or_nul_in_event_or_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line end"):
        event("a", event=text)
    with pytest.raises(ValueError, match="line end"):
        event("a", id=text)


def test_a_negative_retry_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        event("a", retry=-1)


def test_a_comment_can_not_become_an_event() -> None:
    assert comment("a\ndata: b") == b": a\n: data: b\n\n"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_a_browser_reads_is_what_was_written(text: str) -> None:
    lines = event(text).decode().removesuffix("\n\n").split("\n")
    read = "\n".join(line.removeprefix("data: ") for line in lines)
    assert all(line.startswith("data: ") for line in lines)
    assert read == text.replace("\r\n", "\n").replace("\r", "\n")
