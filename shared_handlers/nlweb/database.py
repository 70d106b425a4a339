"""The tables that hold items, and how items get into them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from shared_handlers.nlweb.items import Item, Site

FORMAT = 1
"""Raise it whenever the tables or the built-in items change: a store of another format is not read."""
TABLES = (
    """CREATE TABLE IF NOT EXISTS site (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL, description TEXT NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS item (
        id INTEGER PRIMARY KEY, site_id INTEGER NOT NULL REFERENCES site (id), url TEXT NOT NULL, name TEXT NOT NULL,
        description TEXT NOT NULL, schema_object TEXT NOT NULL, site TEXT NOT NULL, body TEXT NOT NULL,
        UNIQUE (site_id, url)
    )""",
    """CREATE VIRTUAL TABLE IF NOT EXISTS item_text USING fts5 (
        name, description, body, site,
        content='item', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2'
    )""",
)


def create(connection: sqlite3.Connection, sites: Sequence[Site], items: Iterable[Item]) -> None:
    """Make the tables and fill them; of two items of a site with the same URL the later one stands."""
    for statement in TABLES:
        connection.execute(statement)
    with connection:
        connection.executemany("INSERT INTO site (name, url, description) VALUES (?, ?, ?)", sites)
        ids = {name: id for id, name in connection.execute("SELECT id, name FROM site")}
        latest = {(item.site, item.url): item for item in items}
        for item in latest.values():
            _insert(connection, ids[item.site], item)
        connection.execute("INSERT INTO item_text (item_text) VALUES ('optimize')")


def put(connection: sqlite3.Connection, site_id: int, item: Item) -> None:
    """Add an item to a site that is there; it takes the place of one with the same URL."""
    old = connection.execute(
        "SELECT id, name, description, body, site FROM item WHERE site_id = ? AND url = ?", (site_id, item.url)
    ).fetchone()
    if old is not None:
        # The text is not kept in the full-text table: it has to be told what to take out.
        connection.execute(
            "INSERT INTO item_text (item_text, rowid, name, description, body, site) VALUES ('delete', ?, ?, ?, ?, ?)",
            tuple(old),
        )
        connection.execute("DELETE FROM item WHERE id = ?", (old[0],))
    _insert(connection, site_id, item)


def site_token(id: int) -> str:
    """The one word that stands in the `site` column of `item_text`, so that FTS5 itself can pick sites."""
    return f"site{id}"


def _insert(connection: sqlite3.Connection, site_id: int, item: Item) -> None:
    token = site_token(site_id)
    row = connection.execute(
        "INSERT INTO item (site_id, url, name, description, schema_object, site, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (site_id, item.url, item.name, item.description, item.schema_object, token, item.text),
    )
    connection.execute(
        "INSERT INTO item_text (rowid, name, description, body, site) VALUES (?, ?, ?, ?, ?)",
        (row.lastrowid, item.name, item.description, item.text, token),
    )
