"""One answer of a case on both sides as it may be shown: what was sent, heads, contents; bounded and without secrets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from samewire.ascii import strip
from samewire.compare import decode, digest, pairing, printable, redact, redact_field
from samewire.exchange import Answered, Kind, Message, Talked, Transcript
from samewire.report.marks import Piece, pieces
from samewire.result import PairResult

LINES = 40
"""Lines of one text that are shown."""
_WIDTH = 500
_READ = 64 * 1024
"""Bytes that are looked at to show the beginning of a content."""
_COMPARED = 1_500_000
"""Of one text: the products of the lengths of lines that are marked within, summed; others are marked whole, as it takes
time that grows so."""
_UPGRADED = 101


Line = tuple[Piece, ...]
"""A line of text, what the other side does not have marked."""


class Side(NamedTuple):
    """What one target answered."""

    target: str
    head: tuple[Line, ...]
    body: tuple[Line, ...]


class Exchange(NamedTuple):
    sent: str
    old: Side
    new: Side


def exchange(pair: PairResult, place: str) -> Exchange:
    """The answer in which `place` is: the one that it names, else the first."""
    old, new = pair.old.transcript, pair.new.transcript
    both = [one for one in pairing.answers(old, new) if not one.awaited]
    chosen = next((one for one in both if one.prefix and place.startswith(one.prefix)), both[0] if both else None)
    mine, theirs = (chosen.old, chosen.new) if chosen else (None, None)
    heads = _marked(_head(mine, old), _head(theirs, new))
    bodies = _marked(_body(mine, old), _body(theirs, new))
    return Exchange(_sent(mine or theirs), Side(old.target, heads[0], bodies[0]), Side(new.target, heads[1], bodies[1]))


def _sent(seen: Answered | None) -> str:
    """The request, its field values redacted one by one."""
    if seen is None:
        return ""
    head, blank, content = seen.sent[:_READ].partition(b"\r\n\r\n")
    start, *fields = head.decode("latin-1").split("\r\n")
    lines = [redact(start), *map(_field_line, fields)]
    if blank:
        lines += ["", *_text(content)]
    return "\n".join(_bounded(lines))


def _field_line(line: str) -> str:
    name, colon, value = line.partition(":")
    return f"{name}{colon} {redact_field(strip(name), strip(value))}" if colon else redact(line)


def _head(seen: Answered | None, transcript: Transcript) -> list[str]:
    """Interim answers, the status line and the fields; why there is no answer."""
    if seen is None:
        return [f"not observed: {redact(transcript.error)}" if transcript.error else "no answer was asked for"]
    lines = [f"{interim.version} {interim.status} {interim.reason}" for interim in seen.interim]
    answer = seen.answer
    if answer is None:
        return [*lines, f"no answer: {seen.failure}"]
    lines.append(f"{answer.version} {answer.status} {answer.reason}")
    lines += [f"{name}: {redact_field(name, value)}" for name, value in answer.fields]
    lines += [f"(trailer) {name}: {redact_field(name, value)}" for name, value in answer.trailers]
    return [*lines, f"(incomplete: {seen.failure})"] if seen.failure else lines


def _body(seen: Answered | None, transcript: Transcript) -> list[str]:
    """Content without its codings; of a WebSocket the messages."""
    answer = seen.answer if seen else None
    if answer is None:
        return []
    if answer.status == _UPGRADED:
        return [_message(message) for message in _heard(transcript)]
    if answer.whole is not None:
        return [*_text(answer.body), f"(the beginning of {answer.whole.size} bytes, sha256 {answer.whole.sha256[:16]})"]
    return _text(decode(answer))


def _text(data: bytes) -> list[str]:
    """As lines of text, or, of what is no text, its length and digest."""
    whole = len(data) <= _READ
    begun = data[:_READ]
    try:
        text = begun.decode("utf-8", "strict" if whole else "ignore")
    except UnicodeDecodeError:
        return [digest(data)]
    if "\0" in text:
        return [digest(data)]
    return _bounded(redact(text).split("\n")) if text else []


def _message(message: Message) -> str:
    if message.kind is Kind.CLOSE:
        return f"close {message.code if message.code is not None else '(no code)'} {_inline(message.data)}"
    return f"{message.kind} {_inline(message.data)}"


def _inline(data: bytes) -> str:
    return " ".join(_text(data)[:1])


def _heard(transcript: Transcript) -> Iterable[Message]:
    return (
        message for seen in transcript.observations if isinstance(seen, Talked) for message in seen.messages[:LINES]
    )


def _bounded(lines: Sequence[str]) -> list[str]:
    shown = [printable(line[:_WIDTH].rstrip("\r")) + ("…" if len(line) > _WIDTH else "") for line in lines[:LINES]]
    return [*shown, f"… {len(lines) - LINES} more lines"] if len(lines) > LINES else shown


def _marked(old: list[str], new: list[str]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Lines that come in the place of each other are marked within."""
    mine: list[Line] = []
    theirs: list[Line] = []
    budget = _COMPARED
    for tag, start, stop, other, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for left, right in zip_longest(old[start:stop], new[other:end]):
            if left is None or right is None:
                mine += [] if left is None else [(Piece(left, True),)]
                theirs += [] if right is None else [(Piece(right, True),)]
            else:
                replaced = tag == "replace"
                budget -= replaced * len(left) * len(right)
                whole = (Piece(left, replaced),), (Piece(right, replaced),)
                both = pieces(left, right) if replaced and budget >= 0 else whole
                mine.append(both[0])
                theirs.append(both[1])
    return tuple(mine), tuple(theirs)
