"""Differences that are meant, and entries that no longer are."""

from __future__ import annotations

from datetime import date

import pytest

from samewire.compare import Accepted, apply, stale
from samewire.result import Difference, Grade

TODAY = date(2026, 3, 1)
SERVER = Difference("HEA-01", "body.json:/server", '"legacy"', '"aiohttp"', Grade.BREAKING)


def entry(**given: object) -> Accepted:
    words = {"place": "body.json:/server", "reason": "it says who answers", "owner": "web", "until": TODAY}
    return Accepted.model_validate(words | given)


def test_an_entry_takes_its_difference_and_its_reason_goes_with_it() -> None:
    found = apply([SERVER], [entry()], TODAY)
    assert found.remaining == ()
    assert [(one.difference, one.reason, one.owner, one.until) for one in found.accepted] == [
        (SERVER, "it says who answers", "web", "2026-03-01")
    ]
    assert found.used == {entry()}


@pytest.mark.parametrize(
    "given",
    [
        {"place": "body.json:/serve"},
        {"cases": "ROU-*"},
        {"old": '"aiohttp"'},
        {"new": '"aio"'},
        {"old_matches": "legacy"},
        {"new_matches": '"aio'},
        {"until": date(2026, 2, 28)},
    ],
)
def test_an_entry_that_speaks_of_something_else_or_has_expired_takes_nothing(given: dict[str, object]) -> None:
    found = apply([SERVER], [entry(**given)], TODAY)
    assert (found.remaining, found.accepted, found.used) == ((SERVER,), (), frozenset())


def test_both_sides_can_be_pinned_exactly_or_by_pattern() -> None:
    for given in ({"old": '"legacy"', "new": '"aiohttp"'}, {"old_matches": '"l.*"', "new_matches": '"a.*"'}):
        assert apply([SERVER], [entry(**given)], TODAY).remaining == ()


def test_an_expired_entry_is_stale_in_any_run() -> None:
    old = entry(until=date(2026, 2, 28))
    (words,) = stale([old], [], TODAY, full=False)
    assert "body.json:/server" in words
    assert "expired on 2026-02-28" in words
    assert "web" in words


def test_an_unused_entry_is_stale_in_a_full_run_only() -> None:
    assert stale([entry()], [], TODAY, full=False) == ()
    assert "no longer occurs" in stale([entry()], [], TODAY, full=True)[0]
    assert stale([entry()], [entry()], TODAY, full=True) == ()
