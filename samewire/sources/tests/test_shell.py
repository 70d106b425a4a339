"""Words of a shell script: quoting, joining, and what a shell alone could know."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samewire.sources.shell import Command, commands


def words(*lines: str) -> list[Command]:
    return list(commands(lines))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('a \'b c\'d\\ e "f \\"g\\" \\x"\n', ("a", "b cd e", 'f "g" \\x')),
        ("a \\\n  b # not this\n", ("a", "b")),
        ("a#b '#c' ''\n", ("a#b", "#c", "")),
        ("$'tab\\t\\u00e9\\''", ("tab\t\u00e9'",)),
        ('$"a" "b$" c$', ("$a", "b$", "c$")),
        ("$'\\xc3\\xa9\\101'", ("\udcc3\udca9A",)),
        ("'two\nlines'\n", ("two\nlines",)),
    ],
)
def test_words_are_what_a_shell_makes_of_them(script: str, expected: tuple[str, ...]) -> None:
    assert words(*script.splitlines(keepends=True)) == [Command(expected)]


def test_commands_end_at_lines_semicolons_and_operators() -> None:
    assert [found.words for found in words("a b; c && d |e\n", "\n", "f&\n")] == [
        ("a", "b"),
        ("c",),
        ("d",),
        ("e",),
        ("f",),
    ]


@pytest.mark.parametrize("script", ["a $B", 'a "${B}"', "a `b`", "a $(b)", 'a "x $B"'])
def test_what_only_a_shell_could_know_is_a_fault(script: str) -> None:
    assert words(script)[0].fault == "it uses a variable or a command of the shell"


def test_an_open_quote_at_the_end_is_a_fault() -> None:
    assert words("a\n", "b 'c\n", "d") == [Command(("a",)), Command(("b",), "a quote that is not closed")]


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1, max_size=4))
def test_what_a_shells_own_printf_quotes_is_read_back(texts: list[str]) -> None:
    line = shlex.join(["x", *texts]) + "\n"
    assert [tuple(found.words) for found in words(*line.splitlines(keepends=True))] == [("x", *texts)]


@given(st.text("a'\"\\ \n$#;&|`"))
def test_it_matters_not_how_the_script_is_cut_into_lines(script: str) -> None:
    assert words(script) == words(*script)


def test_bash_reads_the_ansi_escapes_alike() -> None:
    script = r"printf '%s' $'a\tb\x41\u00e9\'\\\101'"
    shown = subprocess.run(["bash", "-c", script], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}).stdout
    assert words(script)[0].words[2].encode() == shown
