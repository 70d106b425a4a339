"""A case without the secrets that it sends, and the names of what was left out."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import NamedTuple

from samewire.ascii import lower
from samewire.cases.model import Case, Raw, Request, Send, Step, Talk
from samewire.compare import redact, redact_field
from samewire.wire.written import Names, content_of

_DIGEST = re.compile(r"\[redacted sha256:([0-9a-f]{8})\]")


class Masked(NamedTuple):
    """What may be shown of a case; it does not send the same where something was left out."""

    case: Case
    hidden: tuple[str, ...]
    """`authorization`, `the target`, `the content`, `raw bytes`: what holds a digest now."""


def masked(case: Case, names: Names) -> Masked:
    """Secrets of messages as digests; what the case keeps of answers is looked at with its value.

    Raises ValueError where a content is no base64.
    """
    hidden: dict[str, None] = {}

    def note(what: str, shown: str, given: str) -> str:
        """The given text where nothing in it is hidden, so that its names stay names."""
        if shown == names.fill(given):
            return given
        hidden[what] = None
        return shown

    steps = tuple(_step(step, names, note) for step in case.steps)
    return Masked(case.model_copy(update={"steps": steps}) if hidden else case, tuple(hidden))


_Note = Callable[[str, str, str], str]


def _step(step: Step, names: Names, note: _Note) -> Step:
    if isinstance(step, Talk):
        given = _latin(b64decode(step.base64, validate=True)) if step.base64 is not None else step.text
        shown = note("a message", redact(names.fill(given)), given)
        return step if shown == given else step.model_copy(update={"text": shown, "base64": None})
    if not isinstance(step, Send):
        return step
    if isinstance(step.send, Raw):
        given = step.send.bytes
        shown = note("raw bytes", redact(names.fill(given)), given)
        return step.model_copy(update={"send": step.send.model_copy(update={"bytes": shown})})
    return step.model_copy(update={"send": _request(step.send, names, note)})


def _request(request: Request, names: Names, note: _Note) -> Request:
    target = note("the target", _in_target(redact(names.fill(request.target))), request.target)
    fields = tuple(
        (name, note(lower(name), redact_field(name, names.fill(value)), value)) for name, value in request.headers
    )
    found = request.model_copy(update={"target": target, "headers": fields})
    content = content_of(request, names)
    if content is None:
        return found
    text = content.decode("utf-8", "surrogateescape")
    shown = note("the content", redact(text), text)
    if shown == text:
        return found
    coded = b64encode(shown.encode("utf-8", "surrogateescape")).decode()
    return found.model_copy(update={"text": None, "form": None, "base64": coded})


def _in_target(shown: str) -> str:
    """Digests in a form that a target may have (RFC 3986 section 2)."""
    return _DIGEST.sub(r"redacted-sha256-\1", shown)


def _latin(data: bytes) -> str:
    return data.decode("latin-1")
