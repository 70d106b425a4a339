"""The places of an answer in which ids are returned: members of JSON, references in fields, links and inputs of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from samewire.ascii import lower
from samewire.compare import media_type
from samewire.exchange import Answer

_MOST = 5000
"""Places looked at in one answer."""
_LONGEST = 1024 * 1024
"""Bytes of a content that is looked into."""
_FIELDS = ("location", "content-location", "etag", "link")
_TAG = re.compile(r"<(?:input|a|form|link|button|meta)\b[^<>]{0,2000}+>", re.ASCII | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)')""", re.ASCII)
_REFERENCES = ("href", "action")
_VALUES = ("value", "content")

Places = Mapping[tuple[str, str], str]
"""Texts, by where they stand and by the name they have there."""


def places(answer: Answer) -> Places:
    """Each text that may have an id in it."""
    found: dict[tuple[str, str], str] = {}
    for name in _FIELDS:
        for number, value in enumerate(answer.values(name)):
            found[f"header {number}", name] = value
    for line in answer.values("set-cookie"):
        name, _, value = line.partition(";")[0].partition("=")
        found["cookie", name] = value
    if len(answer.body) <= _LONGEST:
        kind = media_type(answer)
        texts = _json(answer.body) if kind.endswith("json") else _page(answer.body) if kind == "text/html" else ()
        for place, text in texts:
            found[place] = text
            if len(found) >= _MOST:
                break
    return found


def _json(body: bytes) -> Iterator[tuple[tuple[str, str], str]]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return
    yield from _scalars("", "", document)


def _scalars(pointer: str, name: str, value: Any) -> Iterator[tuple[tuple[str, str], str]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _scalars(f"{pointer}/{key}", key, member)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scalars(f"{pointer}/{index}", name, item)
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        yield (pointer, name), str(value)


def _page(body: bytes) -> Iterator[tuple[tuple[str, str], str]]:
    for number, tag in enumerate(_TAG.finditer(body.decode("utf-8", "replace"))):
        attributes = {lower(match[1]): match[2] or match[3] or "" for match in _ATTRIBUTE.finditer(tag[0])}
        for reference in _REFERENCES:
            if reference in attributes:
                yield (f"tag {number} {reference}", "href"), attributes[reference]
        for value in _VALUES:
            if value in attributes and "name" in attributes:
                yield (f"tag {number} {value}", attributes["name"]), attributes[value]
