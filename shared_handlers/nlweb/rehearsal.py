"""Answers that fail or wait when a question asks for it: how a contract sees what failures look like (mode testing only)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from shared_handlers.nlweb.language_model import Answer, LanguageModel
from shared_handlers.nlweb.search import Hit
from shared_handlers.probe_state import ProbeState

_ORDER = re.compile(r"probe:(?P<what>fail|hold)(?::(?P<key>[A-Za-z0-9._-]{1,64}))?(?: |$)")


class RehearsedFailure(Exception):
    """What a question that begins with `probe:fail` is answered with."""


class Rehearsal:
    """A language model that does what the real one does, but for two kinds of question.

    `probe:fail WORDS` fails after the first batch of what WORDS find. `probe:hold:KEY WORDS` is held there until KEY
    is released; when the answer is closed before its end, one more has left KEY.
    """

    __slots__ = ("_model", "_state", "ranking_type")

    def __init__(self, model: LanguageModel, state: ProbeState) -> None:
        self._model = model
        self._state = state
        self.ranking_type = model.ranking_type

    async def rank(self, query: str, hits: Sequence[Hit]) -> AsyncGenerator[Sequence[Hit], None]:
        """The batches of the real one, with what was ordered after the first of them."""
        order = _ORDER.match(query)
        async with aclosing(self._model.rank(query, hits)) as batches:
            async for batch in batches:
                try:
                    yield batch
                    await self._obey(order)
                except (GeneratorExit, asyncio.CancelledError):
                    self._note_leaving(order)
                    raise
                order = None

    async def summarize(self, query: str, hits: Sequence[Hit]) -> str:
        return await self._model.summarize(query, hits)

    async def answer(self, query: str, hits: Sequence[Hit]) -> Answer:
        return await self._model.answer(query, hits)

    async def _obey(self, order: re.Match[str] | None) -> None:
        if order is None:
            return
        if order["what"] == "fail":
            raise RehearsedFailure(f"as ordered by the question: {order[0].strip()}")
        await self._state.holds.of(order["key"] or "").wait()

    def _note_leaving(self, order: re.Match[str] | None) -> None:
        if order is not None:
            self._state.left.of(order["key"] or "").add()
