"""A reader sees which lines part two texts, whatever the texts are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from samewire.compare.line_diff import line_diff

TEXT = [f"line {number}" for number in range(1, 201)]


def joined(lines: list[str]) -> str:
    return "\n".join(lines)


def test_a_changed_line_is_shown_with_those_around_it() -> None:
    changed = [*TEXT[:99], "other", *TEXT[100:]]
    assert line_diff(joined(TEXT), joined(changed)).split("\n") == [
        "@@ -98 +98 @@", " line 98", " line 99", "-line 100", "+other", " line 101", " line 102",
    ]  # fmt: skip


def test_a_line_more_is_one_line_more() -> None:
    added = [*TEXT[:3], "more", *TEXT[3:]]
    shown = line_diff(joined(TEXT), joined(added)).split("\n")
    assert shown == ["@@ -2 +2 @@", " line 2", " line 3", "+more", " line 4", " line 5", "…"]


def test_texts_of_one_line_have_none() -> None:
    assert line_diff("a", "b") == ""
    assert line_diff("a\nb", "b") == ""


def test_what_is_everywhere_different_is_cut() -> None:
    shown = line_diff(joined(TEXT), joined([line.upper() for line in TEXT])).split("\n")
    assert (len(shown), shown[-1]) == (25, "…")


@given(st.text(max_size=400), st.text(max_size=400))
def test_of_any_two_texts_it_is_short_and_printable(old: str, new: str) -> None:
    lines = line_diff(f"{old}\n", f"{new}\n").split("\n")
    assert len(lines) <= 25
    assert all(line.isprintable() and len(line) <= 161 for line in lines)
    assert old == new or any(line.startswith(("-", "+")) for line in lines)
