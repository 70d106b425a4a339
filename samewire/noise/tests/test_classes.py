"""Each class admits what it was learnt from, and refuses what is none of it, whatever the values."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from samewire.noise import learn
from samewire.noise.fitting import fit
from samewire.noise.seen import Seen
from samewire.noise.shape import Shape, gather
from samewire.noise.tests.samples import T0, header, imf, sample

HEXADECIMAL = "0123456789abcdef"
SECONDS = st.floats(0, 3600).map(lambda at: round(at, 3))
WORDS = st.text(string.ascii_letters + string.digits + " -_.:,/", max_size=30)
KINDS = (
    WORDS,
    st.integers(-5, 10**12).map(str),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: f"{number:.4f}"),
    st.uuids().map(str),
    st.text(HEXADECIMAL, min_size=8, max_size=32),
    SECONDS.map(imf),
    st.lists(st.sampled_from("abcd"), min_size=2, max_size=5).map(", ".join),
    st.tuples(WORDS, st.uuids()).map(lambda pair: f"{pair[0]}<{pair[1]}>"),
)


def several(kind: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(kind, min_size=2, max_size=4, unique=True)


def iso(at: float) -> str:
    return datetime.fromtimestamp(T0 + at, UTC).isoformat(timespec="milliseconds")


def milliseconds(at: float) -> str:
    return str(int((T0 + at) * 1000))


def seen(text: str, at: float = 0.0, server: str = "old") -> Seen:
    """A field's value, `at` seconds after T0."""
    transcript = header(text, at=at, server=server)
    answered = transcript.observations[0]
    return Seen(text, False, transcript, getattr(answered, "answer", None), content=False)


def fitted(texts: list[str], times: list[float] | None = None) -> tuple[Shape | None, list[Seen]]:
    samples = [seen(text, at) for text, at in zip(texts, times or range(len(texts)), strict=True)]
    return fit(samples), samples


def tokens(length: int) -> st.SearchStrategy[str]:
    """Random enough to be told from words, and so that no two share a beginning."""
    return st.text(HEXADECIMAL, min_size=length, max_size=length).filter(
        lambda text: any(sign.isdigit() for sign in text) and any(sign.isalpha() for sign in text)
    )


@given(several(st.one_of(KINDS)))
def test_what_a_class_was_learnt_from_is_of_the_class(texts: list[str]) -> None:
    shape, samples = fitted(texts)
    if shape is not None:
        assert all(shape.admits(one, other) for one, other in combinations(samples, 2)), shape


@given(st.sampled_from(KINDS).flatmap(lambda kind: st.tuples(several(kind), several(kind))))
def test_merging_takes_nothing_away(both: tuple[list[str], list[str]]) -> None:
    fits = [fitted(texts) for texts in both]
    shapes = gather([shape] if (shape := fits[0][0]) else [], [shape] if (shape := fits[1][0]) else [])
    for shape, samples in fits:
        for pair in combinations(samples, 2) if shape else ():
            assert any(one.admits(*pair) for one in shapes), shapes


@given(st.lists(tokens(16), min_size=2, max_size=4, unique=True), tokens(16))
def test_a_token_is_as_long_as_it_was_and_of_the_same_letters(texts: list[str], fresh: str) -> None:
    shape, samples = fitted([f"req-{text}" for text in texts])
    assert shape is not None
    assume(shape.kind == "token")
    assert shape.admits(samples[0], seen(f"req-{fresh}", server="new"))
    for wrong in (fresh[:8], fresh * 2, fresh.upper(), f"{fresh[:-1]}!", ""):
        assert not shape.admits(samples[0], seen(f"req-{wrong}", server="new"))
    assert not shape.admits(samples[0], seen(f"id-{fresh}", server="new"))


@given(st.lists(st.uuids(version=4), min_size=2, max_size=4, unique=True), st.uuids(version=4))
def test_a_uuid_keeps_its_version(ids: list[UUID], fresh: UUID) -> None:
    shape, samples = fitted([str(id) for id in ids])
    assert shape is not None
    assert shape.admits(samples[0], seen(str(fresh), server="new"))
    for wrong in (str(UUID(int=fresh.int, version=1)), fresh.hex, str(fresh)[:-1], str(fresh).upper()):
        assume(wrong != str(fresh))
        assert not shape.admits(samples[0], seen(wrong, server="new"))


@pytest.mark.parametrize("write", [iso, milliseconds])
@given(times=st.lists(st.integers(0, 3600), min_size=2, max_size=4, unique=True), at=SECONDS, off=st.floats(60, 86400))
def test_a_clock_is_near_the_time_of_asking(
    write: Callable[[float], str], times: list[float], at: float, off: float
) -> None:
    times.sort()
    shape, samples = fitted([write(now) for now in times], times)
    assert shape is not None
    assert shape.kind == "clock"
    assert shape.admits(samples[0], seen(write(at), at, "new"))
    for wrong in (at + off, at - off):
        assert not shape.admits(samples[0], seen(write(wrong), at, "new"))


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=5, unique=True), st.integers(1, 10**6))
def test_a_counter_never_goes_back_on_one_server(counts: list[int], less: int) -> None:
    counts.sort()
    shape, samples = fitted([str(count) for count in counts])
    assert shape is not None
    assert shape.kind in ("counter", "token")
    assume(shape.kind == "counter")
    last = samples[-1]
    assert not shape.admits(last, seen(str(counts[-1] - less), len(counts) + 1.0))
    assert not shape.admits(last, seen("many", server="new"))


@given(st.lists(st.floats(0.1, 0.9), min_size=2, max_size=5, unique=True), st.floats(11, 1e6))
def test_jitter_stays_near_its_range(figures: list[float], times: float) -> None:
    texts = [f"{found:.6f}" for found in figures]
    low, high = min(map(float, texts)), max(map(float, texts))
    assume(high - low > 0.001)
    shape, samples = fitted(texts, [0.0] * len(texts))
    assert shape is not None
    assume(shape.kind == "jitter")
    assert shape.admits(samples[0], seen(f"{(low + high) / 2:.6f}", server="new"))
    for wrong in (high + times * (high - low), low - times * (high - low)):
        assert not shape.admits(samples[0], seen(f"{wrong:.6f}", server="new"))


@given(
    st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=6), min_size=2, max_size=6, unique=True), st.data()
)
def test_permuted_members_are_the_same_in_every_order(members: list[str], data: st.DataObject) -> None:
    orders = [data.draw(st.permutations(members)) for _ in range(3)]
    assume(orders[0] != orders[1])
    arrays = [sample(json.dumps({"all": order})) for order in orders]
    noise = learn(arrays[:2], ())
    assert {place.kind for place in noise.places} == {"permuted"}
    shape, samples = fitted([", ".join(order) for order in orders[:2]])
    assert shape is not None
    assert shape.admits(samples[0], seen(", ".join(orders[2]), server="new"))
    for wrong in (members[1:], [*members, "zzzzzzz"], ["zzzzzzz", *members[1:]]):
        assert not shape.admits(samples[0], seen(", ".join(wrong), server="new"))
