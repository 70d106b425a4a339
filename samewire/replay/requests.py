"""A record as the bytes that a target is sent, and as a case that sends the same."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import NamedTuple

from samewire.address import Address
from samewire.ascii import lower
from samewire.cases.model import Case, Expect, Raw, Receive, Request, Send
from samewire.exchange import Field
from samewire.traffic import Record

_LAST_NUMBER = re.compile(r"([0-9]{1,9})$")


class Unwritable(Exception):
    """A record can't be sent: its text is no latin-1, or has a line break or NUL (RFC 9110 section 5.5)."""


class Origin(NamedTuple):
    """What a target adds to every well-formed request."""

    authority: str
    """The Host value."""
    base_path: str = ""
    fields: tuple[Field, ...] = ()
    """What the target wants in each request that does not name it."""

    @classmethod
    def of(cls, address: Address) -> Origin:
        return cls(address.authority, address.base_path, address.access.fields)


def request_bytes(record: Record, origin: Origin) -> bytes:
    """A well-formed record on the wire: Host first, its own fields, the target's, then its framing.

    Raises Unwritable.
    """
    target = origin.base_path + record.target if record.target.startswith("/") else record.target
    lines = [f"{record.method} {target} HTTP/1.1", f"Host: {origin.authority}"]
    lines += [f"{name}: {value}" for name, value in record.fields]
    if origin.fields:
        own = {lower(name) for name, _ in record.fields}
        lines += [f"{name}: {value}" for name, value in origin.fields if lower(name) not in own]
    if record.body is not None:
        lines.append(f"Content-Length: {len(record.body)}")
    try:
        head = "\r\n".join((*lines, "", "")).encode("latin-1")
    except UnicodeEncodeError:
        raise Unwritable from None
    breaks = len(lines) + 1
    if head.count(b"\n") != breaks or head.count(b"\r") != breaks or b"\0" in head:
        raise Unwritable
    return head + (record.body or b"")


def case_of(record: Record, timeout: float = 5.0) -> Case:
    """The record as a case of one request, for what carries out and reproduces cases; in raw bytes `${host}` is filled.

    Raises Unwritable.
    """
    number = _LAST_NUMBER.search(record.id)
    return Case(
        id=f"REC-{number[1] if number else 0}",
        title=f"{record.id} is answered alike",
        why=f"it stands in the traffic at {record.id}",
        steps=(Send(send=_sent(record)), Receive(receive=Expect(status=200))),
        timeout=timeout,
    )


def _sent(record: Record) -> Request | Raw:
    if record.raw is not None:
        return Raw(bytes=record.raw.decode("latin-1"), answers_head=record.answers_head)
    request_bytes(record, Origin("host"))
    body = {} if record.body is None else {"base64": b64encode(record.body).decode()}
    return Request(method=record.method, target=record.target, headers=record.fields, **body)
