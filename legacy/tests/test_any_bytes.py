from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from legacy.tests.events import REFUSED, SOUND, seen

MESSAGES = st.lists(st.sampled_from([*SOUND, *REFUSED.values()]), min_size=1, max_size=3).map("".join)


@settings(deadline=None)
@given(MESSAGES, st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_however_the_bytes_are_cut_the_events_are_the_same(text: str, cuts: list[int]) -> None:
    data, pieces, at = text.encode("latin-1"), list[bytes](), 0
    while at < len(data):
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(data[at : at + size])
        at += size
    assert seen(pieces) == seen([data])


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_being_refused(data: bytes) -> None:
    assert all(not isinstance(event, int) or event in {400, 414, 431} for event in seen([data]))
