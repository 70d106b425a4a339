"""Every case on every chosen target, and between the first and each other one."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.chosen import CHOSEN
from contract_tests.contract import Contract
from samewire.cases import Case
from samewire.cases.collection import collect
from samewire.cases.errors import CaseError


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`case` is each case in turn; `other` each target but the first."""
    if "case" not in metafunc.fixturenames:
        return
    if "other" in metafunc.fixturenames:
        others = [target.name for target in metafunc.config.stash[CHOSEN].targets[1:]]
        metafunc.parametrize("other", others, scope="session")
    try:
        cases = collect(Path(__file__).parent / "cases")
    except CaseError as error:
        raise pytest.UsageError(str(error)) from None
    metafunc.parametrize("case", cases, ids=[case.id for case in cases])


def test_holds(case: Case, target: str, held: Contract) -> None:
    _let_pass(case, held)
    failure = held.failure(case, target)
    if failure:
        pytest.fail(failure, pytrace=False)


def test_is_the_same(case: Case, other: str, held: Contract) -> None:
    _let_pass(case, held)
    difference = held.difference(case, other)
    if difference:
        pytest.fail(difference, pytrace=False)


def _let_pass(case: Case, held: Contract) -> None:
    if not held.allows(case):
        pytest.skip("it changes state, and a target is not `disposable`")
