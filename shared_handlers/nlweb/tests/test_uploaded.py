"""Sites that are uploaded: all of a file or nothing of it, and whose they are."""

from __future__ import annotations

import asyncio
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared_handlers.nlweb.items import Item
from shared_handlers.nlweb.sources import Check, SourceError, items_in
from shared_handlers.nlweb.uploaded import NotYours, TooManyItems, TooManyUploads, Upload, Uploaded
from shared_handlers.state.file import connect

LIMIT = 20.0
BIRDS = Upload("birds", "probe:ann")


@pytest.fixture
async def uploaded(tmp_path: Path) -> AsyncIterator[Uploaded]:
    with closing(Uploaded(tmp_path, max_items=3)) as one:
        yield one


def item(number: int, text: str = "birds") -> Item:
    return Item("birds", f"https://a.example/{number}", f"Item {number}", "", text, "{}")


def given(*items: Item) -> Callable[[Check], Iterable[Item]]:
    return lambda check: items


async def names(uploaded: Uploaded, query: str = "birds") -> list[str]:
    return [hit.name for hit in await uploaded.search(query, ["birds"], 10)]


async def test_what_is_added_is_found_by_the_name_of_its_site(uploaded: Uploaded) -> None:
    assert await uploaded.add(BIRDS, given(item(1), item(2))) == 2
    assert await names(uploaded) == ["Item 1", "Item 2"]
    assert await uploaded.search("birds", ["fish"], 10) == []
    before = await uploaded.search("birds", ["birds"], 10)
    await uploaded.add(BIRDS._replace(site="fish"), given(*map(item, range(3))))
    assert await uploaded.search("birds", ["birds"], 10) == before, "another site weighs on its scores"
    assert await uploaded.visible(["birds", "fish", "../x"], "probe:ann") == {"birds", "fish"}


async def test_the_later_one_of_a_url_stands_and_the_words_of_the_other_are_gone(uploaded: Uploaded) -> None:
    await uploaded.add(BIRDS, given(item(1, "old words"), item(1, "new")))
    assert await names(uploaded, "old words") == []
    assert await names(uploaded, "new") == ["Item 1"]


async def test_what_goes_wrong_leaves_everything_as_it_was(uploaded: Uploaded) -> None:
    def broken(check: Check) -> Iterator[Item]:
        yield item(1)
        raise SourceError("line 2")

    with pytest.raises(SourceError):
        await uploaded.add(BIRDS, broken)
    with pytest.raises(TooManyItems):
        await uploaded.add(BIRDS, given(*map(item, range(4))))
    assert await uploaded.visible(["birds"], "probe:ann") == frozenset()
    assert await names(uploaded) == []
    assert await uploaded.add(BIRDS._replace(owner="probe:bob"), given(item(1))) == 1, "the name was taken by nobody"


async def test_a_site_is_its_owners_alone_until_it_is_public(uploaded: Uploaded) -> None:
    async def seen_by() -> list[str | None]:
        users = ("probe:ann", "probe:bob", None, "")
        return [user for user in users if await uploaded.visible(["birds"], user)]

    await uploaded.add(BIRDS, given(item(1)))
    assert await seen_by() == ["probe:ann"]
    for public in (False, True):
        with pytest.raises(NotYours):
            await uploaded.add(BIRDS._replace(owner="probe:bob", public=public), given(item(2)))
    assert (await seen_by(), await names(uploaded)) == (["probe:ann"], ["Item 1"])
    await uploaded.add(BIRDS._replace(public=True), given(item(2)))
    assert await seen_by() == ["probe:ann", "probe:bob", None, ""]
    with pytest.raises(NotYours):
        await uploaded.add(BIRDS._replace(owner="probe:bob"), given(item(3)))
    await uploaded.add(BIRDS, given(item(3)))
    assert await seen_by() == ["probe:ann"], "the latest upload says it"


