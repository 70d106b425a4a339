"""What is generated, as values that can be taken apart again, so that a finding can be made small."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from samewire.cases.model import Delivery
from samewire.exchange import Field
from samewire.traffic import SAFE_METHODS

BATCH = 200
"""Examples that are generated at a time."""


class Kind(StrEnum):
    """What is varied."""

    SEMANTIC = "semantic"
    """Well-formed requests: methods, paths, parameters, fields, bodies."""
    WIRE = "wire"
    """The grammar of HTTP/1.1 and breaches of it, pipelines, and how the bytes are delivered."""
    STATEFUL = "stateful"
    """Sequences whose later requests use what earlier answers said."""


class Plain(NamedTuple):
    """A well-formed request; its Host and framing are added when it is sent.

    `${run}`, `${host}` and the names that earlier turns keep may stand in target, values and content, as in a case.
    """

    method: str
    target: str
    fields: tuple[Field, ...] = ()
    body: bytes | None = None
    chunks: tuple[int, ...] = ()
    """Not empty: the content is sent in chunks of these sizes."""


class Part(NamedTuple):
    """Bytes that make sense to leave out together: a request line, a field line, a chunk."""

    data: bytes
    breach: str = ""
    """The name of the breach of the grammar that is in it, if there is one."""


Request = tuple[Part, ...]
"""One request as raw bytes; `${host}` stands in it for the target's authority."""


class Wire(NamedTuple):
    """Requests to the letter, sent in one go."""

    requests: tuple[Request, ...]

    @property
    def data(self) -> bytes:
        return b"".join(part.data for request in self.requests for part in request)


class Turn(NamedTuple):
    """What is sent, and then the answers to it are read."""

    message: Plain | Wire
    on: str = "main"
    """The connection."""
    delivery: Delivery = "at once"
    keep: tuple[tuple[str, str], ...] = ()
    """Names for values of the answer: a field's name, or a JSON Pointer into its content."""
    half_close: bool = False
    """Whether the client ends its side before it reads."""


class Example(NamedTuple):
    """One generated exchange."""

    kind: Kind
    number: int
    turns: tuple[Turn, ...]

    @property
    def safe(self) -> bool:
        """Whether none of it asks for a change of state."""
        return all(method in SAFE_METHODS for turn in self.turns for method in methods(turn.message))

    @property
    def size(self) -> int:
        """Bytes sent, without what is added; of two examples with the same finding the smaller one is told."""
        return sum(_size(turn.message) for turn in self.turns)


def methods(message: Plain | Wire) -> Iterable[str]:
    """The method of each request, as far as one can be read."""
    if isinstance(message, Plain):
        return (message.method,)
    return tuple(_method(request) for request in message.requests)


def digest(examples: Iterable[Example]) -> str:
    """Of all that would be sent, in hexadecimal: equal digests are equal exchanges."""
    found = sha256()
    for example in examples:
        found.update(repr(example.turns).encode())
    return found.hexdigest()


def _method(request: Request) -> str:
    data = b"".join(part.data for part in request).lstrip(b"\r\n")
    words = data[:64].split(None, 1)
    return words[0].decode("latin-1") if words else "GET"


def _size(message: Plain | Wire) -> int:
    if isinstance(message, Wire):
        return len(message.data)
    fields = sum(len(name) + len(value) + 4 for name, value in message.fields)
    return len(message.method) + len(message.target) + fields + len(message.body or b"")
