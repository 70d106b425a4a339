"""A question answered: from the question to its messages, as a stream or as one document."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple, Protocol

from shared_handlers.nlweb.context import decontextualized
from shared_handlers.nlweb.language_model import LanguageModel
from shared_handlers.nlweb.messages import API_VERSION, Message, asking_sites, message, results
from shared_handlers.nlweb.question import Question
from shared_handlers.nlweb.search import Hit


class Retriever(Protocol):
    """Finds what may answer a question."""

    async def search(self, query: str, sites: Sequence[str], limit: int) -> list[Hit]:
        """The best hits in these sites, at most `limit`."""


class Answerer(NamedTuple):
    """What it takes to answer."""

    retriever: Retriever
    model: LanguageModel
    notices: Mapping[str, str]
    """The configured headers by message type (`license`, ...): each is sent ahead of the answer."""

    async def messages(self, question: Question) -> AsyncGenerator[Message, None]:
        """Every message in its order, `complete` last; close it and the work stops. Failures are raised."""
        id = question.query_id
        yield message("api_version", id, api_version=API_VERSION)
        for name, content in self.notices.items():
            yield message(name, id, content=content)
        query = decontextualized(question.query, question.prev)
        if query != question.query:
            yield message("decontextualized_query", id, decontextualized_query=query, original_query=question.query)
        if len(question.sites) > 1:
            yield asking_sites(id, question.sites)
        async with aclosing(self._found(question, query)) as found:
            async for step in found:
                yield step
        yield message("complete", id)

    async def document(self, question: Question) -> dict[str, Any]:
        """The whole answer as one JSON object. Failures are raised."""
        document = empty_document(question)
        async with aclosing(self.messages(question)) as steps:
            async for step in steps:
                fold(document, step)
        return document

    async def _found(self, question: Question, query: str) -> AsyncGenerator[Message, None]:
        id = question.query_id
        hits = await self.retriever.search(query, question.sites, question.num)
        yield message("retrieval_count", id, count=len(hits))
        ranked: list[Hit] = []
        async with aclosing(self.model.rank(query, hits)) as batches:
            async for batch in batches:
                ranked.extend(batch)
                yield message("result_batch", id, results=results(batch, self.model.ranking_type))
        if not ranked:
            yield message("result_batch", id, results=[])
        if question.mode == "summarize":
            yield message("summary", id, content=await self.model.summarize(query, ranked))
        elif question.mode == "generate":
            answer = await self.model.answer(query, ranked)
            yield message("nlws", id, answer=answer.text, items=[])
            yield message("nlws", id, answer=answer.text, items=results(answer.sources, self.model.ranking_type))


def empty_document(question: Question) -> dict[str, Any]:
    """The answer to a question as one JSON object, before anything was found."""
    return {"query_id": question.query_id, "api_version": API_VERSION, "query": question.query, "results": []}


def fold(document: dict[str, Any], step: Message) -> None:
    """Put what a message says into the document."""
    match step["message_type"]:
        case "result_batch":
            document["results"] += step["results"]
        case "summary":
            document["summary"] = step["content"]
        case "nlws":
            document["nlws"] = {"answer": step["answer"], "items": step["items"]}
