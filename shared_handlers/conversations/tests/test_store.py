"""Limits, keys and their time, over a real database."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.body import NO_BODY
from shared_handlers.conversations import Conversations
from shared_handlers.conversations.model import Kept, NewMessage
from shared_handlers.errors import HTTPError
from shared_handlers.host import HostState
from shared_handlers.message import Request, Response
from shared_handlers.state import Database, Idempotency, open_database
from shared_handlers.state.idempotency import KEPT
from shared_handlers.testing import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = open_database(tmp_path)
    yield database
    database.close()


def posted(key: str, target: str = "/") -> Request:
    fields = CIMultiDictProxy(CIMultiDict({"Idempotency-Key": key}))
    return Request("POST", target, target, "", (1, 1), fields, {}, NO_BODY, "", "http", HostState("test"), "id")


async def test_there_are_no_more_conversations_and_messages_than_there_may_be(database: Database) -> None:
    kept = Conversations(database, max_conversations=2, max_messages=3)
    messages = [NewMessage(content=str(number)) for number in range(3)]
    assert await kept.migrate("ann", [Kept(messages=messages)]) == 1
    (one,) = (await kept.listed("ann", None, 10)).items
    with pytest.raises(HTTPError, match="no more than 3 messages"):
        await kept.record("ann", one.id, "q", "a", "{}")
    with pytest.raises(HTTPError, match="no more than 2 conversations"):
        await kept.migrate("ann", [Kept(title="A"), Kept(title="B")])
    assert (await kept.listed("ann", None, 10)).items == [one]
    assert (await kept.messages("ann", one.id, None, 10)).next is None


async def test_messages_come_in_parts(database: Database) -> None:
    kept = Conversations(database, 10, 10)
    await kept.migrate("ann", [Kept(messages=[NewMessage(content=str(number)) for number in range(5)])])
    (one,) = (await kept.listed("ann", None, 10)).items
    found, after = [], None
    while (page := await kept.messages("ann", one.id, after, 2)).next:
        found += [message.content for message in page.items]
        after = page.next
    assert found + [message.content for message in page.items] == ["0", "1", "2", "3", "4"]


async def test_a_change_makes_it_newer(database: Database, clock: Clock) -> None:
    kept = Conversations(database, 10, 10, clock)
    await kept.migrate("ann", [Kept()])
    (one,) = (await kept.listed("ann", None, 10)).items
    clock.now += 5
    await kept.record("ann", one.id, "q", "a", "{}")
    changed = await kept.get("ann", one.id)
    assert (changed.created, changed.updated, changed.messages) == (one.created, one.created + 5, 2)
    assert changed.etag != one.etag
    assert one.shown["created"] == "1970-01-12T13:46:40.000Z"


async def test_an_answer_is_repeated_for_its_time_to_its_owner(database: Database, clock: Clock) -> None:
    once, calls = Idempotency(database, clock), []

    def work(connection: sqlite3.Connection) -> Response:
        calls.append(connection)
        return Response(201, (("X-Number", str(len(calls))),), b"made")

    async def asked(owner: str = "ann", key: str = "k") -> tuple[str, bytes]:
        answer = await once.once(posted(key), owner, work)
        assert isinstance(answer.body, bytes)
        return answer.headers[0][1], answer.body

    assert await asked() == await asked() == await asked(key='"k"') == ("1", b"made")
    assert await asked("bob") == ("2", b"made")
    clock.now += KEPT
    assert await asked() == ("3", b"made")


async def test_what_raises_leaves_no_key(database: Database) -> None:
    once = Idempotency(database)

    def fails(_: sqlite3.Connection) -> Response:
        raise HTTPError(412)

    with pytest.raises(HTTPError):
        await once.once(posted("k"), "ann", fails)
    answer = await once.once(posted("k"), "ann", lambda _: Response(204))
    assert answer.status == 204
    with pytest.raises(HTTPError, match="another request"):
        await once.once(posted("k", "/other"), "ann", lambda _: Response(204))


@pytest.mark.parametrize("key", ["", '"', '"a', "a b", "ä", "k" * 256])
async def test_a_malformed_key_is_refused(database: Database, key: str) -> None:
    with pytest.raises(HTTPError) as refused:
        await Idempotency(database).once(posted(key), "ann", lambda _: Response(204))
    assert refused.value.status == 400
