"""The import arrows between the rooms of the house: they point down, and the two halves never meet."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"shared_handlers", "legacy", "aiohttp_server", "samewire", "contract_tests", "loadtests", "serve"}
MAY_IMPORT = {
    "shared_handlers": set(),
    "legacy": {"shared_handlers"},
    "aiohttp_server": {"shared_handlers"},
    "samewire": set(),
    "contract_tests": {"samewire"},
    "loadtests": {"samewire"},
}
WITHOUT_AIOHTTP = {"shared_handlers", "legacy", "samewire"}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    upward = {
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path, line, name in _imports(room)
        if name.split(".")[0] in ROOMS - {room} - MAY_IMPORT[room]
    }
    assert not upward


@pytest.mark.parametrize("room", sorted(WITHOUT_AIOHTTP))
def test_a_room_does_without_aiohttp(room: str) -> None:
    users = {
        f"{path.relative_to(ROOT)}:{line}" for path, line, name in _imports(room) if name.split(".")[0] == "aiohttp"
    }
    assert not users


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_package_is_marked_as_typed(room: str) -> None:
    assert (ROOT / room / "py.typed").exists()


def _imports(room: str) -> Iterator[tuple[Path, int, str]]:
    files = [path for path in (ROOT / room).rglob("*.py") if "tests" not in path.relative_to(ROOT / room).parts]
    assert files, f"{room} has no modules: the check would pass on nothing"
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (
                    (path, node.lineno, alias.name) for alias in node.names if alias.name not in sys.stdlib_module_names
                )
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield path, node.lineno, node.module