async def test_another_server_knows_the_site_and_its_owner(uploaded: Uploaded, tmp_path: Path) -> None:
    await uploaded.add(BIRDS, given(item(1)))
    with closing(Uploaded(tmp_path, max_items=3)) as other:
        assert await names(other) == ["Item 1"]
        assert not await other.visible(["birds"], "probe:bob")
        with pytest.raises(NotYours):
            await other.add(BIRDS._replace(owner="probe:bob"), given(item(2)))


async def test_of_several_who_make_a_site_at_once_one_wins(uploaded: Uploaded, tmp_path: Path) -> None:
    with closing(Uploaded(tmp_path, max_items=3)) as other:
        for number in range(20):
            uploads = [Upload(f"site-{number}", f"probe:{user}") for user in range(6)]
            servers = (uploaded, other) * 3
            adding = (server.add(one, given(item(1))) for server, one in zip(servers, uploads, strict=True))
            results = await asyncio.gather(*adding, return_exceptions=True)
            assert sorted(map(repr, results)) == ["1"] + ["NotYours()"] * 5
            (winner,) = (one.owner for one, result in zip(uploads, results, strict=True) if result == 1)
            seen = [one.owner for one in uploads if await other.visible([one.site], one.owner)]
            assert seen == [winner]


async def test_a_site_of_before_there_were_owners_is_nobodys(uploaded: Uploaded, tmp_path: Path) -> None:
    await uploaded.add(BIRDS, given(item(1)))
    (path,) = (tmp_path / "uploaded").iterdir()
    with closing(connect(path)) as connection:
        connection.execute("DROP TABLE upload")
    assert not await uploaded.visible(["birds"], "probe:ann")
    assert await names(uploaded) == []
    with pytest.raises(NotYours):
        await uploaded.add(BIRDS, given(item(2)))


async def test_nobody_else_on_the_machine_may_read_the_files(uploaded: Uploaded, tmp_path: Path) -> None:
    folder = tmp_path / "uploaded"
    during: set[int] = set()

    def looked_at(check: Check) -> Iterator[Item]:
        yield item(1)
        during.update(mode(path) for path in folder.iterdir())

    await uploaded.add(BIRDS, looked_at)
    assert during == {0o600}, "nor what SQLite keeps beside them"
    (path,) = folder.iterdir()
    path.chmod(0o644)
    with closing(Uploaded(tmp_path, max_items=3)):
        assert mode(path) == 0o600, "a file of an earlier version, too"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_what_is_given_up_stops_at_its_next_line_and_lets_go(uploaded: Uploaded, tmp_path: Path) -> None:
    begun, go_on, lines = threading.Event(), threading.Event(), []
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"\n" * 1000)

    def empty(check: Check) -> Iterator[Item]:
        def counted() -> None:
            lines.append(1)
            if len(lines) == 3:
                begun.set()
                go_on.wait(LIMIT)
            check()

        with path.open("rb") as file:
            yield from items_in("birds", file, "jsonl", "x", counted)

    task = asyncio.create_task(uploaded.add(BIRDS, empty))
    await asyncio.to_thread(begun.wait, LIMIT)
    task.cancel()
    asyncio.get_running_loop().call_soon(go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(lines) == 3
    assert not await uploaded.visible(["birds"], "probe:ann")
    assert await uploaded.add(BIRDS._replace(owner="probe:bob"), given(item(1))) == 1


async def test_uploads_keep_no_question_waiting_and_too_many_are_refused(uploaded: Uploaded) -> None:
    await uploaded.add(BIRDS, given(item(1)))
    go_on = threading.Event()

    def held(check: Check) -> Iterator[Item]:
        go_on.wait(LIMIT)
        yield item(1)

    work = [asyncio.create_task(uploaded.add(Upload(f"site-{number}", "probe:bob"), held)) for number in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyUploads):
        await uploaded.add(BIRDS, given(item(2)))
    assert await names(uploaded) == ["Item 1"], "while all of them are being indexed"
    work[7].cancel()  # it has not begun: its place is free at once
    await asyncio.wait(work[7:])
    more = asyncio.create_task(uploaded.add(BIRDS, given(item(2))))
    go_on.set()
    assert await asyncio.gather(*work[:7], more) == [1] * 8
