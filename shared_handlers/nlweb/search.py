"""Questions to the index, as SQL over one connection: bounded work, the same answer every time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from shared_handlers.nlweb.database import site_token
from shared_handlers.nlweb.items import Site
from shared_handlers.nlweb.words import all_words, match_expression, salient

MAX_HITS = 50
EXCERPT = 4000
"""Characters of an item's text that come with a hit."""
_MAX_WORDS = 12
_MAX_ROWS = 1000
"""Rows scored for one question: BM25 over more takes longer than a question may."""
_HALF = 6.0
"""The BM25 score that counts as 50 of 100."""
_SEARCH = """
SELECT site.name, site.url, item.url, item.name, item.description, item.schema_object, substr(item.body, 1, ?), hit.score
FROM (
    SELECT rowid AS id, score FROM (
        SELECT rowid, bm25(item_text, 8.0, 3.0, 1.0, 0.0) AS score FROM item_text WHERE item_text MATCH ? LIMIT ?
    ) ORDER BY score, rowid LIMIT ?
) AS hit JOIN item USING (id) JOIN site ON site.id = item.site_id
"""


class Hit(NamedTuple):
    """An item that matches a question."""

    site: str
    site_url: str
    url: str
    name: str
    description: str
    schema_object: str
    text: str
    score: float
    """How well it matches, 0 to 100."""


def read_sites(connection: sqlite3.Connection) -> dict[Site, str]:
    """Every site of the index, in order of name, with the word that picks it in a full-text expression."""
    rows = connection.execute("SELECT name, url, description, id FROM site ORDER BY name")
    return {Site(*row[:3]): site_token(row[3]) for row in rows}


def search(connection: sqlite3.Connection, query: str, tokens: Sequence[str], limit: int = MAX_HITS) -> list[Hit]:
    """The best hits for any of the query's words in the sites of these tokens; by score, then URL.

    No tokens: every site. At most 50, and the same ones in the same order whatever `limit` is.
    """
    words = _rarest(connection, (salient(query) or all_words(query))[:_MAX_WORDS])
    if not words:
        return []
    rows = connection.execute(_SEARCH, (EXCERPT, _expression(words, tokens), _MAX_ROWS, MAX_HITS))
    hits = [Hit._make((*row[:-1], _scaled(-row[-1]))) for row in rows]
    hits.sort(key=lambda hit: (-hit.score, hit.url))
    return hits[:limit]


def _rarest(connection: sqlite3.Connection, words: Sequence[str]) -> list[str]:
    """The words that tell most, as many as keep the rows to be scored within bounds, at least one of them."""
    counted = sorted((_frequency(connection, word), position, word) for position, word in enumerate(words))
    kept: list[str] = []
    rows = 0
    for frequency, _, word in counted:
        rows += frequency
        if kept and rows > _MAX_ROWS:
            break
        if frequency:
            kept.append(word)
    return kept


def _frequency(connection: sqlite3.Connection, word: str) -> int:
    sql = "SELECT count(*) FROM (SELECT 1 FROM item_text WHERE item_text MATCH ? LIMIT ?)"
    count: int = connection.execute(sql, (match_expression([word]), _MAX_ROWS + 1)).fetchone()[0]
    return count


def _expression(words: Sequence[str], tokens: Sequence[str]) -> str:
    found = f"{{name description body}} : ({match_expression(words)})"
    return f"{found} AND site : ({match_expression(tokens)})" if tokens else found


def _scaled(score: float) -> float:
    """BM25 is open upwards; this keeps its order and stays below 100. What matches at all has at least 0.01."""
    return max(0.01, round(100 * score / (score + _HALF), 2))
