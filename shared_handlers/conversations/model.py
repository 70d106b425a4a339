"""What a conversation is, as it is kept, as it is shown, and as clients may send it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared_handlers.errors import HTTPError

MAX_TITLE = 200
MAX_CONTENT = 32_000
"""Characters."""
Role = Literal["user", "assistant"]
Title = Annotated[str, Field(max_length=MAX_TITLE)]


class Conversation(NamedTuple):
    """One conversation without its messages; times are seconds since 1970."""

    seq: int
    """Counts up as they are made; what cursors are made of."""
    id: str
    title: str
    created: float
    updated: float
    version: int
    messages: int
    """How many there are."""

    @property
    def etag(self) -> str:
        """Strong: every change, also of its messages, makes another version."""
        return f'"v{self.version}"'

    @property
    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "created": rfc3339(self.created),
            "updated": rfc3339(self.updated),
            "message_count": self.messages,
        }


class Message(NamedTuple):
    """One message; its number counts from 1 in its conversation."""

    number: int
    role: Role
    content: str
    created: float
    answer: str | None
    """JSON: what was found, where it is an answer of this service."""

    @property
    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "number": self.number,
            "role": self.role,
            "content": self.content,
            "created": rfc3339(self.created),
        }
        return shown if self.answer is None else shown | {"answer": orjson.Fragment(self.answer)}


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NewMessage(_Sent):
    """A message to append."""

    content: Annotated[str, Field(min_length=1, max_length=MAX_CONTENT)]
    role: Role = "user"


class NewConversation(_Sent):
    """A conversation to begin."""

    title: Title = ""


class Patch(_Sent):
    """A merge patch (RFC 7396): null takes a member away, and an absent one stays."""

    title: Title | None = None


class Kept(_Sent):
    """A conversation that a browser kept; `id` is its own, by which it is known when it comes again."""

    id: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    title: Title = ""
    messages: Annotated[list[NewMessage], Field(max_length=10_000)] = []


class Migration(_Sent):
    """Everything that a browser kept."""

    conversations: Annotated[list[Kept], Field(max_length=1_000)]


Model = TypeVar("Model", bound=_Sent)


def read_as(model: type[Model], value: Any) -> Model:
    """JSON as one of the above; HTTPError 422 names the place of the first thing that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))[:MAX_TITLE] or "the content"
        raise HTTPError(422, f"{place}: {first['msg']}.") from None


def rfc3339(seconds: float) -> str:
    """A time in UTC, with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
