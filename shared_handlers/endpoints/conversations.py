"""`/api/conversations`: what users keep."""

from __future__ import annotations

import base64
import binascii
import sqlite3
from typing import Any
from urllib.parse import urlencode

from shared_handlers.content import media_type, read_json
from shared_handlers.conversations import Conversation, Conversations
from shared_handlers.conversations.model import Migration, NewConversation, NewMessage, Patch, read_as
from shared_handlers.errors import HTTPError
from shared_handlers.etags import check_unchanged, is_known
from shared_handlers.message import Field, Request, Response, json_response
from shared_handlers.parameters import Parameters, gathered, wrong
from shared_handlers.routes import Route, path_of
from shared_handlers.services import Services
from shared_handlers.state import Idempotency

ALL, ONE, MESSAGES = "/api/conversations", "/api/conversations/{id}", "/api/conversations/{id}/messages"
MIGRATE = "/api/conversations/migrate"
_PATCH = "application/merge-patch+json"
_PRIVATE: Field = ("Cache-Control", "private, no-store")
_MOST, _USUAL = 100, 20


def routes(services: Services) -> tuple[Route, ...]:
    """Everything under `/api/conversations`; all of it is for users."""
    view = View(services.conversations, services.idempotency)
    table = (
        ("GET", ALL, view.list, "conversations"),
        ("POST", ALL, view.create, "conversations"),
        ("POST", MIGRATE, view.migrate, "conversations.migrate"),
        ("GET", ONE, view.get, "conversation"),
        ("PATCH", ONE, view.patch, "conversation"),
        ("DELETE", ONE, view.delete, "conversation"),
        ("GET", MESSAGES, view.messages, "conversation.messages"),
        ("POST", MESSAGES, view.append, "conversation.messages"),
    )
    return tuple(Route(*row, access="user") for row in table)


class View:
    """The methods of these resources."""

    def __init__(self, conversations: Conversations, idempotency: Idempotency) -> None:
        self._conversations = conversations
        self._idempotency = idempotency

    async def list(self, request: Request) -> Response:
        """The user's, newest first, `?limit=` (20, at most 100) of them; `Link: rel="next"` while there are more."""
        limit, cursor = _paging(request)
        page = await self._conversations.listed(_owner(request), cursor, limit)
        return _listing("conversations", [one.shown for one in page.items], ALL, limit, page.next)

    async def create(self, request: Request) -> Response:
        """201 with its Location (RFC 9110 section 15.3.2)."""
        new = read_as(NewConversation, await read_json(request)) if request.body.length != 0 else NewConversation()
        owner = _owner(request)

        def work(connection: sqlite3.Connection) -> Response:
            made = self._conversations.create(connection, owner, new.title)
            return _shown(made, 201, ("Location", path_of(ONE, id=made.id)))

        return await self._idempotency.once(request, owner, work)

    async def migrate(self, request: Request) -> Response:
        """All that a browser kept, or nothing."""
        sent = read_as(Migration, await read_json(request))
        count = await self._conversations.migrate(_owner(request), sent.conversations)
        return json_response({"success": True, "migrated_count": count}, headers=(_PRIVATE,))

    async def get(self, request: Request) -> Response:
        """Without its messages; 304 to who has that state."""
        found = await self._conversations.get(_owner(request), request.params["id"])
        if is_known(request.headers, found.etag):
            return Response(304, (("ETag", found.etag), _PRIVATE))
        return _shown(found)

    async def patch(self, request: Request) -> Response:
        """A merge patch (RFC 7396) of the title; 415 for another kind of patch (RFC 5789 section 2.2)."""
        if media_type(request) != _PATCH:
            raise HTTPError(415, f"The content must be {_PATCH}.", (("Accept-Patch", _PATCH),))
        patch = read_as(Patch, await read_json(request))
        owner, id = _owner(request), request.params["id"]
        if "title" not in patch.model_fields_set:
            found = await self._conversations.get(owner, id)
            check_unchanged(request.headers, found.etag)
            return _shown(found)
        return _shown(await self._conversations.rename(owner, id, patch.title or "", _unchanged(request)))

    async def delete(self, request: Request) -> Response:
        """204; what is gone is 404 from then on."""
        await self._conversations.delete(_owner(request), request.params["id"], _unchanged(request))
        return Response(204, (_PRIVATE,))

    async def messages(self, request: Request) -> Response:
        """Its messages, oldest first."""
        limit, cursor = _paging(request)
        id = request.params["id"]
        page = await self._conversations.messages(_owner(request), id, cursor, limit)
        return _listing("messages", [one.shown for one in page.items], path_of(MESSAGES, id=id), limit, page.next)

    async def append(self, request: Request) -> Response:
        """201 and the message, with the ETag that the conversation has now."""
        new = read_as(NewMessage, await read_json(request))
        owner, id = _owner(request), request.params["id"]
        check = _unchanged(request)

        def work(connection: sqlite3.Connection) -> Response:
            message, conversation = self._conversations.add(connection, owner, id, new, check)
            return json_response(message.shown, 201, (("ETag", conversation.etag), _PRIVATE))

        return await self._idempotency.once(request, owner, work)


def _owner(request: Request) -> str:
    assert request.user is not None  # noqa: S101  (the door lets nobody else through)
    return request.user.key


def _unchanged(request: Request) -> Any:
    return lambda found: check_unchanged(request.headers, found.etag)


def _shown(one: Conversation, status: int = 200, *more: Field) -> Response:
    return json_response(one.shown, status, (*more, ("ETag", one.etag), _PRIVATE))


def _paging(request: Request) -> tuple[int, int | None]:
    """How many are wanted, and from where on."""
    parameters = Parameters(gathered(request.query))
    cursor = parameters.text("cursor", limit=64)
    return parameters.number("limit", 1, _MOST, _USUAL), _position(cursor) if cursor else None


def _listing(name: str, items: list[dict[str, Any]], path: str, limit: int, next: int | None) -> Response:
    if next is None:
        return json_response({name: items, "next": None}, headers=(_PRIVATE,))
    target = f"{path}?{urlencode({'limit': limit, 'cursor': _cursor(next)})}"
    # RFC 8288 section 3; the same target in the content for clients that read no fields.
    return json_response({name: items, "next": target}, headers=(("Link", f'<{target}>; rel="next"'), _PRIVATE))


def _cursor(position: int) -> str:
    """Opaque to clients, so that it can become something else."""
    return base64.urlsafe_b64encode(position.to_bytes(8, "big")).decode().rstrip("=")


def _position(cursor: str) -> int:
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    position = int.from_bytes(decoded, "big")
    if len(decoded) != 8 or position >= 1 << 62:
        raise wrong("cursor", "is none that was given out here.")
    return position
