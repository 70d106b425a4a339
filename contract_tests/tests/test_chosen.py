"""Which targets the contract is held against."""

from __future__ import annotations

import pytest

from contract_tests.chosen import Chosen, UnusableChoice, choose
from samewire.config import Config, TargetSettings

CONFIG = Config(
    targets={name: TargetSettings(url=f"http://{name}.example") for name in ("other", "new", "old")},
    use_aiohttp={"true": "new", "false": "old"},
)


def _names(chosen: Chosen) -> list[str]:
    return [target.name for target in chosen.targets]


@pytest.mark.parametrize("value", [None, ""])
def test_without_use_aiohttp_there_are_all_and_the_old_one_comes_first(value: str | None) -> None:
    chosen = choose([], value, CONFIG)
    assert _names(chosen) == ["old", "new", "other"]
    words = "old and new and other, each case compared between the first and the others (USE_AIOHTTP is not set)"
    assert str(chosen) == words


@pytest.mark.parametrize(
    ("value", "name"), [("true", "new"), ("1", "new"), ("YES", "new"), ("on", "new"), ("False", "old"), ("0", "old")]
)
def test_use_aiohttp_chooses_one(value: str, name: str) -> None:
    chosen = choose([], value, CONFIG)
    assert _names(chosen) == [name]
    assert str(chosen) == f"{name} (USE_AIOHTTP is {value})"


@pytest.mark.parametrize("value", ["maybe", "2", " true"])
def test_any_other_value_is_refused_and_named(value: str) -> None:
    with pytest.raises(UnusableChoice, match=f"USE_AIOHTTP is '{value}': use true or 1"):
        choose([], value, CONFIG)


def test_a_given_target_wins_over_use_aiohttp_even_over_nonsense() -> None:
    assert _names(choose(["old"], "maybe", CONFIG)) == ["old"]
    assert _names(choose(["http://other.example"], "true", CONFIG)) == ["http://other.example"]


def test_a_target_that_is_not_there_is_named() -> None:
    with pytest.raises(UnusableChoice, match="there is no target 'nobody'"):
        choose(["nobody"], None, CONFIG)


def test_a_configuration_without_the_choice_says_what_to_do() -> None:
    with pytest.raises(UnusableChoice, match="--target NAME_OR_URL"):
        choose([], None, Config())
