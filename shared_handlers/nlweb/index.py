"""The search index as endpoints use it: questions are answered in threads of its own, never on the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from shared_handlers.nlweb import search
from shared_handlers.nlweb.items import Site
from shared_handlers.nlweb.search import MAX_HITS, Hit
from shared_handlers.nlweb.store import StoreError, connect

Answer = TypeVar("Answer")
_THREADS = 2


class Index:
    """Every item of the sites it offers; close it when no question is under way."""

    __slots__ = ("_connections", "_everything", "_local", "_path", "_pool", "_tokens", "names", "sites")

    def __init__(self, path: Path, offered: Sequence[str] = ()) -> None:
        """Open the store at `path`, offering these sites of it, or all; StoreError for one that it does not have."""
        with closing(connect(path)) as connection:
            known = {site.name: (site, token) for site, token in search.read_sites(connection).items()}
        for name in offered:
            if name not in known:
                raise StoreError(f"nlweb.sites has {name!r}, but there is content only for: {', '.join(known)}.")
        self.names = frozenset(known)
        """Of all its sites, offered or not: nobody may take them."""
        names = sorted(offered or known)
        self.sites = MappingProxyType({name: known[name][0] for name in names})
        """The sites offered, by name, in order of name."""
        self._tokens = {name: known[name][1] for name in names}
        self._everything = len(names) == len(known)
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="index")

    async def search(self, query: str, sites: Sequence[str], limit: int = MAX_HITS) -> list[Hit]:
        """The best hits in these sites, at most `limit` and 50: by score, highest first, then URL."""
        whole = self._everything and len(sites) == len(self._tokens)
        tokens = () if whole else tuple(self._tokens[site] for site in sites)
        return await self._run(lambda connection: search.search(connection, query, tokens, limit))

    async def rank_sites(self, query: str) -> list[tuple[Site, float]]:
        """Each site that has a match, with the score of its best one: highest first, then by name."""
        return await self._run(lambda connection: self._rank_sites(connection, query))

    def close(self) -> None:
        """Wait for the questions under way and let go of the file."""
        self._pool.shutdown(cancel_futures=True)
        for connection in self._connections:
            connection.close()

    async def _run(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: question(self._connection()))

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = connect(self._path)
            self._connections.append(self._local.connection)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _rank_sites(self, connection: sqlite3.Connection, query: str) -> list[tuple[Site, float]]:
        best = ((name, search.search(connection, query, (token,), 1)) for name, token in self._tokens.items())
        ranked = [(self.sites[name], hits[0].score) for name, hits in best if hits]
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0].name))
