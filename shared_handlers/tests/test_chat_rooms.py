"""Rooms without a server: their limits, and what happens when somebody leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import orjson
import pytest

from shared_handlers.chat import Participant, Rooms
from shared_handlers.chat.participant import QUEUE
from shared_handlers.chat.rooms import MAX_PARTICIPANTS, MAX_QUESTIONS, MAX_ROOMS, Full
from shared_handlers.user import User

LIMIT = 5.0


class Heard:
    """A message.WebSocket that keeps what it is sent."""

    subprotocol = None

    def __init__(self) -> None:
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def receive(self) -> str | bytes:
        raise NotImplementedError

    async def send(self, message: str | bytes) -> None:
        self.messages.put_nowait(orjson.loads(message))

    async def close(self, code: int = 1000, reason: str = "") -> None:
        raise NotImplementedError


class Answers:
    """Each question is answered by itself, once the gate is open."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, text: str) -> AsyncGenerator[dict[str, Any], None]:
        try:
            self.asked.set()
            await self.gate.wait()
            yield {"message_type": "complete", "text": text}
        finally:
            self.ended.set()


def somebody(socket: Heard | None = None) -> Participant:
    return Participant(socket or Heard(), User("ann", "Ann", "ann@example.org", "probe", frozenset()))


async def test_a_room_takes_so_many_participants_and_again_when_one_leaves() -> None:
    rooms = Rooms(Answers())
    inside = [somebody() for _ in range(MAX_PARTICIPANTS)]
    entered = [rooms.enter("r", one) for one in inside]
    with pytest.raises(Full, match="The room is full"):
        rooms.enter("r", somebody())
    rooms.leave(entered[0], inside[0])
    assert rooms.enter("r", somebody()) is entered[0]


async def test_there_are_so_many_rooms_and_again_when_one_is_empty() -> None:
    rooms = Rooms(Answers())
    first = somebody()
    room = rooms.enter("r0", first)
    for number in range(1, MAX_ROOMS):
        rooms.enter(f"r{number}", somebody())
    with pytest.raises(Full, match="too many rooms"):
        rooms.enter("another", somebody())
    rooms.leave(room, first)
    rooms.enter("another", somebody())


async def test_so_many_questions_wait_and_are_answered_in_their_order() -> None:
    answers = Answers()
    socket = Heard()
    ann = somebody(socket)
    room = Rooms(answers).enter("r", ann)
    delivering = asyncio.create_task(ann.deliver())
    assert room.say(ann, "0") == 1
    await asyncio.wait_for(answers.asked.wait(), LIMIT)  # it does not wait any more
    for number in range(1, MAX_QUESTIONS + 1):
        room.say(ann, str(number))
    with pytest.raises(Full, match="Too many questions"):
        room.say(ann, "one too many")
    answers.gate.set()
    answered: list[str] = []
    async with asyncio.timeout(LIMIT):
        while len(answered) <= MAX_QUESTIONS:
            message = await socket.messages.get()
            if message["message_type"] == "complete":
                answered.append(message["text"])
    delivering.cancel()
    assert answered == [str(number) for number in range(MAX_QUESTIONS + 1)]


async def test_the_work_stops_when_nobody_is_left() -> None:
    answers = Answers()
    rooms, ann = Rooms(answers), somebody()
    room = rooms.enter("r", ann)
    room.say(ann, "teapot")
    await asyncio.wait_for(answers.asked.wait(), LIMIT)
    rooms.leave(room, ann)
    await asyncio.wait_for(answers.ended.wait(), LIMIT)
    assert rooms.enter("r", ann) is not room


async def test_a_queue_that_is_full_is_said_and_the_others_are_told_on() -> None:
    rooms, socket = Rooms(Answers()), Heard()
    slow, bob = somebody(), somebody(socket)
    room = rooms.enter("r", slow)
    rooms.enter("r", bob)
    delivering = asyncio.create_task(bob.deliver())
    for number in range(QUEUE):
        room.tell("message", number=number)
        while (await asyncio.wait_for(socket.messages.get(), LIMIT)).get("number") != number:
            pass
    delivering.cancel()
    assert slow.overrun.is_set()
    assert not bob.overrun.is_set()
