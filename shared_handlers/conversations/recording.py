"""What a question with a `thread_id` and its answer leave in a conversation."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, NamedTuple

import orjson

from shared_handlers.conversations.model import MAX_CONTENT
from shared_handlers.conversations.store import Conversations
from shared_handlers.nlweb import Message, Question, empty_document, fold


class Thread(NamedTuple):
    """The conversation that an exchange belongs to; its owner's, and there."""

    conversations: Conversations
    owner: str
    id: str

    async def record(self, document: dict[str, Any]) -> None:
        """Append the question and its answer, both or none; HTTPError when the conversation is full or gone."""
        text = document.get("summary") or document.get("nlws", {}).get("answer") or _listed(document["results"])
        found = orjson.dumps(document).decode()
        await self.conversations.record(self.owner, self.id, document["query"], text[:MAX_CONTENT], found)

    async def recorded(
        self, question: Question, messages: AsyncGenerator[Message, None]
    ) -> AsyncGenerator[Message, None]:
        """The same messages; who sees `complete` knows that the exchange is kept, and one that breaks off is not."""
        document = empty_document(question)
        async with aclosing(messages):
            async for step in messages:
                fold(document, step)
                if step["message_type"] == "complete":
                    await self.record(document)
                yield step


def _listed(results: list[dict[str, Any]]) -> str:
    return "\n".join(f"{one['name']}: {one['url']}" for one in results) or "Nothing was found."
