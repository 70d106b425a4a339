"""Rooms of one process: who is in them, and the one answer that is under way in each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

import orjson

from shared_handlers.chat.participant import Participant

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_ROOMS, MAX_PARTICIPANTS = 1_000, 100
MAX_QUESTIONS = 8
"""Questions of a room that wait for the answers before them."""
Answer = Callable[[str], AsyncGenerator[dict[str, Any], None]]
"""The messages that answer a question, `complete` last; it does not raise."""


class Full(Exception):
    """There is no room for one more; the text says of what."""


class Room:
    """Participants, who all see the same messages in the same order."""

    def __init__(self, name: str, answer: Answer) -> None:
        self.name = name
        self.participants: dict[str, Participant] = {}
        self._answer = answer
        self._count = 0
        self._questions: asyncio.Queue[str] = asyncio.Queue(MAX_QUESTIONS)
        self._answering: asyncio.Task[None] | None = None

    def tell(self, message_type: str, **said: Any) -> None:
        """Tell everybody."""
        self._pass_on({"message_type": message_type, "room": self.name} | said)

    def say(self, speaker: Participant, text: str) -> int:
        """Somebody says something, which everybody sees and which is answered; its number in the room. Full."""
        try:
            self._questions.put_nowait(text)
        except asyncio.QueueFull:
            raise Full("Too many questions wait for their answers: wait.") from None
        self._count += 1
        self.tell("message", number=self._count, participant=speaker.shown, text=text)
        if self._answering is None:
            self._answering = asyncio.create_task(self._answer_all())
        return self._count

    def close(self) -> None:
        """Nobody is left to be answered."""
        if self._answering is not None:
            self._answering.cancel()

    async def _answer_all(self) -> None:
        """One answer after the other, so that their messages do not mix."""
        try:
            while not self._questions.empty():
                async for step in self._answer(self._questions.get_nowait()):
                    self._pass_on({"message_type": step["message_type"], "room": self.name} | step)
        finally:
            self._answering = None

    def _pass_on(self, message: dict[str, Any]) -> None:
        encoded = orjson.dumps(message)
        for participant in self.participants.values():
            participant.pass_on(encoded)


class Rooms:
    """All of them; one is there as long as somebody is in it."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._rooms: dict[str, Room] = {}

    def enter(self, name: str, participant: Participant) -> Room:
        """The room of that name, with the participant in it. Full."""
        room = self._rooms.get(name)
        if room is None:
            if len(self._rooms) >= MAX_ROOMS:
                raise Full("There are too many rooms.")
            room = self._rooms[name] = Room(name, self._answer)
        if len(room.participants) >= MAX_PARTICIPANTS:
            raise Full("The room is full.")
        room.participants[participant.id] = participant
        room.tell("participant_joined", participant=participant.shown, participants=len(room.participants))
        return room

    def leave(self, room: Room, participant: Participant) -> None:
        """The participant is gone; the last one takes the room along."""
        del room.participants[participant.id]
        if room.participants:
            room.tell("participant_left", participant=participant.shown, participants=len(room.participants))
        else:
            room.close()
            del self._rooms[room.name]
