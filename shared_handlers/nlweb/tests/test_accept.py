"""The preference of a client between events and JSON."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.accept import prefers_events


def preference(*lines: str, otherwise: bool = True) -> bool:
    headers = CIMultiDict(("Accept", line) for line in lines)
    return prefers_events(CIMultiDictProxy(headers), otherwise=otherwise)


@pytest.mark.parametrize(
    ("accept", "events"),
    [
        ("text/event-stream", True),
        ("application/json", False),
        ("application/json;q=0.9, text/event-stream;q=0.8", False),
        ("application/json;q=0.8, text/event-stream;q=0.9", True),
        ("text/event-stream;q=0, application/json", False),
        ("text/event-stream, application/json;q=0.001", True),
        ("application/json, text/plain, */*", False),
        ("application/*", False),
        ("text/*, application/json;q=0.5", True),
        ("Application/JSON ; Q=1.0", False),
        ("application/json;q=high, text/event-stream;q=0.1", True),
    ],
)
@pytest.mark.parametrize("otherwise", [True, False])
def test_the_higher_quality_wins_then_the_more_exact_name(accept: str, events: bool, otherwise: bool) -> None:
    assert preference(accept, otherwise=otherwise) is events


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "text/event-stream-x", "application/json;q=0", ","])
@pytest.mark.parametrize("otherwise", [True, False])
def test_without_a_favourite_the_endpoint_decides(accept: str, otherwise: bool) -> None:
    assert preference(accept, otherwise=otherwise) is otherwise


def test_several_accept_lines_are_one_list() -> None:
    assert preference("application/json;q=0.1", "text/event-stream") is True


@given(st.text())
def test_no_text_of_a_client_is_too_odd(accept: str) -> None:
    assert preference(accept) in (True, False)
