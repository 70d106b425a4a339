"""Compares two answers: heads, framing, content, and what came before them."""

from __future__ import annotations

from collections.abc import Iterator

from samewire.compare.bodies import compare_bodies
from samewire.compare.delta import Delta, differ, inside
from samewire.compare.fields import compare_fields
from samewire.compare.views import Names, View, view
from samewire.exchange import Answer, Answered

Both = tuple[Names, Names]
"""How the names are given back on the old and on the new side."""


def compare_answered(old: Answered, new: Answered, names: Both, *, whole: bool = True) -> Iterator[Delta]:
    """Differences of two receive steps, at places without a prefix; unless `whole`, of the heads alone."""
    yield from _interim(old.interim, new.interim, names)
    if old.answer is None or new.answer is None:
        yield from differ("answer", presence(old), presence(new))
        return
    mine, theirs = view(old.answer, names[0]), view(new.answer, names[1])
    yield from _head(mine, theirs)
    if whole:
        yield from differ("complete", _completeness(old), _completeness(new))
        yield from _content(mine, theirs)


def compare_arrival(old: Answered, new: Answered) -> Iterator[Delta]:
    """Whether what a step waited for left the server while the answer was still under way; never by the clock."""
    yield from differ("arrival", _arrival(old), _arrival(new))


def presence(answered: Answered) -> str:
    """An answer's status line, or why there is none."""
    if answered.answer is not None:
        return f"{answered.answer.version} {answered.answer.status} {answered.answer.reason}"
    return f"none: {answered.failure}"


def _interim(old: tuple[Answer, ...], new: tuple[Answer, ...], names: Both) -> Iterator[Delta]:
    yield from differ("interim", *(" ".join(str(answer.status) for answer in side) for side in (old, new)))
    if len(old) == len(new):
        for index, (mine, theirs) in enumerate(zip(old, new, strict=True)):
            yield from inside(f"interim[{index}].", _one_interim(view(mine, names[0]), view(theirs, names[1])))


def _one_interim(old: View, new: View) -> Iterator[Delta]:
    yield from _head(old, new)
    yield from _content(old, new)


def _head(old: View, new: View) -> Iterator[Delta]:
    mine, theirs = old.answer, new.answer
    yield from differ("version", mine.version, theirs.version)
    yield from differ("status", mine.status, theirs.status)
    yield from differ("reason", mine.reason, theirs.reason)
    yield from compare_fields("header", old.fields, new.fields)
    yield from differ("framing", mine.framing, theirs.framing)
    yield from differ("faults", "; ".join(mine.faults), "; ".join(theirs.faults))


def _content(old: View, new: View) -> Iterator[Delta]:
    yield from differ("chunk-extensions", _extensions(old.answer), _extensions(new.answer))
    yield from compare_bodies(old, new)
    yield from compare_fields("trailer", old.trailers, new.trailers)


def _arrival(answered: Answered) -> str:
    return "buffered" if answered.failure else "incremental"


def _completeness(answered: Answered) -> str:
    whole = answered.answer is not None and answered.answer.complete
    return "complete" if whole and not answered.failure else f"incomplete: {answered.failure}"


def _extensions(answer: Answer) -> str:
    """Where a server cuts is its own affair, and chunks are cut anew on the way; what it adds to them is not."""
    return "; ".join(chunk.extension for chunk in answer.chunks if chunk.extension)
