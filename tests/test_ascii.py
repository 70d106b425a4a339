"""What comes from a socket or a file is read as ASCII: no method of `str` and no pattern that knows all of Unicode.

`str.lower` makes a `k` of the Kelvin sign, `strip` takes a no-break space off, `int` and `\\d` know the digits of every script:
whoever reads bytes sees another message. Methods of `bytes` are ASCII already.
"""

from __future__ import annotations

import string

import pytest

from samewire import ascii as harness
from shared_handlers import ascii as application
from tests.ascii_allowed import ALLOWED, FILES
from tests.unicode_uses import Use, uses, uses_in

CODE_POINTS = range(0x110000)


def test_nothing_reads_text_as_unicode_that_may_be_anyones() -> None:
    found = [use for use in uses() if not _allowed(use)]
    assert not found, "\n".join(
        [*map(str, found), "or say in tests/ascii_allowed.py why that text is not from outside"]
    )


def test_every_exception_is_needed() -> None:
    used = {(use.file, use.what) for use in uses()}
    assert {key for key in ALLOWED if key not in used} == set()
    assert {name for name in FILES if not any(file.startswith(name) for file, _ in used)} == set()


def test_the_two_halves_give_every_character_the_same_lower_case() -> None:
    everything = "".join(map(chr, CODE_POINTS))
    small = everything.replace(string.ascii_uppercase, string.ascii_lowercase)  # A to Z stand there side by side
    assert application.lower(everything) == harness.lower(everything) == small
    for character in everything[:0x3000]:
        assert application.lower(character) == harness.lower(character) == small[ord(character)]


def test_the_two_halves_know_the_same_blanks_and_digits_of_all_characters() -> None:
    for character in map(chr, CODE_POINTS):
        around = f"{character}x{character}"
        expected = "x" if character in " \t" else around
        if not (application.strip(around) == harness.strip(around) == expected):
            pytest.fail(f"strip: U+{ord(character):04X}")
        if not (application.is_digits(character) is harness.is_digits(character) is (character in string.digits)):
            pytest.fail(f"is_digits: U+{ord(character):04X}")


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
    assert [use.what for use in uses_in("x.py", code) if use.what == what] == [what]


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
    assert list(uses_in("x.py", code)) == []


def _allowed(use: Use) -> bool:
    return (use.file, use.what) in ALLOWED or any(use.file.startswith(name) for name in FILES)
