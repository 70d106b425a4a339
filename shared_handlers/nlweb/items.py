"""What sites are made of: items in the vocabulary of schema.org."""

from __future__ import annotations

from typing import NamedTuple

import orjson

MAX_NAME = 300
MAX_DESCRIPTION = 500
MAX_TEXT = 200_000
"""In characters; longer ones are cut, so that one item can't fill an answer or the index."""


class Site(NamedTuple):
    """One body of content that can be asked on its own."""

    name: str
    url: str
    description: str


class Item(NamedTuple):
    """One thing a site has to say, ready to be indexed; `url` is unique within its site."""

    site: str
    url: str
    name: str
    description: str
    text: str
    """What is searched besides name and description, and quoted from in answers."""
    schema_object: str
    """The schema.org object, as JSON."""


def tech_article(site: Site, url: str, name: str, text: str, description: str = "") -> Item:
    """An item of type TechArticle; without a description, the first paragraph of `text` is one."""
    name, description = name[:MAX_NAME], shorten(description or _first_paragraph(text), MAX_DESCRIPTION)
    schema = {
        "@context": "https://schema.org",
        "@type": "TechArticle",
        "name": name,
        "url": url,
        "description": description,
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "name": site.name, "url": site.url},
    }
    return Item(site.name, url, name, description, text[:MAX_TEXT], orjson.dumps(schema).decode())


def shorten(text: str, limit: int) -> str:
    """`text` on one line, cut at a word when it is longer than `limit` characters."""
    line = " ".join(text[: limit * 4].split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0] + "…"


def _first_paragraph(text: str) -> str:
    return text.strip().partition("\n\n")[0]
