"""Which resource a path means: literals in a dictionary, the rest as compiled expressions in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from shared_handlers.grammar import decode_variable
from shared_handlers.routes import Resource, split_pattern

_NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Match(NamedTuple):
    """A resource and the decoded variables of its pattern; no resource when nothing is at the path."""

    resource: Resource | None
    params: Mapping[str, str]


NO_MATCH = Match(None, _NO_PARAMS)


class Router:
    """Matches routing paths, as `grammar.routing_path` makes them, against the table of `routes.resources`."""

    __slots__ = ("_literals", "_patterns")

    def __init__(self, resources: Iterable[Resource]) -> None:
        table = tuple(resources)
        self._literals = {entry.pattern: Match(entry, _NO_PARAMS) for entry in table if entry.literal}
        self._patterns = tuple((_expression(entry.pattern), entry) for entry in table if not entry.literal)

    def match(self, path: str) -> Match:
        """A literal wins over any variable; among patterns the first of the table does."""
        literal = self._literals.get(path)
        if literal is not None:
            return literal
        for expression, resource in self._patterns:
            found = expression.fullmatch(path)
            if found is not None:
                params = {name: decode_variable(value) for name, value in found.groupdict().items()}
                return Match(resource, MappingProxyType(params))
        return NO_MATCH


def _expression(pattern: str) -> re.Pattern[str]:
    parts = (
        re.escape(part) if isinstance(part, str) else f"(?P<{part[0]}>{part[1]})" for part in split_pattern(pattern)
    )
    return re.compile("".join(parts), re.ASCII)
