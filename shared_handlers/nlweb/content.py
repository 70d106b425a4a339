"""The content of this configuration, found in the store or put there."""

from __future__ import annotations

import hashlib
import itertools
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from shared_handlers.logs import Log
from shared_handlers.nlweb import database, http_status, python_docs, store
from shared_handlers.nlweb.index import Index
from shared_handlers.nlweb.items import Site
from shared_handlers.nlweb.sources import SourceError, read_items
from shared_handlers.nlweb.store import StoreError
from shared_handlers.settings import Nlweb, Source


def open_index(settings: Nlweb, log: Log) -> Index:
    """The index of the built-in sites and the configured sources; built first where there is none of this content.

    Blocks while it builds, a second or two for the built-in sites. Raises StoreError.
    """

    def damaged(path: Path) -> None:
        log.event("warning", "the search index is damaged and is built anew", path=path)

    version = _version(settings.sources)

    def ensure() -> Path:
        return store.ensure(settings.store, version, lambda db: _fill(db, settings.sources), damaged)

    return Index(ensure(), settings.sites, ensure)


def _version(sources: Sequence[Source]) -> str:
    """What the content depends on, as 16 hexadecimal digits: other content gets another file."""
    digest = hashlib.sha256(f"{database.FORMAT} {platform.python_version()}".encode())
    for source in sources:
        digest.update(repr((source.site, source.format, source.url, source.description)).encode())
        digest.update(_digest(source.path))
    return digest.hexdigest()[:16]


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise StoreError(f"nlweb.sources: {path} cannot be read ({error.strerror}).") from None


def _fill(connection: sqlite3.Connection, sources: Sequence[Source]) -> None:
    builtin = (python_docs, http_status)
    sites = {source.site: Site(source.site, source.url, source.description) for source in reversed(sources)}
    sites |= {module.SITE.name: module.SITE for module in builtin}
    items = itertools.chain(
        itertools.chain.from_iterable(module.items() for module in builtin),
        itertools.chain.from_iterable(read_items(source.site, source.path, source.format) for source in sources),
    )
    try:
        database.create(connection, [sites[name] for name in sorted(sites)], items)
    except SourceError as error:
        raise StoreError(f"nlweb.sources: {error}.") from None
