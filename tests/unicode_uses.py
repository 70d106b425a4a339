"""Finds what reads text as Unicode: methods of `str` and patterns without re.ASCII, by the names in the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ROOMS = ("shared_handlers", "legacy", "aiohttp_server", "samewire")

CASES = {"lower", "casefold", "upper", "title", "capitalize", "swapcase", "islower", "isupper", "istitle"}
KINDS = {"isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum", "isspace", "isidentifier"}
BLANKS = {"strip", "lstrip", "rstrip", "split", "rsplit"}
NUMBERS = {"int", "float", "Decimal"}
PATTERNS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
INSTEAD = (
    dict.fromkeys(CASES, "lower(text) of the room's `ascii`")
    | dict.fromkeys(KINDS, "is_digits(text) of the room's `ascii`, or a pattern")
    | dict.fromkeys(BLANKS, "strip(text) of the room's `ascii`, or say what is taken off or cut at")
    | dict.fromkeys(NUMBERS, "whole_number(text) of the room's `ascii`")
    | {"splitlines": r'split("\n"): it cuts at U+2028, U+0085 and more', "re": "re.ASCII, or [0-9] and the like"}
)
_METHODS = CASES | KINDS | BLANKS
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_UNICODE_CLASS = re.compile(r"(?<!\\)(?:\\\\)*\\[dDwWsSbB]", re.ASCII)


class Use(NamedTuple):
    """One place that reads text as Unicode."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}: use {INSTEAD[self.what]}"


@lru_cache(maxsize=1)
def uses() -> tuple[Use, ...]:
    return tuple(_search())


def _search() -> Iterator[Use]:
    for room in ROOMS:
        files = [path for path in (ROOT / room).rglob("*.py") if "tests" not in path.relative_to(ROOT).parts]
        assert files, f"{room} has no modules: the check would pass on nothing"
        for path in files:
            yield from uses_in(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))


def uses_in(file: str, code: str) -> Iterator[Use]:
    tree = ast.parse(code)
    attributes = {name for name in _Octets(tree).names if "." in name}
    for scope in _scopes(tree):
        octets = _Octets(scope, attributes)
        for node in _within(scope):
            if isinstance(node, ast.Call) and (what := _call(node, octets)):
                yield Use(file, node.lineno, what)
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "str" and node.attr in _METHODS:
                yield Use(file, node.lineno, node.attr)


def _scopes(tree: ast.AST) -> Iterator[ast.AST]:
    """The module and each function: a name that is bytes in one may be text in another."""
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, _FUNCTION))


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """What belongs to a scope and to no function in it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, _FUNCTION):
            yield node
            yield from _within(node)


def _call(call: ast.Call, octets: _Octets) -> str | None:
    """What of Unicode a call knows, by its name in INSTEAD."""
    match call.func:
        case ast.Name(id=name) if name in NUMBERS and call.args and _may_be_text(call.args[0]):
            return name
        case ast.Attribute(value=ast.Name(id="re"), attr=name) if name in PATTERNS:
            return None if _is_ascii(call, octets) else "re"
        case ast.Attribute(value=value, attr=name) if not octets.has(value) and ast.unparse(value) != "str":
            cuts_at_blanks = name in BLANKS and all(ast.unparse(given) == "None" for given in call.args[:1])
            return name if name in CASES | KINDS | {"splitlines"} or cuts_at_blanks else None
    return None


def _may_be_text(given: ast.expr) -> bool:
    """A number computed is none, nor is one that was written down."""
    if isinstance(given, ast.BoolOp):
        return any(map(_may_be_text, given.values))
    return not isinstance(given, ast.BinOp | ast.Compare | ast.Constant)


def _is_ascii(call: ast.Call, octets: _Octets) -> bool:
    """Whether a pattern is of bytes, has re.ASCII, or nothing in it that knows Unicode."""
    pattern = call.args[0]
    flags = " ".join(map(ast.unparse, (*call.args[1:], *(keyword.value for keyword in call.keywords))))
    if octets.has(pattern) or "re.ASCII" in flags:
        return True
    constants = [pattern] if isinstance(pattern, ast.Constant) else getattr(pattern, "values", [])
    texts = [str(part.value) for part in constants if isinstance(part, ast.Constant)]
    if not texts or "re.IGNORECASE" in flags:
        return False
    return not any(_UNICODE_CLASS.search(text) or re.search(r"\(\?[a-z]*i", text) for text in texts)


class _Octets:
    """Which expressions of a module are bytes, as far as names, annotations and literals say."""

    def __init__(self, scope: ast.AST, known: Iterable[str] = ()) -> None:
        self.names = set(known)
        for node in ast.walk(scope):
            match node:
                case ast.arg(arg=name, annotation=ast.expr() as kind) if _is_octets(kind):
                    self.names.add(name)
                case ast.AnnAssign() if _is_octets(node.annotation):
                    self.names.add(ast.unparse(node.target))
        for node in ast.walk(scope):
            match node:
                case ast.Assign(targets=[target], value=value):
                    self._assign(target, value)
                case ast.NamedExpr():
                    self._assign(node.target, node.value)
                case ast.For() | ast.comprehension():
                    self._assign(node.target, node.iter)

    def has(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant(value=value):
                return isinstance(value, bytes)
            case ast.Name() | ast.Attribute():
                return ast.unparse(node) in self.names
            case ast.Subscript(value=value):
                return self.has(value)
            case ast.BinOp(left=left, right=right):
                return self.has(left) or self.has(right)
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args):
                return name in {"encode", "read_bytes"} or (
                    name != "decode" and (self.has(value) or any(map(self.has, args)))
                )
        return False

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if self.has(value):
            self.names |= {ast.unparse(name) for name in ast.walk(target) if isinstance(name, ast.Name)}


def _is_octets(kind: ast.expr) -> bool:
    return ast.unparse(kind) in {
        "bytes",
        "bytearray",
        "bytes | bytearray",
        "bytes | None",
        "Iterable[bytes]",
        "list[bytes]",
    }
