"""Items from files: JSON Lines and JSON-LD of schema.org objects, and RSS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Literal
from xml.etree.ElementTree import Element, ParseError

import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from shared_handlers.nlweb.items import MAX_DESCRIPTION, MAX_NAME, MAX_TEXT, Item, shorten

Format = Literal["jsonl", "jsonld", "rss"]
_MAX_SCHEMA = 100_000
_MAX_LINE = 1 << 20
_MAX_DEPTH = 100
_TEXTS = ("articleBody", "text", "reviewBody", "recipeInstructions", "keywords", "author", "category")


Check = Callable[[], None]
"""Called before each line, and before each item or element of what has no lines; what it raises ends the reading."""


class SourceError(Exception):
    """A file of items can't be used; the text says which, where and why."""


def read_items(site: str, path: Path, format: Format) -> Iterator[Item]:
    """Every item of the file, as one of `site`. Raises SourceError naming the line or the item that is wrong."""
    try:
        with path.open("rb") as file:
            yield from items_in(site, file, format, str(path))
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror})") from None


def items_in(site: str, file: IO[bytes], format: Format, name: str, check: Check = lambda: None) -> Iterator[Item]:
    """The same for a file that is open, and called `name`."""
    readers = {"jsonl": _json_lines, "jsonld": _json_ld, "rss": _rss}
    for place, data in readers[format](name, file, check):
        try:
            yield item_of(site, data)
        except ValueError as error:
            raise SourceError(f"{name}, {place}: {error}") from None


def item_of(site: str, data: Any) -> Item:
    """A schema.org object as an item; ValueError when it is none, or has no URL or no name."""
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    url, name = _text(data, "url", "@id"), _text(data, "name", "headline", "title")
    if not url or not name:
        raise ValueError("has no url" if not url else "has no name")
    schema = orjson.dumps(data).decode()
    if len(schema) > _MAX_SCHEMA:
        raise ValueError(f"longer than {_MAX_SCHEMA} characters")
    text = "\n\n".join(told for key in _TEXTS if (told := _told(data.get(key))))
    description = _text(data, "description", "abstract") or text
    return Item(site, url, shorten(name, MAX_NAME), shorten(description, MAX_DESCRIPTION), text[:MAX_TEXT], schema)


def _json_lines(name: str, file: IO[bytes], check: Check) -> Iterator[tuple[str, Any]]:
    number = 0
    while line := file.readline(_MAX_LINE):
        check()
        number += 1
        if len(line) == _MAX_LINE:
            raise SourceError(f"{name}, line {number}: longer than {_MAX_LINE} bytes")
        if line.strip():
            yield f"line {number}", _parsed(f"{name}, line {number}", line)


def _json_ld(name: str, file: IO[bytes], check: Check) -> Iterator[tuple[str, Any]]:
    data = _parsed(f"{name}, content", file.read())
    objects = data.get("@graph", [data]) if isinstance(data, dict) else data
    if not isinstance(objects, list):
        raise SourceError(f"{name}: neither an object, nor an array, nor a @graph of them")
    for number, item in enumerate(objects, 1):
        check()
        yield f"item {number}", item


def _rss(name: str, file: IO[bytes], check: Check) -> Iterator[tuple[str, Any]]:
    """No more than one item is in memory: what has been read of the rest is dropped."""
    parents: list[Element] = []
    number = within = 0
    for event, element in _elements(name, file):
        if event == "start":
            check()
            parents.append(element)
            within += element.tag == "item"
            if len(parents) > _MAX_DEPTH:
                raise SourceError(f"{name}: elements in more than {_MAX_DEPTH} others")
            continue
        parents.pop()
        if element.tag == "item":
            within -= 1
            number += 1
            yield f"item {number}", _article(element)
        if parents and not within:
            parents[-1].clear()


def _elements(name: str, file: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """The beginning and the end of each element."""
    try:
        yield from iterparse(file, ("start", "end"))
    except (ParseError, DefusedXmlException, ValueError):
        raise SourceError(f"{name}: not RSS, or XML with declarations of its own") from None


def _article(item: Element) -> dict[str, Any]:
    """An RSS 2.0 item in the words of schema.org."""
    fields = {
        "url": item.findtext("link"),
        "name": item.findtext("title"),
        "description": item.findtext("description"),
        "datePublished": item.findtext("pubDate"),
    }
    told = {name: text.strip() for name, text in fields.items() if text and text.strip()}
    return {"@context": "https://schema.org", "@type": "Article", **told}


def _parsed(place: str, data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise SourceError(f"{place}: not JSON, at column {error.colno}") from None


def _text(data: dict[str, Any], *names: str) -> str:
    """The first of these members that has text."""
    return next((text for name in names if (text := _told(data.get(name)))), "")


def _told(value: Any) -> str:
    """The words in a member: its text, that of its elements, or the name of the object it is."""
    if isinstance(value, list):
        return " ".join(told for element in value if not isinstance(element, list) and (told := _told(element)))
    if isinstance(value, dict):
        value = value.get("name") or value.get("text") or value.get("@id")
    return value.strip() if isinstance(value, str) else ""
