"""How a connection ends after the last answer: whether the server closes it, resets it, or answers once more."""

from __future__ import annotations

from typing import NamedTuple

from samewire.cases.model import Send
from samewire.exchange import End, Kind, Message
from samewire.wire import websocket
from samewire.wire.conversation import CLOSED, RESET, TIMED_OUT, Conversation
from samewire.wire.dialogue import Dialogue
from samewire.wire.parser import State
from samewire.wire.written import Names

_AFTERWARDS = 1.0
"""Seconds at most for a server to close after the follow-up, as it must (RFC 9112 section 9.6)."""


class Seen(NamedTuple):
    """How it ended, and what came that belongs to no answer."""

    end: End
    surplus: bytes = b""
    close: Message | None = None
    """The Close frame of a WebSocket's server that no step heard."""


class FollowUp(NamedTuple):
    """A whole GET that shows whether a connection goes on."""

    step: Send
    names: Names


async def see_end(conversation: Dialogue, follow_up: FollowUp, limit: float) -> Seen:
    """What becomes of a connection when a case is over: it is left, or the server ends it as announced, or it goes on.

    Whether it goes on shows only in a further request, `follow_up`: a whole GET. It is sent when every request of the
    case was sent whole and has its whole answer.
    """
    if not isinstance(conversation, Conversation):
        return await conversation.see_end(*follow_up, limit)
    if conversation.left:
        return Seen(End.LEFT)
    if conversation.frames is not None:
        return await see_websocket_end(conversation, limit)
    if conversation.failed == TIMED_OUT:
        return Seen(End.STUCK, conversation.parser.surplus)
    if conversation.failed or conversation.wire.ending is not None or _announced(conversation):
        return await see_closed(conversation, limit)
    if conversation.cut or conversation.parser.state is not State.DONE or not conversation.sent.answered:
        return Seen(End.LEFT)
    return await see_reusable(conversation, follow_up, limit)


async def see_closed(conversation: Dialogue, limit: float) -> Seen:
    """Whether the server ends the connection of its own accord within the limit."""
    if not isinstance(conversation, Conversation):
        return await conversation.see_closed(limit)
    why = await conversation.drain(limit)
    end = {CLOSED: End.CLOSED, RESET: End.RESET}.get(why, End.STUCK)
    if end is End.CLOSED and conversation.frames is not None and conversation.heard_close is None:
        end = End.DROPPED
    return Seen(end, _surplus(conversation), conversation.unheard_close)


async def see_reusable(conversation: Dialogue, follow_up: FollowUp, limit: float) -> Seen:
    """Whether a further request is answered, with whatever status.

    The follow-up asks the server to close, so that a second answer, to a request that never should have been one, is
    seen as surplus and not left behind.
    """
    if not isinstance(conversation, Conversation):
        return await conversation.see_reusable(*follow_up, limit)
    if conversation.wire.ending is not None:
        return await see_closed(conversation, limit)
    before = conversation.parser.take_surplus()
    await conversation.send(*follow_up, limit)
    received = await conversation.receive(limit)
    if received.failure == TIMED_OUT:
        return Seen(End.STUCK, before + conversation.parser.surplus)
    if received.failure:
        return await _after_failure(conversation, before, limit)
    await conversation.drain(min(limit, _AFTERWARDS))
    return Seen(End.REUSABLE, before + conversation.parser.surplus)


async def _after_failure(conversation: Conversation, before: bytes, limit: float) -> Seen:
    """The server had ended the connection, or what came is no answer.

    A server that has closed sends RST for a request that comes later; whether that is seen before its FIN is chance.
    """
    seen = await see_closed(conversation, limit)
    end = End.CLOSED if seen.end is End.RESET else seen.end
    return Seen(end, before + seen.surplus)


async def see_websocket_end(conversation: Conversation, limit: float) -> Seen:
    """Who closes a WebSocket (RFC 6455 section 7.1.1): the server, after the closing handshake or without it, or nobody.

    What is waited for has a cause each time: a ping, which the server must answer, or a Close, after which it must
    close. Without either, that it has not closed yet would say nothing.
    """
    if conversation.failed == TIMED_OUT:
        return Seen(End.STUCK, _surplus(conversation), conversation.unheard_close)
    if conversation.failed or conversation.said_close:
        return await see_closed(conversation, limit)
    if not conversation.between_frames:
        return Seen(End.LEFT)
    if conversation.heard_close is None:
        failure = await conversation.ping(limit)
        if conversation.heard_close is None:
            return Seen(_without_close(failure), _surplus(conversation))
    return await _after_close(conversation, limit)


def _without_close(failure: str) -> End:
    """A server that ends the connection with the ping unread sends RST, one that had read it FIN: which is chance."""
    if not failure:
        return End.LEFT
    return End.STUCK if failure == TIMED_OUT else End.DROPPED


async def _after_close(conversation: Conversation, limit: float) -> Seen:
    """Answer the server's Close, as it may wait for that. It sends RST when it does not, and closed before."""
    close = conversation.heard_close
    code = b"" if close is None or close.code is None else close.code.to_bytes(2, "big")
    await conversation.say(websocket.message(Kind.CLOSE, code), limit)
    seen = await see_closed(conversation, limit)
    return seen._replace(end=End.CLOSED) if seen.end is End.RESET else seen


def _announced(conversation: Conversation) -> bool:
    return conversation.parser.state is State.DONE and conversation.parser.closes


def _surplus(conversation: Conversation) -> bytes:
    return conversation.parser.surplus if conversation.frames is None else conversation.frames.surplus
