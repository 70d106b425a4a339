"""Options, the chosen targets, and the servers that all tests here share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.chosen import CHOSEN, VARIABLE, UnusableChoice, choose
from contract_tests.contract import Contract, contract
from parity.config import Config, ConfigError, load
from parity.launch import Running

HERE = Path(__file__).parent
CONFIG = pytest.StashKey[Config]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--target",
        action="append",
        default=[],
        metavar="NAME_OR_URL",
        help=f"hold the contract against this target of parity.toml or URL, whatever {VARIABLE} says; may be repeated",
    )


def pytest_configure(config: pytest.Config) -> None:
    try:
        settings = load(HERE.parent / "parity.toml")
        chosen = choose(config.getoption("--target"), os.environ.get(VARIABLE), settings)
    except (ConfigError, UnusableChoice) as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[CONFIG], config.stash[CHOSEN] = settings, chosen


def pytest_report_header(config: pytest.Config) -> str:
    return f"contract: {config.stash[CHOSEN]}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`target` is each chosen target in turn."""
    names = [target.name for target in metafunc.config.stash[CHOSEN].targets]
    if "target" in metafunc.fixturenames:
        metafunc.parametrize("target", names, scope="session")


@pytest.fixture(scope="session")
def held(request: pytest.FixtureRequest) -> Iterator[Contract]:
    """The contract, with every chosen target serving."""
    stash = request.config.stash
    with contract(stash[CONFIG], stash[CHOSEN].targets) as found:
        yield found


@pytest.fixture
def server(held: Contract, target: str) -> Running:
    """One target, serving."""
    return held.servers[target]
