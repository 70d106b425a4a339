"""YAML as cases are written in it: plain scalars mean what they mean in JSON (YAML 1.2.2 section 10.2).

YAML 1.1, which PyYAML reads by default, takes the key `on` for true, `12:30` for 750 and `010` for 8.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_PLAIN = (
    ("tag:yaml.org,2002:null", re.compile(r"null|"), ["n", ""]),
    ("tag:yaml.org,2002:bool", re.compile(r"true|false"), ["t", "f"]),
    ("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9][0-9]*)"), list("-0123456789")),
    (
        "tag:yaml.org,2002:float",
        re.compile(r"-?(?:0|[1-9][0-9]*)(?=[.eE])(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"),
        list("-0123456789"),
    ),
)


class Loader(yaml.SafeLoader):
    """Reads JSON's plain scalars and refuses a key that is given twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set[str]()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is given twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class Dumper(yaml.SafeDumper):
    """Writes what the loader reads, without anchors; what YAML 1.1 would take for no text (`no`, `12:30`) is quoted, too."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own shape
        first: list(resolvers) for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """List items stand two columns in from their key."""
        super().increase_indent(flow, False)


for _tag, _pattern, _first in _PLAIN:
    _whole = re.compile(f"(?:{_pattern.pattern})$")
    Loader.add_implicit_resolver(_tag, _whole, _first)
    for _char in _first:  # before YAML 1.1's own, so that JSON's scalars keep their kind
        Dumper.yaml_implicit_resolvers.setdefault(_char, []).insert(0, (_tag, _whole))
