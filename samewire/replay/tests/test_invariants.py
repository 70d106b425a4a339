"""A glance at the invariants never says that one is met that is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from samewire.cases.model import Match
from samewire.check import Invariant
from samewire.check.filling import Filling
from samewire.check.standing import check_invariants
from samewire.compare.tests.exchanges import answer
from samewire.replay.standing import glance

matches = st.builds(
    Match,
    equals=st.none() | st.sampled_from(["a", "", "${host}"]),
    matches=st.none() | st.sampled_from(["[a-z]+", ".*", "${host}"]),
    contains=st.none() | st.just("b"),
    absent=st.booleans(),
)
invariants = st.builds(
    Invariant,
    header=st.sampled_from(["X-A", "x-b"]),
    must=matches,
    statuses=st.sampled_from([("*",), ("2*",)]),
    targets=st.sampled_from(["*", "old"]),
)
fields = st.lists(st.tuples(st.sampled_from(["x-a", "X-B"]), st.sampled_from(["a", "ab", "", "B"])), max_size=3)


@given(st.lists(invariants, max_size=3), fields)
def test_what_is_met_at_a_glance_is_met(given_invariants: list[Invariant], lines: list[tuple[str, str]]) -> None:
    found = answer(b"", *lines)
    if glance(given_invariants)(found):
        filling = Filling("", "127.0.0.1:80")
        assert not list(check_invariants(given_invariants, "1", "old", found, filling))


def test_the_usual_ones_are_met_at_a_glance() -> None:
    usual = [Invariant(header="X-A", must=Match(matches="[a-z]+")), Invariant(header="X-B", must=Match(equals="b"))]
    assert glance(usual)(answer(b"", ("x-a", "a"), ("x-b", "b")))
    assert not glance(usual)(answer(b"", ("x-a", "A"), ("x-b", "b")))
    assert not glance(usual)(answer(b"", ("x-a", "a")))
