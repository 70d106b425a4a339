"""Which targets the contract is held against, and why those."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import pytest

from samewire.config import Config
from samewire.credentials import UnusableTarget
from samewire.targets import Target, resolve

VARIABLE = "USE_AIOHTTP"
CHOSEN = pytest.StashKey["Chosen"]()
"""Where a pytest run keeps its choice."""
_WORDS: dict[str, Literal["true", "false"]] = {
    **dict.fromkeys(("true", "1", "yes", "on"), "true"),
    **dict.fromkeys(("false", "0", "no", "off"), "false"),
}


class UnusableChoice(Exception):
    """The targets that were asked for can't be told; the text says what can be given."""


class Chosen(NamedTuple):
    """The targets, and in words why those; each case is compared between the first and every other one."""

    targets: tuple[Target, ...]
    why: str

    def __str__(self) -> str:
        names = " and ".join(target.name for target in self.targets)
        pairs = ", each case compared between the first and the others" if len(self.targets) > 1 else ""
        return f"{names}{pairs} ({self.why})"


def choose(given: Sequence[str], use_aiohttp: str | None, config: Config) -> Chosen:
    """The targets given by name or URL, else the one that USE_AIOHTTP means, else all of the configuration.

    Of all, the two that USE_AIOHTTP chooses between come first. Raises UnusableChoice.
    """
    if given:
        return Chosen(_resolved(given, config), "--target")
    if not use_aiohttp:
        pair = [config.use_aiohttp[word] for word in ("false", "true") if word in config.use_aiohttp]
        return Chosen(_resolved([*pair, *config.targets], config), f"{VARIABLE} is not set")
    word = _WORDS.get(use_aiohttp.lower())
    if word is None or word not in config.use_aiohttp:
        raise UnusableChoice(
            f"{VARIABLE} is {use_aiohttp!r}: use {' or '.join(_WORDS)}, or leave it out for every server"
        )
    return Chosen(_resolved([config.use_aiohttp[word]], config), f"{VARIABLE} is {use_aiohttp}")


def _resolved(names: Sequence[str], config: Config) -> tuple[Target, ...]:
    if not names:
        raise UnusableChoice("no target: give --target NAME_OR_URL, or a section [use_aiohttp] in samewire.toml")
    try:
        return tuple(resolve(name, config) for name in dict.fromkeys(names))
    except UnusableTarget as error:
        raise UnusableChoice(str(error)) from None
