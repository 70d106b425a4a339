"""The page that lists the contract says of every case where it is checked, and it is true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from samewire.cases.collection import collect

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "CONTRACT.md"
ROW = re.compile(r"\| (?P<number>[A-Z0-9]+-\d+) \|.*\| (?P<checked>[^|]*) \|")
TEST = re.compile(r"`(?P<file>[\w/]+\.py)::(?P<name>test_\w+)`")


def _rows() -> list[tuple[str, str]]:
    lines = PAGE.read_text().splitlines()
    return [(row["number"], row["checked"]) for line in lines if (row := ROW.fullmatch(line)) is not None]


@pytest.fixture(scope="module")
def rows() -> Mapping[str, str]:
    return dict(_rows())


@pytest.fixture(scope="module")
def numbers() -> frozenset[str]:
    """Of the cases: their ids without the suffix."""
    return frozenset(case.id.partition(".")[0] for case in collect(ROOT / "contract_tests" / "cases"))


def test_every_number_stands_once_and_says_where_it_is_checked(rows: Mapping[str, str]) -> None:
    listed = [number for number, _ in _rows()]
    assert len(listed) == len(set(listed)) > 450
    wrong = {number: said for number, said in rows.items() if not _is_a_status(said)}
    assert not wrong, "write `cases`, a test, `later` or `void: why`"


def _is_a_status(said: str) -> bool:
    return said == "later" or re.fullmatch(r"void: \S.+", said) is not None or _claims_a_check(said)


def _claims_a_check(said: str) -> bool:
    return all(part == "cases" or TEST.fullmatch(part) is not None for part in said.split("; "))


def test_every_number_that_says_cases_has_one_and_every_case_is_said(
    rows: Mapping[str, str], numbers: frozenset[str]
) -> None:
    said = {number for number, checked in rows.items() if "cases" in checked.split("; ")}
    assert said - numbers == set(), "docs/CONTRACT.md says `cases` and there is none"
    assert numbers - said == set(), "there are cases and docs/CONTRACT.md does not say so"


def test_every_test_that_is_named_exists(rows: Mapping[str, str]) -> None:
    named = {(test["file"], test["name"]) for said in rows.values() for test in TEST.finditer(said)}
    assert named
    missing = [f"{file}::{name}" for file, name in named if not _exists(ROOT / file, name)]
    assert not missing


def _exists(file: Path, name: str) -> bool:
    return file.exists() and re.search(rf"^(?:async )?def {name}\(", file.read_text(), re.MULTILINE) is not None


def test_at_least_170_numbers_have_cases(numbers: frozenset[str]) -> None:
    assert len(numbers) >= 170
