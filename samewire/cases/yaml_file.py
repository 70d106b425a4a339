"""Cases in YAML: read with errors that name file, line, case and key; written so that reading gives the same cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from samewire.cases.errors import CaseError, wrong
from samewire.cases.model import Case, Request, Send
from samewire.cases.yaml_syntax import Dumper, Loader

_LINES = ("headers", "form")


def read(path: Path) -> tuple[Case, ...]:
    """The cases of a file: documents that are each a case or a list of cases. Raises CaseError."""
    try:
        return parse(path.read_text("utf-8"), str(path))
    except OSError as error:
        raise CaseError(f"{path}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: is not UTF-8 at byte {error.start}") from None


def parse(text: str, name: str = "cases") -> tuple[Case, ...]:
    """The cases in a text; `name` is what errors call it. Raises CaseError."""
    try:
        return tuple(_cases(text, name))
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CaseError(f"{name}{line}: is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise CaseError(f"{name}: is not YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise CaseError(f"{name}: is nested too deeply") from None


def write(cases: Iterable[Case]) -> str:
    """YAML that `parse` reads as the same cases; only what differs from the defaults is written."""
    written = [_shape(_plain(case)) for case in cases]
    return yaml.dump(written, Dumper=Dumper, sort_keys=False, width=120)


def _cases(text: str, name: str) -> Iterator[Case]:
    loader = Loader(text)
    try:
        while loader.check_node() and (document := loader.get_node()) is not None:
            for node in document.value if isinstance(document, yaml.SequenceNode) else (document,):
                yield _case(loader.construct_document(node), f"{name}:{node.start_mark.line + 1}")
    finally:
        loader.dispose()


def _case(given: Any, where: str) -> Case:
    if not isinstance(given, dict):
        raise CaseError(f"{where}: here a case must stand, a mapping with id, title, why and steps")
    try:
        return Case.model_validate(given)
    except ValidationError as error:
        raise wrong(f"{where}: case {given.get('id', 'without id')}", error) from None


def _plain(case: Case) -> dict[str, Any]:
    """JSON content that is null is no default, nor is that a case changes nothing: they stand where they were given."""
    plain = case.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if "unsafe" in case.model_fields_set:
        plain["unsafe"] = case.unsafe
    for step, written in zip(case.steps, plain["steps"], strict=True):
        if isinstance(step, Send) and isinstance(step.send, Request) and "json_value" in step.send.model_fields_set:
            written["send"]["json"] = step.send.json_value
    return plain


def _shape(value: Any) -> Any:
    """Field lines as a mapping where no name repeats, a match that only says `equals` as its text."""
    if isinstance(value, list):
        return [_shape(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _lines(item) if key in _LINES else _shape(item) for key, item in value.items()}


def _lines(value: Any) -> Any:
    """Of a request, pairs; of an expectation, already a mapping from name to match."""
    if isinstance(value, list) and len({name for name, _ in value}) == len(value):
        return dict(value)
    if isinstance(value, dict):
        return {name: item["equals"] if list(item) == ["equals"] else item for name, item in value.items()}
    return value
