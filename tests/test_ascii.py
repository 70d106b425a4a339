"""What comes from a socket or a file is read as ASCII: no method of `str` and no pattern that knows all of Unicode.

`str.lower` makes a `k` of the Kelvin sign, `strip` takes a no-break space off, `int` and `\\d` know the digits of every script:
whoever reads bytes sees another message. Methods of `bytes` are ASCII already.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from parity import ascii as harness
from shared_handlers import ascii as application
from tests.ascii_allowed import ALLOWED, FILES

ROOT = Path(__file__).parent.parent
ROOMS = ("shared_handlers", "legacy", "aiohttp_server", "parity")
CODE_POINTS = range(0x110000)

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
_UNICODE_CLASS = re.compile(r"(?<!\\)(?:\\\\)*\\[dDwWsSbB]", re.ASCII)


class Use(NamedTuple):
    """One place that reads text as Unicode."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}: use {INSTEAD[self.what]}"


def test_nothing_reads_text_as_unicode_that_may_be_anyones() -> None:
    found = [use for use in _uses() if not _allowed(use)]
    assert not found, "\n".join(
        [*map(str, found), "or say in tests/ascii_allowed.py why that text is not from outside"]
    )


def test_every_exception_is_needed() -> None:
    used = {(use.file, use.what) for use in _uses()}
    assert {key for key in ALLOWED if key not in used} == set()
    assert {name for name in FILES if not any(file.startswith(name) for file, _ in used)} == set()


@pytest.mark.parametrize("name", ["lower", "strip", "is_digits"])
def test_the_two_halves_read_every_character_alike(name: str) -> None:
    mine, theirs = getattr(application, name), getattr(harness, name)
    for number in CODE_POINTS:
        character = chr(number)
        for text in (character, f"A{character}1", f"{character} 7{character}"):
            assert mine(text) == theirs(text), f"U+{number:04X}"


def test_only_ascii_has_a_lower_case_blanks_and_digits() -> None:
    for number in CODE_POINTS:
        character = chr(number)
        expected = character.lower() if "A" <= character <= "Z" else character
        assert harness.lower(character) == expected, f"U+{number:04X}"
        assert harness.lower(f"K{character}") == f"k{expected}", f"U+{number:04X}"
        assert harness.strip(f"{character}x{character}") == ("x" if character in " \t" else f"{character}x{character}")
        assert harness.is_digits(character) is harness.is_digits(f"1{character}") is (character in "0123456789")


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1 ", "1_0", "\u0663", "\uff13", "\u00b2", "1\n", "\u00a01", "0x1"]
)
def test_what_is_not_of_digits_is_no_number(text: str) -> None:
    for half in (application, harness):
        with pytest.raises(ValueError, match="digits"):
            half.whole_number(text)
        assert half.whole_number("007") == 7


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("name.lower()", "lower"),
        ("value.strip().casefold()", "casefold"),
        ("value.partition(';')[0].strip()", "strip"),
        ("text.split(None, 1)", "split"),
        ("text.splitlines()", "splitlines"),
        ("sorted(names, key=str.lower)", "lower"),
        ("int(match[1])", "int"),
        ("int(headers['Content-Length'] or 0)", "int"),
        ("float(text)", "float"),
        ("text.isdigit()", "isdigit"),
        (r"re.compile(r'\d+')", "re"),
        (r"re.compile(rf'{START}\w', re.DOTALL)", "re"),
        ("re.fullmatch('bytes', text, re.IGNORECASE)", "re"),
        ("re.compile('(?i:gzip)')", "re"),
        ("re.fullmatch(pattern, text)", "re"),
    ],
)
def test_the_search_finds(code: str, what: str) -> None:
    assert [use.what for use in _in("x.py", code) if use.what == what] == [what]


@pytest.mark.parametrize(
    "code",
    [
        "line.partition(b':')[0].lower()",
        "def f(data: bytes): return data.strip().lower()",
        "def f(data: bytes): return [line.lower() for line in data.split(b';')]",
        "name.encode().lower()",
        "text.strip(' ')",
        "text.split(',')",
        "int(seconds * 1000)",
        "re.compile(rb'\\d+')",
        "re.compile(r'\\d+', re.ASCII)",
        r"re.compile(r'[0-9]+\\d')",
        "re.compile('[0-9]+')",
    ],
)
def test_the_search_lets_pass(code: str) -> None:
    assert list(_in("x.py", code)) == []


def _allowed(use: Use) -> bool:
    return (use.file, use.what) in ALLOWED or any(use.file.startswith(name) for name in FILES)


def _uses() -> Iterator[Use]:
    for room in ROOMS:
        files = [path for path in (ROOT / room).rglob("*.py") if "tests" not in path.relative_to(ROOT).parts]
        assert files, f"{room} has no modules: the check would pass on nothing"
        for path in files:
            yield from _in(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))


def _in(file: str, code: str) -> Iterator[Use]:
    tree = ast.parse(code)
    octets = _Octets(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (what := _call(node, octets)):
            yield Use(file, node.lineno, what)
        elif (
            isinstance(node, ast.Attribute) and ast.unparse(node.value) == "str" and node.attr in CASES | KINDS | BLANKS
        ):
            yield Use(file, node.lineno, node.attr)


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

    def __init__(self, tree: ast.AST) -> None:
        self._names: set[str] = set()
        for node in ast.walk(tree):
            match node:
                case ast.arg(arg=name, annotation=ast.expr() as kind) if _is_octets(kind):
                    self._names.add(name)
                case ast.AnnAssign() if _is_octets(node.annotation):
                    self._names.add(ast.unparse(node.target))
        for node in ast.walk(tree):
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
                return ast.unparse(node) in self._names
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
            self._names |= {ast.unparse(name) for name in ast.walk(target) if isinstance(name, ast.Name)}


def _is_octets(kind: ast.expr) -> bool:
    return ast.unparse(kind) in {
        "bytes",
        "bytearray",
        "bytes | bytearray",
        "bytes | None",
        "Iterable[bytes]",
        "list[bytes]",
    }
