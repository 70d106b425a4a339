"""Finds the cases of a file or folder, whether written in YAML or in Python."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from pydantic import ValidationError

from samewire.cases.errors import CaseError, wrong
from samewire.cases.model import Case
from samewire.cases.yaml_file import read

_YAML = (".yaml", ".yml")


def collect(path: Path) -> tuple[Case, ...]:
    """The cases of a `.yaml`, `.yml` or `.py` file, or of all such files in a folder, by their paths' order.

    A Python module holds them in a tuple `CASES`; in a folder, modules without one are helpers. Raises CaseError, also
    when an id is given twice.
    """
    if not path.exists():
        raise CaseError(f"{path}: there is no such file or folder of cases")
    found = [(case, file) for file in _files(path) for case in _of(file, named=file == path)]
    _distinct(found)
    return tuple(case for case, _ in found)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        if path.suffix not in (*_YAML, ".py"):
            raise CaseError(f"{path}: cases are written in .yaml, .yml or .py files")
        return iter((path,))
    files = (file for suffix in (*_YAML, ".py") for file in path.rglob(f"*{suffix}"))
    return iter(sorted(file for file in files if not _hidden(file.relative_to(path))))


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) or part == "tests" for part in path.parts)


def _of(file: Path, *, named: bool) -> Iterable[Case]:
    if file.suffix in _YAML:
        return read(file)
    cases = getattr(_module(file), "CASES", None)
    if cases is None and not named:
        return ()
    if not isinstance(cases, tuple) or not all(isinstance(case, Case) for case in cases):
        raise CaseError(f"{file}: a module of cases needs CASES, a tuple of cases")
    return cases


def _module(file: Path) -> ModuleType:
    """Imported under its own name where Python finds it by that, else by its path alone."""
    name = _dotted(file)
    try:
        if _found(name) == file.resolve():
            return importlib.import_module(name)
        return _by_path(file)
    except ValidationError as error:
        raise wrong(f"{file}: a {error.title}", error) from None
    except Exception as error:
        raise CaseError(f"{file}: can't be imported: {type(error).__name__}: {error}") from error


def _dotted(file: Path) -> str:
    parts = [file.stem]
    folder = file.resolve().parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def _found(name: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin).resolve() if spec and spec.origin else None


def _by_path(file: Path) -> ModuleType:
    name = f"samewire_cases_{abs(hash(file.resolve())):x}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise CaseError(f"{file}: is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _distinct(found: Iterable[tuple[Case, Path]]) -> None:
    first: dict[str, Path] = {}
    for case, file in found:
        if case.id in first:
            raise CaseError(f"{file}: the case {case.id} stands in {first[case.id]} already: give one of them a suffix")
        first[case.id] = file
