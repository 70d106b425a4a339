"""What ranks, summarizes and answers: the interface, and the one that needs no model."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from typing import NamedTuple, Protocol

from shared_handlers.nlweb.items import shorten
from shared_handlers.nlweb.search import Hit
from shared_handlers.nlweb.words import salient

BATCH = 5
NOTHING_FOUND = "Nothing in the chosen sites matches this question."
_SUMMARIZED = 3
_READ = 3
_QUOTED = 3
_MAX_SENTENCE = 400
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(A-Z])|\n\s*\n")
_STEM = 5


class Answer(NamedTuple):
    """An answer in words, and the hits it is drawn from."""

    text: str
    sources: tuple[Hit, ...]


class LanguageModel(Protocol):
    """Makes of hits what the person asking reads. What it raises ends the answer with an error."""

    @property
    def ranking_type(self) -> str:
        """What the scores are, as clients see it in every result."""

    def rank(self, query: str, hits: Sequence[Hit]) -> AsyncGenerator[Sequence[Hit], None]:
        """The hits worth showing, with their scores, in batches: each as soon as it is there."""

    async def summarize(self, query: str, hits: Sequence[Hit]) -> str:
        """What the hits have to say, in a few sentences."""

    async def answer(self, query: str, hits: Sequence[Hit]) -> Answer:
        """The answer to the question that the hits allow."""


class Extractive:
    """Quotes what is there: the same words for the same question, always."""

    __slots__ = ()
    ranking_type = "bm25"

    async def rank(self, query: str, hits: Sequence[Hit]) -> AsyncGenerator[Sequence[Hit], None]:
        """The hits as they were found, five at a time."""
        for start in range(0, len(hits), BATCH):
            yield hits[start : start + BATCH]

    async def summarize(self, query: str, hits: Sequence[Hit]) -> str:
        """The descriptions of the three best."""
        if not hits:
            return NOTHING_FOUND
        return " ".join(f"{hit.name}: {_closed(hit.description)}" for hit in hits[:_SUMMARIZED])

    async def answer(self, query: str, hits: Sequence[Hit]) -> Answer:
        """The three sentences of the three best hits that share most with the question, in the order of the hits."""
        stems = {word[:_STEM] for word in salient(query)}
        candidates = [
            (-len(stems & {word[:_STEM] for word in salient(sentence)}), place, position, sentence)
            for place, hit in enumerate(hits[:_READ])
            for position, sentence in enumerate(_sentences(hit))
        ]
        if not candidates:
            return Answer(NOTHING_FOUND, ())
        chosen = sorted(sorted(candidates)[:_QUOTED], key=lambda candidate: candidate[1:3])
        places = dict.fromkeys(place for _, place, _, _ in chosen)
        return Answer(" ".join(sentence for *_, sentence in chosen), tuple(hits[place] for place in places))


def _sentences(hit: Hit) -> list[str]:
    """The description as one sentence, then those of the text that are not in it."""
    found = [_closed(hit.description)]
    for sentence in _SENTENCE_END.split(hit.text):
        line = shorten(sentence, _MAX_SENTENCE)
        if line and line.rstrip(".") not in hit.description:
            found.append(_closed(line))
    return found


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…", ":")) else f"{sentence}."
