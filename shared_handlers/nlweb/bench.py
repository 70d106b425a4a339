"""How long a question to an index of 10,000 items takes: `python -m shared_handlers.nlweb.bench`."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from shared_handlers.nlweb import database, store
from shared_handlers.nlweb.index import Index
from shared_handlers.nlweb.items import Item, Site, tech_article

ITEMS = 10_000
QUESTIONS = 500
_WORDS_IN_ITEM = 120
_WORDS_IN_QUESTION = 4
_SITE = Site("bench", "http://bench.invalid/", "Made-up items.")
# Words as frequent as in a language (Zipf's law): a few are in every item, most in hardly any.
_VOCABULARY = [f"word{number}" for number in range(20_000)]
_WEIGHTS = list(itertools.accumulate(1 / rank for rank in range(1, len(_VOCABULARY) + 1)))


def main() -> None:
    """Print the median and the 99th percentile of the time to an answer, in milliseconds."""
    times = measure()
    median, late = statistics.median(times), statistics.quantiles(times, n=100)[-1]
    print(f"{ITEMS} items, {QUESTIONS} questions: median {median:.2f} ms, 99th percentile {late:.2f} ms")


def measure() -> list[float]:
    """Milliseconds from question to hits, thread included, of each question; the same questions every time."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = store.ensure(Path(folder), "bench", lambda connection: database.create(connection, [_SITE], _items(rng)))
        index = Index(path)
        try:
            return asyncio.run(_ask(index, [" ".join(_text(rng, _WORDS_IN_QUESTION)) for _ in range(QUESTIONS)]))
        finally:
            index.close()


async def _ask(index: Index, questions: list[str]) -> list[float]:
    times = []
    for question in questions:
        start = time.perf_counter()
        await index.search(question, (_SITE.name,))
        times.append((time.perf_counter() - start) * 1000)
    return times


def _items(rng: random.Random) -> Iterator[Item]:
    for number in range(ITEMS):
        words = _text(rng, _WORDS_IN_ITEM)
        yield tech_article(_SITE, f"{_SITE.url}{number}", " ".join(words[:6]), " ".join(words))


def _text(rng: random.Random, words: int) -> list[str]:
    return rng.choices(_VOCABULARY, cum_weights=_WEIGHTS, k=words)


if __name__ == "__main__":
    main()
