"""Descriptions of an API (OpenAPI 3.0 and 3.1): requests made by schemathesis, and sequences that follow their links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from samewire.sources.openapi_case import cases_of, record_of
from samewire.sources.openapi_links import Link, links_of, sequence
from samewire.sources.source import Item, Reading, SourceError
from samewire.traffic import Skipped

if TYPE_CHECKING:
    from types import ModuleType

    from schemathesis import APIOperation

SUFFIXES = (".json", ".yaml", ".yml")
_NOTHING = "no request could be made that its description allows"


def looks(head: bytes) -> bool:
    """Whether it is YAML or JSON with a member `openapi`."""
    return re.search(rb"""(?m)^openapi\s*:|["']openapi["']\s*:""", head) is not None


def read(reading: Reading) -> Iterator[Item]:
    """For each operation the examples that its description has and generated requests, as many as the options say; then
    one sequence for each of them that has links, a session of its own.

    The same description, seed and number give the same requests. Raises SourceError.
    """
    number = 0
    for number, operation in enumerate(_operations(reading), 1):
        if operation is None:
            yield Skipped(reading.id(number), "the description of an operation is wrong")
        else:
            yield from _requests(reading, operation)
            yield from _sequences(reading, operation)
    if not number:
        raise reading.error("it describes no operation; name a description with paths")


def _requests(reading: Reading, operation: APIOperation[Any, Any, Any, Any]) -> Iterator[Item]:
    made = cases_of(operation, reading.options.examples, reading.options.seed)
    for number, case in enumerate(made, 1):
        yield record_of(f"{reading.name}:{operation.label}:{number}", case)
    if not made:
        yield Skipped(f"{reading.name}:{operation.label}", _NOTHING)


def _sequences(reading: Reading, operation: APIOperation[Any, Any, Any, Any]) -> Iterator[Item]:
    links = links_of(operation)
    if not links:
        return
    for number, case in enumerate(cases_of(operation, reading.options.examples, reading.options.seed), 1):
        yield from _sequence(f"{reading.name}:{operation.label}:links-{number}", case, links, reading.options.seed)


def _sequence(session: str, case: Any, links: tuple[Link, ...], seed: int) -> Iterator[Item]:
    answer, following = sequence(session, case, links, seed)
    first = record_of(f"{session}.0", case)
    yield first if isinstance(first, Skipped) else first._replace(session=session, answer=answer)
    for number, (name, later) in enumerate(following, 1):
        id = f"{session}.{number}:{name}"
        item = record_of(id, later) if later is not None else Skipped(id, _NOTHING)
        yield item if isinstance(item, Skipped) else item._replace(session=session)


def _operations(reading: Reading) -> Iterator[APIOperation[Any, Any, Any, Any] | None]:
    """Each operation of the description; None for one that is described wrongly."""
    try:
        from schemathesis import openapi
        from schemathesis.core.result import Ok
    except ModuleNotFoundError as error:
        raise reading.error(f"{error.name} is not installed: pip install 'samewire[openapi]'") from None
    try:
        for found in _loaded(reading, openapi).get_all_operations():
            yield found.ok() if isinstance(found, Ok) else None
    except (OSError, EOFError, SourceError):
        raise
    except Exception as error:  # the libraries raise whatever a wrong document makes of them
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise reading.error(f"not a description that can be used: {said}; mend it, then run again") from None


def _loaded(reading: Reading, openapi: ModuleType) -> Any:
    """By its path where that says what relative references are relative to."""
    path = reading.input.path
    if path is not None and path.suffix != ".gz":
        return openapi.from_path(path)
    with reading.input.open() as file:
        return openapi.from_file(file.read().decode())
