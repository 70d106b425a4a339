"""One operation's requests, made by schemathesis and hypothesis, and each as a record."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from samewire.ascii import lower
from samewire.sources.requests import Place, end_to_end, fault, latin, place
from samewire.sources.source import Item
from samewire.traffic import Record, Skipped

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from schemathesis import APIOperation, Case

_ORIGIN = "http://target.invalid"
_BOUNDARY = re.compile(r"(multipart/[^;]+; boundary=)([0-9a-f]+)")


def cases_of(operation: APIOperation[Any, Any, Any, Any], count: int, seed: int, **given: Any) -> list[Case[Any]]:
    """The description's own examples, then generated cases, so many in all; `given` are values of parameters.

    Empty when nothing fits the description.
    """
    found: list[Case[Any]] = []
    described = [] if given else operation.get_strategies_from_examples()
    for strategy in (*described, operation.as_strategy(**given)):
        wanted = count - len(found)
        found += _drawn(strategy, wanted, seed) if wanted > 0 else []
    return found


def record_of(id: str, case: Case[Any]) -> Item:
    """The request that a case describes; the path of the description's first server comes first in its target."""
    from requests import Request
    from requests.exceptions import RequestException

    base = case.operation.full_path.removesuffix(case.operation.path).rstrip("/")
    try:
        sent = Request(**case.as_transport_kwargs(base_url=f"{_ORIGIN}{base}")).prepare()
    except (RequestException, ValueError, TypeError):
        return Skipped(id, "a generated request that can't be written")
    where = place(sent.url or "")
    body = sent.body.encode("utf-8", "surrogatepass") if isinstance(sent.body, str) else sent.body
    if not isinstance(where, Place) or not isinstance(body, bytes | None):
        return Skipped(id, "a generated request that can't be written")
    described = {lower(name) for name in case.headers or ()} | {"accept", "content-length", "content-type", "cookie"}
    lines = [(_text(name), _text(value)) for name, value in sent.headers.items() if lower(name) in described]
    if wrong := fault(sent.method or "", lines):
        return Skipped(id, wrong)
    if body is None and any(lower(name) == "content-length" for name, _ in lines):
        body = b""
    return _steady(Record(id, sent.method or "", where.target, tuple(end_to_end(lines)), body))


def _drawn(strategy: SearchStrategy[Case[Any]], count: int, seed: int) -> list[Case[Any]]:
    """So many cases of a strategy, or fewer if there are fewer; always the same ones for a seed."""
    import hypothesis

    found: list[Case[Any]] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count, backend=_backend(), database=None, deadline=None, derandomize=False,
        phases=[hypothesis.Phase.generate], suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(strategy)
    def collect(case: Case[Any]) -> None:
        found.append(case)

    with suppress(Exception):  # whatever a wrong description makes of the libraries: what was made until then is kept
        collect()
    return found[:count]


@lru_cache(1)
def _backend() -> str:
    """Hypothesis's own way of drawing without constants of the modules that happen to be loaded: a seed says all."""
    from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
    from hypothesis.internal.constants_ast import Constants

    class OfTheSeedAlone(HypothesisProvider):
        _local_constants = Constants()

    AVAILABLE_PROVIDERS["samewire-openapi"] = OfTheSeedAlone
    return "samewire-openapi"


def _steady(record: Record) -> Record:
    """With a boundary that follows from the content, where the library made one by chance."""
    for name, value in record.fields:
        if lower(name) == "content-type" and record.body and (match := _BOUNDARY.fullmatch(value)):
            old = match[2].encode()
            new = sha256(record.body.replace(old, b"")).hexdigest()[:32].encode()
            fields = tuple((n, match[1] + new.decode()) if n == name else (n, v) for n, v in record.fields)
            return record._replace(fields=fields, body=record.body.replace(old, new))
    return record


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else latin(value)
