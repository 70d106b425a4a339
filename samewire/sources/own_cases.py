"""Our own cases as traffic: those of one request that is well-formed, or raw bytes sent at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from samewire.ascii import lower
from samewire.cases.collection import collect
from samewire.cases.errors import CaseError
from samewire.cases.model import Case, ExpectEnd, Raw, Receive, Request, Send
from samewire.sources.requests import fault, latin, target
from samewire.sources.source import Item, Reading
from samewire.traffic import SAFE_METHODS, Record, Skipped
from samewire.wire.written import Names, written

_YAML = (".yaml", ".yml")
SUFFIXES = (".py", *_YAML)
_AS_A_CASE = "run it with --cases"
_NAMES = Names(run="", host="")
_OF_THE_TARGET = {"host", "content-length", "transfer-encoding", "connection"}


def holds(folder: Path) -> bool:
    """Whether a folder has files that may hold cases, at any depth; Python alone may be anything."""
    return any(path.suffix in _YAML for path in folder.rglob("*"))


def python(path: Path) -> Path | None:
    """The file of Python, or the first one in a folder, that reading the cases there would run."""
    found = path.rglob("*") if path.is_dir() else (path,)
    return min((file for file in found if file.suffix == ".py"), default=None)


def looks(head: bytes) -> bool:
    """Whether it is YAML, or Python, that has a case's keys."""
    return (b"steps:" in head and b"why:" in head) or b"CASES" in head


def read(reading: Reading) -> Iterator[Item]:
    """A record a case. Raises SourceError for what is wrong with a file of cases."""
    if reading.input.path is None:
        raise reading.error("cases are read from a file or a folder; name it")
    try:
        cases = collect(reading.input.path)
    except CaseError as error:
        raise reading.error(str(error)) from None
    yield from map(_item, cases)


def _item(case: Case) -> Item:
    first, *others = case.steps
    alone = all(isinstance(step, Receive | ExpectEnd) and step.on == first.on for step in others)
    if not isinstance(first, Send) or not alone or sum(isinstance(step, Receive) for step in others) > 1:
        return Skipped(case.id, f"several steps: {_AS_A_CASE}")
    if first.part != "all" or first.delivery != "at once":
        return Skipped(case.id, f"it is not sent at once: {_AS_A_CASE}")
    if case.unsafe and isinstance(first.send, Request) and first.send.method in SAFE_METHODS:
        return Skipped(case.id, f"it changes state, and its method does not say so: {_AS_A_CASE}")
    if "${" in first.send.model_dump_json():
        return Skipped(case.id, f"it has ${{…}} in it: {_AS_A_CASE}")
    return _raw(case, first.send) if isinstance(first.send, Raw) else _request(case, first.send)


def _raw(case: Case, send: Raw) -> Item:
    try:
        data = send.bytes.encode("latin-1")
    except UnicodeEncodeError:
        return Skipped(case.id, f"its bytes are no latin-1: {_AS_A_CASE}")
    return Record(case.id, raw=data, answers_head=send.answers_head)


def _request(case: Case, send: Request) -> Item:
    own = {lower(name) for name, _ in send.headers}
    if not send.host or send.chunks is not None or send.version != "HTTP/1.1" or own & _OF_THE_TARGET:
        return Skipped(case.id, f"it has a framing, a Host or a version of its own: {_AS_A_CASE}")
    if fault(send.method, send.headers):
        return Skipped(case.id, f"it is malformed: {_AS_A_CASE}")
    try:
        body = written(send, _NAMES).body
    except ValueError:
        return Skipped(case.id, f"it can't be written as bytes: {_AS_A_CASE}")
    has_content = any(given is not None for given in (send.text, send.base64, send.form)) or bool(body)
    fields = tuple((name, latin(value)) for name, value in send.headers)
    at = target(send.target.encode("latin-1", "replace"))
    return Record(case.id, send.method, at, fields, body if has_content else None)
