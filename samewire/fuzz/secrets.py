"""Keeps the secrets of cases and traffic out of what is written, equal ones staying visibly equal."""

from __future__ import annotations

from collections.abc import Iterable

from samewire.compare import redact, redact_field
from samewire.exchange import Field
from samewire.fuzz.example import Example, Part, Plain, Turn, Wire
from samewire.fuzz.known import Known


def secret_texts(known: Known) -> frozenset[str]:
    """Field values, targets and contents of what is known in which something is hidden: those texts are not written.

    What generation itself makes up (`Authorization: Basic garbage`) is no secret, and a case without it would not show
    what was found.
    """
    texts = (text for request in known.requests for text in _texts(request))
    return frozenset(text for text, shown in texts if text != shown)


def without_secrets(example: Example, secrets: frozenset[str]) -> Example:
    """With everything masked that holds one of these texts."""
    if not secrets:
        return example
    return example._replace(turns=tuple(_turn(turn, secrets) for turn in example.turns))


def _texts(request: Plain) -> Iterable[tuple[str, str]]:
    yield from ((value, redact_field(name, value)) for name, value in request.fields)
    yield request.target, redact(request.target)
    if request.body is not None:
        text = request.body.decode("latin-1")
        yield text, redact(text)


def _turn(turn: Turn, secrets: frozenset[str]) -> Turn:
    message = turn.message
    if isinstance(message, Wire):
        return turn._replace(message=Wire(tuple(tuple(map(_part, request)) for request in message.requests)))
    fields = tuple(_field(field, secrets) for field in message.fields)
    body = message.body
    if body is not None and redact(text := body.decode("latin-1")) != text and _known(text, secrets):
        body = redact(text).encode("latin-1")
    target = redact(message.target) if _known(message.target, secrets) else message.target
    return turn._replace(message=message._replace(target=target, fields=fields, body=body))


def _field(field: Field, secrets: frozenset[str]) -> Field:
    name, value = field
    return (name, redact_field(name, value)) if _known(value, secrets) else field


def _part(part: Part) -> Part:
    """Raw requests take targets from what is known; their fields are made up."""
    line = part.data.decode("latin-1")
    return part._replace(data=redact(line).encode("latin-1")) if line.endswith("HTTP/1.1\r\n") else part


def _known(text: str, secrets: frozenset[str]) -> bool:
    """Whether it is one of them, or a piece of one that was made shorter."""
    return text in secrets or (
        len(text) >= 8 and any(text in secret or secret in text for secret in secrets if len(secret) >= 8)
    )
