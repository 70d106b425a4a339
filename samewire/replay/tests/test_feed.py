"""Which record comes next, and what becomes of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from samewire.replay.feed import UNSAFE, Due, Feed
from samewire.traffic import Account, Record, Skipped

Item = Record | Skipped


def get(name: str, session: str = "") -> Record:
    return Record(name, session=session)


def post(name: str, session: str = "") -> Record:
    return Record(name, "POST", session=session)


async def taken(feed: Feed) -> str | None:
    """The id of what may be sent at once; None when something has to be done first."""
    try:
        async with asyncio.timeout(0):
            due = await feed.next()
    except TimeoutError:
        return None
    return due.record.id if due else "end"


async def order(items: list[Item], at_once: int, *, unsafe: bool = True) -> tuple[list[tuple[str, int]], list[Account]]:
    """Each record in the order of sending, with how many others were under way; what is done first is done last."""
    feed = Feed([("a.log", items)], unsafe=unsafe)
    sent: list[tuple[str, int]] = []
    under_way = 0

    async def work() -> None:
        nonlocal under_way
        while (due := await feed.next()) is not None:
            sent.append((due.record.id, under_way))
            under_way += 1
            await asyncio.sleep(0)
            under_way -= 1
            feed.done(due)

    await asyncio.gather(*(work() for _ in range(at_once)))
    return sent, [book.account() for book in feed.books]


async def test_records_without_a_session_are_sent_at_once() -> None:
    sent, _ = await order([get(str(n)) for n in range(4)], 4)
    assert [others for _, others in sent] == [0, 1, 2, 3]


async def test_records_of_one_session_wait_for_each_other_and_not_for_others() -> None:
    feed = Feed([("a.log", [get("1", "s"), get("2", "s"), get("3")])], unsafe=True)
    first = await feed.next()
    assert first is not None
    assert await taken(feed) == "3"
    assert await taken(feed) is None
    feed.done(first)
    assert await taken(feed) == "2"


async def test_what_may_change_state_is_sent_alone_and_in_its_place() -> None:
    items: list[Item] = [get("1"), get("2"), post("3"), get("4"), get("5")]
    sent, _ = await order(items, 4)
    assert [name for name, _ in sent] == ["1", "2", "3", "4", "5"]
    assert dict(sent)["3"] == 0
    assert dict(sent)["4"] == 0


async def test_an_unsafe_record_is_skipped_unless_it_is_allowed() -> None:
    items: list[Item] = [get("1"), post("2"), Skipped("3", "no request"), post("4"), Skipped("5", "no request")]
    sent, accounts = await order(items, 2, unsafe=False)
    assert [name for name, _ in sent] == ["1"]
    assert accounts == [Account("a.log", 5, 1, ((UNSAFE, 2), ("no request", 2)))]


async def test_a_source_is_read_no_further_ahead_than_it_must() -> None:
    read = 0

    def endless() -> Iterator[Item]:
        nonlocal read
        while True:
            read += 1
            yield get(str(read), "one session")

    feed = Feed([("endless", endless())], unsafe=True)
    due = await feed.next()
    for _ in range(50):
        assert due is not None
        assert await taken(feed) is None
        feed.done(due)
        due = await feed.next()
    assert read < 1200


items = st.lists(
    st.one_of(
        st.builds(
            Record, st.just(""), st.sampled_from(["GET", "GET", "POST"]), session=st.sampled_from(["", "a", "b"])
        ),
        st.builds(Skipped, st.just(""), st.sampled_from(["torn", "other origin"])),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(items, st.integers(1, 5), st.booleans())
def test_every_record_is_accounted_for_and_sessions_keep_their_order(
    given_items: list[Item], at_once: int, unsafe: bool
) -> None:
    numbered = [item._replace(id=str(number)) for number, item in enumerate(given_items)]
    sent, (account,) = asyncio.run(order(numbered, at_once, unsafe=unsafe))
    assert account.read == len(numbered) == account.sent + sum(number for _, number in account.skipped)
    assert len(sent) == account.sent
    by_id = {item.id: item for item in numbered if isinstance(item, Record)}
    for session in ("a", "b"):
        numbers = [int(name) for name, _ in sent if by_id[name].session == session]
        assert numbers == sorted(numbers)
    for name, others in sent:
        assert by_id[name].safe or others == 0


async def test_what_was_read_and_not_answered_is_told_as_interrupted() -> None:
    feed = Feed([("a.log", [get("1"), get("2")])], unsafe=True)
    due = await feed.next()
    assert isinstance(due, Due)
    feed.done(due)
    await feed.next()
    assert [book.account() for book in feed.books] == [Account("a.log", 2, 1, (("interrupted", 1),))]
