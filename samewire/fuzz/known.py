"""What is known of a service before anything is generated: the requests of its cases and of its traffic, and links."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import orjson

from samewire.ascii import lower
from samewire.cases.model import Case, Request, Send
from samewire.exchange import Field
from samewire.fuzz.example import Plain
from samewire.traffic import Record, RecordedAnswer

MOST = 500
"""Requests that are kept, each of another method, target or content."""
_READ = 20_000
"""Records of a source that are looked at, at the most."""
_OWN_OF_CASES = re.compile(r"\$\{(?!run\}|host\})")
_ROOM = frozenset(("host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"))
_LINK = re.compile(rb"""(?:href|src|action)=["']?(/[!-~]*?)["'\s>]|"(/[A-Za-z0-9._~/?=&%-]{1,200})\"""")
_WHERE_IDS = ("/id", "/0/id", "/items/0/id", "/data/id", "/results/0/id", "/uuid", "/key", "/token")
_ID = re.compile(r"(?:.*_)?(?:id|uuid|key|token|ref|slug)|.*I[dD]")


class Known(NamedTuple):
    """Where generation starts from."""

    requests: tuple[Plain, ...]
    """Never empty."""
    parameters: tuple[Field, ...] = ()
    """Names and values of queries and forms."""
    pointers: tuple[str, ...] = _WHERE_IDS
    """JSON Pointers at which an answer may hold an id."""

    @property
    def safe(self) -> tuple[Plain, ...]:
        """Those that ask for no change of state; never empty."""
        found = tuple(request for request in self.requests if request.method in ("GET", "HEAD", "OPTIONS"))
        return found or (Plain("GET", "/"),)


def known(cases: Iterable[Case], records: Iterable[Record] = ()) -> Known:
    """All that cases and records show, in their order, each request once."""
    found = dict.fromkeys((Plain("GET", "/"),))
    pointers = dict.fromkeys(_WHERE_IDS)
    for request in _of_cases(cases):
        _keep(found, request)
    for number, record in enumerate(records):
        if number >= _READ:
            break
        for request in _of_record(record):
            _keep(found, request)
        if record.answer is not None and len(pointers) < 4 * len(_WHERE_IDS):
            pointers.update(dict.fromkeys(_ids(record.answer.body)))
    return Known(tuple(found), _parameters(found), tuple(pointers))


def _keep(found: dict[Plain, None], request: Plain) -> None:
    if len(found) < MOST:
        found.setdefault(request)


def _of_cases(cases: Iterable[Case]) -> Iterator[Plain]:
    sends = (step for case in cases for step in case.steps if isinstance(step, Send))
    for step in sends:
        if isinstance(step.send, Request) and step.send.target.startswith("/"):
            request = _plain(step.send)
            if not _OWN_OF_CASES.search(repr(request)):
                yield request


def _plain(request: Request) -> Plain:
    fields = tuple(field for field in request.headers if lower(field[0]) not in _ROOM)
    return Plain(request.method, request.target, fields, _body(request))


def _body(request: Request) -> bytes | None:
    if request.text is not None:
        return request.text.encode()
    if request.base64 is not None:
        return b64decode(request.base64)
    if request.form is not None:
        return urlencode(request.form).encode()
    return orjson.dumps(request.json_value) if "json_value" in request.model_fields_set else None


def _of_record(record: Record) -> Iterator[Plain]:
    if record.raw is None and record.target.startswith("/"):
        yield Plain(record.method, record.target, _safe_fields(record.fields), record.body)
    if record.answer is not None:
        yield from (Plain("GET", link) for link in _links(record.answer))


def _safe_fields(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(field for field in fields if lower(field[0]) not in _ROOM and not field[0].startswith(":"))


def _links(answer: RecordedAnswer) -> Iterator[str]:
    """Paths that the answer names, of its own origin as far as can be told."""
    for name, value in answer.fields:
        if lower(name) in ("location", "content-location"):
            parts = urlsplit(value)
            yield (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for match in list(_LINK.finditer(answer.body, 0, 200_000))[:50]:
        link = (match[1] or match[2]).decode("latin-1")
        if not link.startswith("//"):
            yield link.partition("#")[0]


def _ids(body: bytes) -> Iterator[str]:
    """Where a JSON document has members that are named as ids are."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    places: list[tuple[str, object, int]] = [("", document, 0)]
    while places:
        at, value, depth = places.pop()
        if isinstance(value, dict) and depth < 4:
            places += [(f"{at}/{_escaped(name)}", member, depth + 1) for name, member in value.items()]
            yield from (f"{at}/{_escaped(name)}" for name in value if _ID.fullmatch(name))
        elif isinstance(value, list) and value and depth < 4:
            places.append((f"{at}/0", value[0], depth + 1))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _parameters(requests: Iterable[Plain]) -> tuple[Field, ...]:
    found: dict[Field, None] = {}
    for request in requests:
        for pair in request.target.partition("?")[2].split("&"):
            name, _, value = pair.partition("=")
            if name and len(found) < MOST:
                found.setdefault((name, value))
    return tuple(found)
