"""`/chat/ws`: rooms in which several people ask, over WebSocket."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from shared_handlers.chat import Participant, Room, Rooms
from shared_handlers.chat.rooms import NAME, Full
from shared_handlers.content import parse_json
from shared_handlers.errors import HTTPError
from shared_handlers.handshake import websocket_upgrade
from shared_handlers.message import Request, Upgrade, WebSocket
from shared_handlers.nlweb import Message, message, read_question
from shared_handlers.parameters import Parameters
from shared_handlers.policies.problems import problem_object
from shared_handlers.routes import Route
from shared_handlers.services import Services
from shared_handlers.user import User

SUBPROTOCOL = "nlweb.chat.v1"
MAX_TEXT, MAX_MESSAGE, MAX_ID = 2_000, 16_384, 64
"""Characters of what somebody says; bytes of a message; characters of the id that a client gives its own message."""
TRY_AGAIN_LATER = 1013


def routes(services: Services) -> tuple[Route, ...]:
    """GET `/chat/ws`, for users, from the origins that CORS allows and from this one."""
    # Not `*`: whoever talks here is somebody, mostly by what a browser adds by itself.
    origins = services.settings.server.trusted_origins
    most = min(MAX_MESSAGE, services.settings.server.websocket_max_message)
    rooms = Rooms(lambda text: _answered(services, text))

    async def chat(request: Request) -> Upgrade:
        """101, and then what `Talk` says."""
        user = request.user
        assert user is not None  # noqa: S101  (the door lets nobody else through)

        async def talk(socket: WebSocket) -> None:
            await Talk(socket, user, rooms).run()

        return websocket_upgrade(request, talk, subprotocols=(SUBPROTOCOL,), origins=origins, max_message=most)

    return (Route("GET", "/chat/ws", chat, "chat", access="user", waits=True),)


class Wrong(Exception):
    """A message can't be taken; the text is for its sender, who stays connected."""


class Talk:
    """What one client says, and what it is told."""

    def __init__(self, socket: WebSocket, user: User, rooms: Rooms) -> None:
        self._socket = socket
        self._rooms = rooms
        self._me = Participant(socket, user)
        self._room: Room | None = None

    async def run(self) -> None:
        """Until the client leaves; one that does not read is sent away with 1013. WebSocketClosed."""
        self._me.tell("connected", participant=self._me.shown)
        works = [asyncio.create_task(work) for work in (self._listen(), self._me.deliver(), self._me.overrun.wait())]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._leave()  # before anything that can be interrupted
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
        if works[2] in done:
            await self._socket.close(TRY_AGAIN_LATER, "read faster")
            return
        for work in done:
            work.result()

    async def _listen(self) -> None:
        while True:
            received = await self._socket.receive()
            try:
                self._take(_object(received))
            except (Wrong, Full) as error:
                self._me.tell("error", problem=problem_object(422, str(error), self._me.id))

    def _take(self, said: dict[str, Any]) -> None:
        match said.get("message_type"):
            case "join":
                self._join(said.get("room"))
            case "message":
                self._say(said.get("text"), said.get("id"))
            case "leave":
                self._leave()
            case "ping":
                self._me.tell("pong")
            case _:
                raise Wrong("message_type must be one of: join, message, leave, ping.")

    def _join(self, name: object) -> None:
        if not isinstance(name, str) or NAME.fullmatch(name) is None:
            raise Wrong("room must be 1 to 64 letters, digits, `_` and `-`.")
        self._leave()
        self._room = self._rooms.enter(name, self._me)

    def _leave(self) -> None:
        if self._room is not None:
            self._rooms.leave(self._room, self._me)
            self._room = None

    def _say(self, text: object, id: object) -> None:
        if self._room is None:
            raise Wrong("Join a room first.")
        if not isinstance(text, str) or not 0 < len(text.strip()) <= MAX_TEXT:
            raise Wrong(f"text must be 1 to {MAX_TEXT} characters.")
        if id is not None and (not isinstance(id, str) or len(id) > MAX_ID):
            raise Wrong(f"id must be a text of at most {MAX_ID} characters.")
        number = self._room.say(self._me, text.strip())
        self._me.tell("message_ack", room=self._room.name, number=number, id=id)


def _object(received: str | bytes) -> dict[str, Any]:
    if isinstance(received, bytes):
        raise Wrong("Messages are text.")
    try:
        said = parse_json(received.encode())
    except HTTPError as error:
        raise Wrong(error.detail) from None
    if not isinstance(said, dict):
        raise Wrong("A message is a JSON object.")
    return said


async def _answered(services: Services, text: str) -> AsyncGenerator[Message, None]:
    """The messages of `/ask`; after a failure `error` and `complete`."""
    question = read_question(Parameters({"query": (text,)}), services.index.sites)
    try:
        async with aclosing(services.answerer.messages(question)) as messages:
            async for step in messages:
                yield step
    except Exception as error:
        services.log.failure("answering failed", error, request_id=question.query_id)
        detail = "The question could not be answered."
        yield message("error", question.query_id, problem=problem_object(500, detail, secrets.token_hex(8)))
        yield message("complete", question.query_id)
