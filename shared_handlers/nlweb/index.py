"""The search index as endpoints use it: questions are answered in threads of its own, never on the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from shared_handlers.errors import HTTPError
from shared_handlers.nlweb import search
from shared_handlers.nlweb.items import Site
from shared_handlers.nlweb.search import MAX_HITS, Hit
from shared_handlers.nlweb.store import StoreError, connect
from shared_handlers.store_faults import fault_of, faults_answered

Answer = TypeVar("Answer")
_THREADS = 2
_CHECK_SECONDS = 2.0


class _Opened(NamedTuple):
    connection: sqlite3.Connection
    inode: int | None


class Index:
    """Every item of the sites it offers; close it when no question is under way."""

    __slots__ = (
        "_connections", "_ensure", "_everything", "_local", "_path", "_pool", "_tokens", "names", "sites",
    )  # fmt: skip

    def __init__(self, path: Path, offered: Sequence[str] = (), ensure: Callable[[], object] = lambda: None) -> None:
        """Open the store at `path`, offering these sites of it, or all; StoreError for one that it does not have. `ensure`
        builds it anew where it was deleted or is damaged."""
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
        self._ensure = ensure
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

    async def holds(self) -> bool:
        """Whether questions can be answered; a file that is gone or damaged is built anew. After two seconds it fails."""
        with suppress(TimeoutError, HTTPError):
            async with asyncio.timeout(_CHECK_SECONDS):
                await self._run(search.read_sites)
                return True
        return False

    async def _run(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
        with faults_answered():
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._answer, question)

    def _answer(self, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Once more over a file that was built anew, where the one that was there is damaged."""
        try:
            return question(self._connection())
        except sqlite3.Error as error:
            if fault_of(error) != "broken":
                raise
        self._let_go()
        return question(self._connection())

    def _connection(self) -> sqlite3.Connection:
        """To the file that is there; what was deleted is found by its inode, which stays as long as it is open."""
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is None or opened.inode != _inode(self._path):
            self._let_go()
            self._ensure()
            opened = self._local.opened = _Opened(connect(self._path), _inode(self._path))
            self._connections.append(opened.connection)
        return opened.connection

    def _let_go(self) -> None:
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is not None:
            self._local.opened = None
            self._connections.remove(opened.connection)
            opened.connection.close()

    def _rank_sites(self, connection: sqlite3.Connection, query: str) -> list[tuple[Site, float]]:
        best = ((name, search.search(connection, query, (token,), 1)) for name, token in self._tokens.items())
        ranked = [(self.sites[name], hits[0].score) for name, hits in best if hits]
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0].name))


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
