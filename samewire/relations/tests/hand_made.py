"""Answers made by hand, and what a relation finds wrong among them."""

from __future__ import annotations

from collections.abc import Mapping

from samewire.cases.model import Relation
from samewire.exchange import Answer, Field, Framing
from samewire.relations import Full, Related, held

CONTENT = b"0123456789"
TAGGED: Mapping[str, str] = {"Content-Type": "text/plain", "Content-Length": "10", "ETag": '"v1"', "Vary": "Accept"}


def answer(status: int = 200, fields: Mapping[str, str] = TAGGED, body: bytes = CONTENT) -> Answer:
    lines: tuple[Field, ...] = tuple(fields.items())
    return Answer("HTTP/1.1", status, "", lines, Framing.LENGTH, body)


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in TAGGED.items() if name not in names}


def wrong(
    relation: Relation,
    related: Answer,
    *,
    asked: Mapping[str, str] | None = None,
    full: tuple[Answer, ...] = (answer(), answer()),
    earlier: tuple[int, ...] = (),
) -> list[str]:
    """The places of what is wrong."""
    found = held(relation, Full(full), Related(related, asked or {}, earlier))
    return [failure.place for failure in found]
