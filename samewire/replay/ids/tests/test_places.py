"""A page is looked into in time that grows with its length, whatever stands in it."""

from __future__ import annotations

import pytest

from samewire.exchange import Answer, Framing
from samewire.replay.ids.places import places


def page(text: str) -> Answer:
    return Answer("HTTP/1.1", 200, "OK", (("Content-Type", "text/html"),), Framing.LENGTH, text.encode())


def test_links_and_inputs_of_a_page_are_places() -> None:
    found = places(
        page("<a href='/x/1'>x</a><input type=hidden name=\"csrf\" value=\"abc\"><INPUT NAME = 'n' VALUE = 'v'>")
    )
    assert set(found.values()) == {"/x/1", "abc", "v"}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["<a " + "x" * 1990 + ">", "<a ", "<a " + "x=" * 900 + ">", "<a x" + " " * 1900 + ">"])
def test_a_hostile_page_takes_no_longer_than_another(part: str) -> None:
    assert places(page(part * (1024 * 1024 // len(part)))) == {}
