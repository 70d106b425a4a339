"""What a case sends, as bytes, and how they are cut into writes."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlencode

from samewire.address import Address
from samewire.ascii import lower
from samewire.cases.model import Delivery, Expect, Raw, Request, Talk
from samewire.exchange import Answer, Field, Kind
from samewire.kept import kept
from samewire.wire import websocket


class Names(NamedTuple):
    """What stands behind the names that a case uses."""

    run: str
    """`${run}`."""
    host: str
    """`${host}`: the target's authority."""
    base_path: str = ""
    """Comes before every target that begins with `/`."""
    kept: tuple[tuple[str, str], ...] = ()
    """Names that the case itself gave to field values of earlier answers."""
    fields: tuple[Field, ...] = ()
    """What the target wants in each well-formed request that does not name it."""
    scheme: str = "http"

    @classmethod
    def of(cls, address: Address, run: str) -> Names:
        """The names on a target."""
        return cls(run, address.authority, address.base_path, fields=address.access.fields, scheme=address.scheme)

    def keep(self, step: Expect, answer: Answer | None) -> Names:
        """These names and those that the step gives to values of its answer."""
        values = [(name, kept(answer, where)) for name, where in step.keep.items()] if answer else []
        return self._replace(kept=(*self.kept, *((name, value) for name, value in values if value is not None)))

    def fill(self, text: str) -> str:
        if "${" in text:
            for name, value in (("run", self.run), ("host", self.host), *self.kept):
                text = text.replace(f"${{{name}}}", value)
        return text


class Written(NamedTuple):
    """A message on the wire."""

    head: bytes
    """With the empty line."""
    body: bytes
    """With its transfer coding."""


def written(send: Request | Raw, names: Names) -> Written:
    """The bytes of a request; ValueError when its text is no latin-1 where it must be, or its base64 is none."""
    if isinstance(send, Raw):
        head, line, body = names.fill(send.bytes).encode("latin-1").partition(b"\r\n\r\n")
        return Written(head + line, body)
    content = content_of(send, names)
    lines = [
        f"{send.method} {target_of(send, names)} {send.version}",
        *(f"{name}: {value}" for name, value in fields_of(send, names, content)),
    ]
    head = "\r\n".join((*lines, "", "")).encode("latin-1")
    return Written(head, (content or b"") if send.chunks is None else _chunked(content or b"", send.chunks))


def spoken(talk: Talk, names: Names) -> bytes:
    """The frames of one WebSocket step; ValueError as for `written`."""
    payload = _payload(talk, names) * talk.repeat
    if talk.talk == "frame":
        return payload
    code = b"" if talk.code is None else talk.code.to_bytes(2, "big")
    return websocket.message(Kind(talk.talk), code + payload, talk.fragments)


def pieces(data: bytes, delivery: Delivery) -> Iterator[bytes]:
    """`data` in one piece, in single bytes, or cut at offsets; never an empty piece."""
    if delivery == "at once":
        cuts = [0, len(data)]
    elif delivery == "byte by byte":
        cuts = list(range(len(data) + 1))
    else:
        cuts = sorted({0, len(data), *(cut for cut in delivery if 0 < cut < len(data))})
    return (data[start:end] for start, end in pairwise(cuts) if start < end)


def target_of(request: Request, names: Names) -> str:
    """The request's target on this target."""
    target = names.fill(request.target)
    return names.base_path + target if target.startswith("/") else target


def fields_of(request: Request, names: Names, content: bytes | None) -> Iterator[tuple[str, str]]:
    """Host, the request's own, the target's, the framing; what the request itself says of these is not said again."""
    own = {lower(name) for name, _ in request.headers}
    if request.host and "host" not in own:
        yield "Host", names.host
    for name, value in request.headers:
        yield name, names.fill(value)
    yield from (field for field in names.fields if lower(field[0]) not in own)
    if own & {"content-length", "transfer-encoding"}:
        return
    if request.chunks is not None:
        yield "Transfer-Encoding", "chunked"
    elif content is not None:
        yield "Content-Length", str(len(content))


def content_of(request: Request, names: Names) -> bytes | None:
    """The content without a transfer coding; None when there is none, which is not the same as an empty one."""
    if request.text is not None:
        return names.fill(request.text).encode()
    if request.base64 is not None:
        return b64decode(request.base64, validate=True)
    if request.form is not None:
        return urlencode([(name, names.fill(value)) for name, value in request.form]).encode()
    if "json_value" in request.model_fields_set:
        return names.fill(json.dumps(request.json_value, ensure_ascii=False, separators=(",", ":"))).encode()
    return None


def chunks_of(content: bytes, sizes: tuple[int, ...]) -> Iterator[bytes]:
    """Pieces of these sizes, the last size again and again until the end; without sizes, all at once."""
    start, number = 0, 0
    while start < len(content):
        size = sizes[min(number, len(sizes) - 1)] if sizes else len(content)
        piece = content[start : start + max(size, 1)]
        yield piece
        start, number = start + len(piece), number + 1


def _chunked(content: bytes, sizes: tuple[int, ...]) -> bytes:
    """With the chunked coding (RFC 9112 section 7.1)."""
    coded = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks_of(content, sizes)]
    return b"".join(coded) + b"0\r\n\r\n"


def _payload(talk: Talk, names: Names) -> bytes:
    if talk.base64 is not None:
        return b64decode(talk.base64, validate=True)
    return names.fill(talk.text).encode("latin-1" if talk.talk == "frame" else "utf-8")
