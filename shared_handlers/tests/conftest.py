"""The service, opened for a test with a directory of files and a log of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from shared_handlers.logs import Log
from shared_handlers.services import Services, open_services
from shared_handlers.settings import Settings, settings_from
from shared_handlers.testing import MemoryHost


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The directory of static files."""
    folder = tmp_path / "static"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One search index for all tests: it takes a second to build."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def settings(root: Path, store: Path) -> Settings:
    return settings_from(
        {
            "mode": "testing",
            "static_directory": root,
            "server": {
                "cors": {"origins": ["https://app.example", "null"], "credentials": True},
                "logging": {"level": "info", "file": root.parent / "log"},
            },
            "nlweb": {"store": store},
        },
        root,
    )


@pytest.fixture
async def services(settings: Settings) -> AsyncIterator[Services]:
    with closing(Log("info", settings.server.logging.file)) as log:
        async with open_services(settings, log) as opened:
            yield opened


@pytest.fixture
def host(services: Services) -> MemoryHost:
    return MemoryHost(services)
