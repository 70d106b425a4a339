"""Links between operations (OpenAPI 3.1 section 4.8.20): what a later request takes from an earlier answer.

A value that only the answer will tell is a token in the later request, and the same token stands in the record's own
answer at the place where the link looks for it: as in a recording, so replaying needs to know nothing of links.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from samewire.ascii import is_digits, lower, whole_number
from samewire.exchange import Field
from samewire.sources.openapi_case import cases_of
from samewire.traffic import RecordedAnswer

if TYPE_CHECKING:
    from schemathesis import APIOperation, Case

_ORDER = {"delete": 2, "put": 1, "patch": 1}
"""What is deleted is asked for before."""
_CONTAINERS = {"path": "path_parameters", "query": "query", "header": "headers", "cookie": "cookies"}
_MISSING = object()


class Link(NamedTuple):
    """One link of an operation's answers."""

    name: str
    status: int
    target: Any
    """The operation that it leads to."""
    parameters: Mapping[str, Any]
    """A parameter's name, `path.id` or `id`, and a constant or the expression that gives its value."""


def links_of(operation: APIOperation[Any, Any, Any, Any]) -> tuple[Link, ...]:
    """Those whose target is known, in the order in which they can be followed."""
    found: list[Link] = []
    for status, response in operation.responses.items():
        for name, definition in response.iter_links():
            target = _target(operation.schema, definition)
            if target is not None:
                code = whole_number(status) if is_digits(status) else 200
                found.append(Link(name, code, target, dict(definition.get("parameters", {}))))
    return tuple(sorted(found, key=lambda link: _ORDER.get(lower(link.target.method), 0)))


def sequence(
    session: str, case: Case[Any], links: tuple[Link, ...], seed: int
) -> tuple[RecordedAnswer, list[tuple[str, Case[Any] | None]]]:
    """The answer that the first request's record holds, and each link's name and request; None: none can be made."""
    tokens = _Tokens(session, case)
    following = [(link.name, _followed(link, tokens, seed)) for link in links]
    return tokens.answer(links[0].status), following


def _followed(link: Link, tokens: _Tokens, seed: int) -> Case[Any] | None:
    given: dict[str, dict[str, Any]] = {}
    for parameter, expression in link.parameters.items():
        container, name = _container(link.target, parameter)
        value = tokens.value(expression, number=_is_number(link.target, name))
        if value is not _MISSING and container:
            given.setdefault(container, {})[name] = value
    return next(iter(cases_of(link.target, 1, seed, **given)), None)


def _container(target: Any, parameter: str) -> tuple[str, str]:
    where, dot, name = parameter.partition(".")
    if dot and where in _CONTAINERS:
        return _CONTAINERS[where], name
    for known in target.iter_parameters():
        if known.name == parameter:
            return _CONTAINERS.get(str(getattr(known.location, "value", known.location)), ""), parameter
    return "", parameter


def _is_number(target: Any, name: str) -> bool:
    """Whether the parameter is described as one: then the token that stands for it must be one, too."""
    for known in target.iter_parameters():
        if known.name == name:
            schema = known.definition.get("schema", {})
            return isinstance(schema, Mapping) and schema.get("type") in ("integer", "number")
    return False


def _target(schema: Any, definition: Mapping[str, Any]) -> Any:
    from schemathesis.errors import SchemathesisError

    try:
        if "operationId" in definition:
            return schema.find_operation_by_id(definition["operationId"])
        if "operationRef" in definition:
            return schema.find_operation_by_reference(definition["operationRef"])
    except (SchemathesisError, LookupError, ValueError):
        return None
    return None


class _Tokens:
    """What expressions stand for; each place of an answer has one token, and the answer is made of them."""

    def __init__(self, session: str, case: Case[Any]) -> None:
        self._session = session
        self._case = case
        self._fields: dict[str, str] = {}
        self._places: dict[str, str | int] = {}

    def value(self, expression: Any, *, number: bool = False) -> Any:
        """Of a runtime expression, or of a constant."""
        if not isinstance(expression, str) or not expression.startswith("$"):
            return expression
        place = expression.removeprefix("$response.")
        if place.startswith("body#/"):
            return self._places.setdefault(place.removeprefix("body#"), self._token(place, number=number))
        if place.startswith("header."):
            return self._fields.setdefault(place.removeprefix("header."), self._token(place))
        return self._asked(expression.removeprefix("$request."))

    def answer(self, status: int) -> RecordedAnswer:
        document: Any = None
        for pointer, token in self._places.items():
            document = _put(document, _steps(pointer), token)
        fields: list[Field] = list(self._fields.items())
        if document is None:
            return RecordedAnswer(status, tuple(fields))
        fields.append(("Content-Type", "application/json"))
        return RecordedAnswer(status, tuple(fields), json.dumps(document).encode())

    def _asked(self, place: str) -> Any:
        """A value of the first request itself."""
        where, _, name = place.partition(".")
        if place.startswith("body#/"):
            return _at(self._case.body, _steps(place.removeprefix("body#")))
        return _at(getattr(self._case, _CONTAINERS.get(where, ""), None), iter((name,)))

    def _token(self, place: str, *, number: bool = False) -> Any:
        digest = sha256(f"{self._session} {place}".encode()).digest()
        return 10**9 + int.from_bytes(digest[:4]) if number else str(UUID(bytes=digest[:16], version=4))


def _steps(pointer: str) -> Iterator[str]:
    """Of a JSON Pointer (RFC 6901)."""
    return (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def _put(document: Any, steps: Iterator[str], token: str | int) -> Any:
    """The document with the token at that place; numbers are places in a list."""
    step = next(steps, None)
    if step is None:
        return token
    if is_digits(step) and len(step) < 3 and not isinstance(document, dict):
        members = document if isinstance(document, list) else []
        members += [None] * (whole_number(step) + 1 - len(members))
        members[whole_number(step)] = _put(members[whole_number(step)], steps, token)
        return members
    named = document if isinstance(document, dict) else {}
    named[step] = _put(named.get(step), steps, token)
    return named


def _at(value: Any, steps: Iterator[str]) -> Any:
    for step in steps:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, list) and is_digits(step) and whole_number(step) < len(value):
            value = value[whole_number(step)]
        else:
            return _MISSING
    return value
