"""Sites that are uploaded: all of a file or nothing of it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shared_handlers.nlweb.items import Item
from shared_handlers.nlweb.sources import SourceError
from shared_handlers.nlweb.uploaded import Abandoned, TooManyItems, Uploaded


@pytest.fixture
async def uploaded(tmp_path: Path) -> AsyncIterator[Uploaded]:
    one = Uploaded(tmp_path, max_items=3)
    yield one
    one.close()


def item(number: int, text: str = "birds") -> Item:
    return Item("birds", f"https://a.example/{number}", f"Item {number}", "", text, "{}")


async def names(uploaded: Uploaded, query: str = "birds") -> list[str]:
    return [hit.name for hit in await uploaded.search(query, ["birds"], 10)]


async def test_what_is_added_is_found_by_the_name_of_its_site(uploaded: Uploaded) -> None:
    assert await uploaded.add("birds", [item(1), item(2)], threading.Event()) == 2
    assert await names(uploaded) == ["Item 1", "Item 2"]
    assert await uploaded.search("birds", ["fish"], 10) == []
    before = await uploaded.search("birds", ["birds"], 10)
    await uploaded.add("fish", [item(number) for number in range(3)], threading.Event())
    assert await uploaded.search("birds", ["birds"], 10) == before, "another site weighs on its scores"
    assert await uploaded.known(["birds", "fish", "../x"]) == {"birds", "fish"}


async def test_the_later_one_of_a_url_stands_and_the_words_of_the_other_are_gone(uploaded: Uploaded) -> None:
    await uploaded.add("birds", [item(1, "old words"), item(1, "new")], threading.Event())
    assert await names(uploaded, "old words") == []
    assert await names(uploaded, "new") == ["Item 1"]


async def test_what_goes_wrong_leaves_everything_as_it_was(uploaded: Uploaded) -> None:
    def broken() -> Iterator[Item]:
        yield item(1)
        raise SourceError("line 2")

    given_up = threading.Event()
    given_up.set()
    with pytest.raises(SourceError):
        await uploaded.add("birds", broken(), threading.Event())
    with pytest.raises(TooManyItems):
        await uploaded.add("birds", map(item, range(4)), threading.Event())
    with pytest.raises(Abandoned):
        await uploaded.add("birds", [item(1)], given_up)
    assert await uploaded.known(["birds"]) == frozenset()
    assert await names(uploaded) == []


async def test_another_server_finds_it_too(uploaded: Uploaded, tmp_path: Path) -> None:
    other = Uploaded(tmp_path, max_items=3)
    await uploaded.add("birds", [item(1)], threading.Event())
    assert await names(other) == ["Item 1"]
    other.close()
