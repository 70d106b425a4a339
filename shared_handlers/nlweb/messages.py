"""The messages of an answer, in the form NLWeb clients read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from shared_handlers.nlweb.search import Hit

API_VERSION = "0.1"
Message = dict[str, Any]
"""One JSON object; `message_type` comes first, `query_id` second."""


def message(message_type: str, query_id: str, **fields: Any) -> Message:
    """A message with these further fields, in this order."""
    return {"message_type": message_type, "query_id": query_id, **fields}


def asking_sites(query_id: str, sites: Sequence[str]) -> Message:
    """Which sites are searched, for a reader and for a program."""
    return message("asking_sites", query_id, message=f"Asking {', '.join(sites)}", sites=sites)


def results(hits: Iterable[Hit], ranking_type: str) -> list[dict[str, Any]]:
    """Hits as a client sees them."""
    return [
        {
            "url": hit.url,
            "name": hit.name,
            "site": hit.site,
            "siteUrl": hit.site_url,
            "score": hit.score,
            "description": hit.description,
            "schema_object": orjson.Fragment(hit.schema_object),
            "ranking_type": ranking_type,
        }
        for hit in hits
    ]
