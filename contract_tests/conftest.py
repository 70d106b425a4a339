"""Options, the chosen targets, and the servers that all tests here share."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from contract_tests.chosen import CHOSEN, VARIABLE, UnusableChoice, choose
from contract_tests.contract import Contract, contract
from contract_tests.process import Start, Together, started
from samewire.config import Config, ConfigError, load
from samewire.launch import Running
from samewire.targets import Command, resolve

HERE = Path(__file__).parent
CONFIG = pytest.StashKey[Config]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--target",
        action="append",
        default=[],
        metavar="NAME_OR_URL",
        help=f"hold the contract against this target of samewire.toml or URL, whatever {VARIABLE} says; repeatable",
    )


def pytest_configure(config: pytest.Config) -> None:
    try:
        settings = load(HERE.parent / "samewire.toml")
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


@pytest.fixture
def command(target: str, held: Contract) -> Command:
    """How a target is started; the test is left out for one at a URL."""
    source = resolve(target, held.config).source
    if not isinstance(source, Command):
        pytest.skip("the target runs already: it has no settings, signals and memory of this test's own")
    return source


@pytest.fixture
def start(command: Command, tmp_path: Path) -> Start:
    """Starts the target's command with these settings."""
    return lambda **settings: started(command, tmp_path, settings)


@pytest.fixture
def together(command: Command, target: str, held: Contract, tmp_path: Path) -> Together:
    """Starts the target and every other one over one store, with these settings; gives their URLs, the target's first."""
    others = [resolve(name, held.config).source for name in held.servers if name != target]
    commands = [command, *(source for source in others if isinstance(source, Command))]
    if len(commands) < 2:
        pytest.skip("it takes two targets that are started here")

    @asynccontextmanager
    async def all_of_them(**settings: str) -> AsyncIterator[list[str]]:
        async with AsyncExitStack() as stack:
            urls = []
            for number, one in enumerate(commands):
                (folder := tmp_path / str(number)).mkdir()
                stores = {name: str(tmp_path / "store") for name in one.store_env}
                urls.append((await stack.enter_async_context(started(one, folder, {**settings, **stores}))).url)
            yield urls

    return all_of_them
