"""Shares, verdicts and their confidence, by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samewire.exchange import Answer, Chunk, Framing
from samewire.streaming import Arrival, chance, judge, pieces_lost, share, suspicious


def answer(*times: float, complete: bool = True) -> Answer:
    chunks = (*(Chunk(b"data: x\n\n", "", at) for at in times), Chunk(b"", "", 9.0))
    return Answer("HTTP/1.1", 200, "OK", (), Framing.CHUNKED, b"data: x\n\n" * len(times), chunks, complete=complete)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (answer(0.1, 0.2, 0.4), 0.75),
        (answer(0.4, 0.4), 0.0),
        (answer(0.4), 0.0),
        (answer(), None),
        (answer(0.1, 0.2, complete=False), None),
        (answer(0.0), None),
    ],
)
def test_the_share_is_of_the_time_from_the_request_to_the_last_content(given: Answer, wanted: float | None) -> None:
    assert share(given) == (wanted if wanted is None else pytest.approx(wanted))


@pytest.mark.parametrize(
    ("shares", "arrival"),
    [
        ([0.8] * 20, Arrival.INCREMENTAL),
        ([0.0] * 20, Arrival.BUFFERED),
        ([0.8] * 16 + [0.0] * 4, Arrival.INCREMENTAL),
        ([0.8] * 4 + [0.0] * 16, Arrival.BUFFERED),
        ([0.8] * 15 + [0.0] * 5, Arrival.UNDECIDED),
        ([0.8] * 10 + [0.0] * 10, Arrival.UNDECIDED),
        ([0.05] * 20, Arrival.UNDECIDED),
        ([0.8] * 6, Arrival.UNDECIDED),
        ([None] * 20, Arrival.UNDECIDED),
        ([0.8] * 10 + [None] * 10, Arrival.UNDECIDED),
        ([], Arrival.UNDECIDED),
    ],
)
def test_a_verdict_needs_so_many_repeats_of_one_kind_that_chance_does_not_explain_them(
    shares: list[float | None], arrival: Arrival
) -> None:
    assert judge(shares).arrival is arrival


def test_the_confidence_is_that_of_the_sign_test() -> None:
    assert judge([0.8] * 8).confidence == pytest.approx(1 - 1 / 256)
    assert judge([0.8] * 3 + [0.0]).confidence == pytest.approx(1 - 5 / 16)


def test_two_servers_are_told_apart_by_the_exact_permutation_test() -> None:
    spread, at_once = judge([0.8] * 4), judge([0.0] * 4)
    assert chance(spread, at_once) == pytest.approx(1 / 70)
    assert chance(at_once, spread) == pytest.approx(1)
    assert chance(spread, spread) == chance(at_once, at_once) == 1


@given(st.lists(st.floats(0, 1), max_size=12), st.lists(st.floats(0, 1), max_size=12))
def test_the_chance_is_one(old: list[float], new: list[float]) -> None:
    assert 0 < chance(judge(old), judge(new)) <= 1 + 1e-9


def test_only_what_is_clear_on_both_sides_is_a_loss() -> None:
    clear, late, between = judge([0.8] * 20), judge([0.0] * 20), judge([0.05] * 20)
    assert pieces_lost(clear, late)
    for old, new in ((clear, clear), (late, late), (late, clear), (clear, between), (between, late)):
        assert not pieces_lost(old, new)


def test_a_few_repeats_end_the_search_only_where_there_is_nothing_to_find() -> None:
    assert suspicious([0.8, 0.0, 0.0], [0.0, 0.0, 0.8])
    assert suspicious([0.8] * 3, [None] * 3)
    assert not suspicious([0.8] * 3, [0.8, 0.8, 0.0])
    assert not suspicious([0.0] * 3, [0.0] * 3)


def test_a_verdict_tells_its_evidence() -> None:
    assert str(judge([0.8] * 20)) == (
        "incremental: 20 of 20 answers spread over their time, 0 at once (confidence over 99.99 %)"
    )
    assert "undecided: 2 of 4 answers" in str(judge([0.8, 0.8, 0.0, 0.0]))
