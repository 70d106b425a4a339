"""Where settings come from: a YAML file whose every value knows its line, and environment variables."""

from __future__ import annotations

import difflib
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic_core import ErrorDetails

Key = tuple[str | int, ...]
PREFIX = "NLWEB_"
_SECRET = re.compile(r"secret|key|token|password", re.IGNORECASE)


class SettingsError(Exception):
    """The configuration can't be used; its text lists every reason, one a line, each with its place."""


class Problems:
    """The faults found so far: all are reported at once."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, place: str, text: str) -> None:
        self._lines.append(f"{place}: {text}")

    def add_validation(self, document: Document, model: type[BaseModel], found: ErrorDetails) -> None:
        """One fault that pydantic found, in the words of the configuration."""
        key: Key = tuple(found["loc"])
        name = ".".join(str(part) for part in key)
        if found["type"] == "extra_forbidden":
            self.add(document.place(key), f"{name}: unknown key; {_known(model, key)}")
            return
        text = found["msg"].removeprefix("Value error, ").replace("Input should", "should")
        value = found["input"]
        shown = isinstance(value, str | int | float | None) and _SECRET.search(name) is None
        self.add(document.place(key), f"{name}: {value!r}: {text}" if shown else f"{name}: {text}")

    def raise_if_any(self) -> None:
        if self._lines:
            raise SettingsError("the configuration can't be used:\n  " + "\n  ".join(self._lines))


@dataclass(slots=True)
class Document:
    """Values as a tree, and where each of them was written."""

    path: Path
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Key, str] = field(default_factory=dict)

    def put(self, key: tuple[str, ...], value: Any, place: str) -> None:
        """Set one value; sections on the way are made."""
        section = self.values
        for name in key[:-1]:
            if not isinstance(section.get(name), dict):
                section[name] = {}
            section = section[name]
        section[key[-1]] = value
        self.places[key] = place

    def place(self, key: Key) -> str:
        """`file:line`, or the name of the variable, of a value or of what it stands in."""
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, str(self.path))


def read_document(path: Path, problems: Problems) -> Document:
    """The YAML file as a Document; SettingsError when it can't be read or is not YAML."""
    document = Document(path)
    try:
        with path.open(encoding="utf-8") as file:
            loader = yaml.SafeLoader(file)
            try:
                _fill(document, loader, problems)
            finally:
                loader.dispose()
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such configuration file; write it or name one by --config") from None
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{path}: the configuration can't be read ({type(error).__name__})") from None
    except RecursionError:
        raise SettingsError(f"{path}: nested too deeply, or an alias stands in what it names") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise SettingsError(f"{where}: not YAML: {getattr(error, 'problem', None) or 'unreadable'}") from None
    return document


def with_environment(
    document: Document, model: type[BaseModel], environ: Mapping[str, str], problems: Problems
) -> Document:
    """`document` with the values that the environment overrides; `NLWEB_PORT` wins over `PORT`."""
    if "PORT" in environ:
        document.put(("port",), environ["PORT"], "environment variable PORT")
    for name in sorted(environ):
        if not name.startswith(PREFIX):
            continue
        key = tuple(name.removeprefix(PREFIX).lower().split("__"))
        place = f"environment variable {name}"
        annotation = _annotation(model, key)
        if annotation is None:
            problems.add(place, f"no such setting; {_known(model, key)}")
        elif _is_section(annotation):
            problems.add(place, f"names a section; {_known(model, (*key, ''))}")
        else:
            document.put(key, _parsed(environ[name]), place)
    return document


def _fill(document: Document, loader: yaml.SafeLoader, problems: Problems) -> None:
    root = loader.get_single_node()
    if root is None:
        return
    document.places[()] = f"{document.path}:{root.start_mark.line + 1}"
    if not isinstance(root, yaml.MappingNode):
        problems.add(document.place(()), "the configuration should be a mapping of keys to values")
        return
    document.values = _value(document, loader, root, (), problems)


def _value(document: Document, loader: yaml.SafeLoader, node: yaml.Node, key: Key, problems: Problems) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(document, loader, node, key, problems)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_place_and_value(document, loader, item, (*key, index), problems) for index, item in items]
    try:
        return loader.construct_object(node)
    except ValueError:  # it looks like a date, but is none: what it should be will say so
        return node.value


def _mapping(
    document: Document, loader: yaml.SafeLoader, node: yaml.MappingNode, key: Key, problems: Problems
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name_node, value_node in node.value:
        line = f"{document.path}:{name_node.start_mark.line + 1}"
        if not isinstance(name_node, yaml.ScalarNode):
            problems.add(line, "a key should be a plain word")
            continue
        name = str(name_node.value)
        child = (*key, name)
        if name in values:
            problems.add(line, f"{'.'.join(map(str, child))}: given twice, first at {document.place(child)}")
        document.places[child] = line
        values[name] = _value(document, loader, value_node, child, problems)
    return values


def _place_and_value(document: Document, loader: yaml.SafeLoader, node: yaml.Node, key: Key, problems: Problems) -> Any:
    document.places[key] = f"{document.path}:{node.start_mark.line + 1}"
    return _value(document, loader, node, key, problems)


def _parsed(text: str) -> Any:
    """A list or mapping as the environment writes it (JSON is YAML), else the text itself."""
    if not text.startswith(("[", "{")):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _annotation(model: Any, key: Key) -> Any:
    """The type of the setting of this key, or None when there is none."""
    for name in key:
        if typing.get_origin(model) is dict:
            model = typing.get_args(model)[1]
        elif _is_section(model) and name in model.model_fields:
            model = model.model_fields[name].annotation
        else:
            return None
    return model


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _known(model: type[BaseModel], key: Key) -> str:
    """What could have stood in the place of the last name of `key` that is wrong."""
    depth = next(depth for depth in range(1, len(key) + 1) if depth == len(key) or not _annotation(model, key[:depth]))
    section = _annotation(model, key[: depth - 1]) if depth > 1 else model
    if not _is_section(section):
        return "a value has no keys of its own"
    names = sorted(section.model_fields)
    near = list(_near(str(key[depth - 1]), names))
    return f"did you mean {near[0]}?" if near else f"allowed here: {', '.join(names)}"


def _near(name: str, names: list[str]) -> Iterator[str]:
    yield from difflib.get_close_matches(name, names, n=1, cutoff=0.75)
