"""An entry goes into any configuration, and every other byte of it stays."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest

from samewire.accept.entry import globs
from samewire.accept.toml_file import with_entry
from samewire.config import ConfigError

MADE: dict[str, Any] = {
    "place": 'body.json:/"a"',
    "cases": ["A-1", "B-2"],
    "old": "\\ 'x' \"y\"",
    "reason": "é",
    "owner": "me",
    "until": date(2027, 1, 1),
}
ENTRY = '[[accepted]]\nplace = "a"\nreason = "b"\nowner = "c"\nuntil = 2027-01-01\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        'cases = "x"',
        'cases = "x"\n\n[load]\nusers = 3  # few\n# end\n',
        f"{ENTRY}\n# the load\n[load]\nusers = 3\n",
        f"# first\n{ENTRY}",
        ENTRY + "\n" + ENTRY.replace('"a"', '"b"'),
        'accepted = [{place = "a", reason = "b", owner = "c", until = 2027-01-01}]\n[load]\nusers = 3\n',
        "accepted = []\n",
        '[[rules]]\r\nplace = "x"\r\ncheck = "hex"\r\n',
    ],
)
def test_an_entry_is_added_and_the_rest_is_as_it_was(text: str) -> None:
    changed = with_entry(text, MADE)
    before, after = tomllib.loads(text), tomllib.loads(changed)
    assert after.pop("accepted") == [*before.pop("accepted", []), MADE]
    assert after == before
    if "[{" not in text and "[]" not in text:
        assert not [line for line in text.splitlines() if line not in changed.splitlines()]
    assert with_entry(changed, MADE) == changed
    assert not changed.endswith("\n\n")


def test_entries_stand_apart() -> None:
    changed = with_entry(with_entry(f"{ENTRY}\n[load]\nusers = 3\n", MADE), MADE | {"place": "status"})
    assert changed.count("\n\n[[accepted]]\n") == 2
    assert "\n\n[load]\n" in changed
    assert "\n\n\n" not in changed


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(ConfigError, match="not TOML"):
        with_entry("a = [", MADE)


def test_many_cases_are_named_by_what_they_have_in_common() -> None:
    assert globs(["A-1"]) == "A-1"
    assert globs(["A-1", "A-2"]) == ["A-1", "A-2"]
    assert globs([f"OLD-1{n}" for n in range(50)]) == "OLD-*"
    assert globs([f"{chr(65 + n)}-1" for n in range(20)]) == "*"


def test_records_of_traffic_are_named_by_their_source() -> None:
    assert globs(["old.har:7"]) == "old.har:*"
    assert globs(["old.har:7", "b.log:1", "b.log:2"]) == ["b.log:*", "old.har:*"]
    assert globs(["A-1", "old.har:7"]) == ["A-1", "old.har:7"]
