"""All sites that can be asked, as one."""

from __future__ import annotations

from collections.abc import Sequence

from shared_handlers.nlweb.index import Index
from shared_handlers.nlweb.search import MAX_HITS, Hit
from shared_handlers.nlweb.uploaded import Uploaded


class Library:
    """The configured sites and the uploaded ones, as one."""

    __slots__ = ("_index", "_uploaded")

    def __init__(self, index: Index, uploaded: Uploaded) -> None:
        self._index = index
        self._uploaded = uploaded

    async def search(self, query: str, sites: Sequence[str], limit: int = MAX_HITS) -> list[Hit]:
        """The best hits in these sites: by score, highest first, then URL."""
        configured = [site for site in sites if site in self._index.sites]
        uploaded = [site for site in sites if site not in self._index.sites]
        hits = await self._index.search(query, configured, limit) if configured else []
        if not uploaded:
            return hits
        hits = [*hits, *await self._uploaded.search(query, uploaded, limit)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.url))[:limit]
