"""The application on a socket of its own, inside the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from aiohttp_server import create_app
from aiohttp_server.serving import Hosted
from aiohttp_server.tests.served import Served, listening_socket
from shared_handlers.logs import Log
from shared_handlers.routes import Route
from shared_handlers.settings import settings_from
from shared_handlers.table import routes

Serve = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One search index for all tests: it takes a second to build."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def serve(tmp_path: Path, store: Path) -> Serve:
    """Serve with the given `server` settings, and more routes."""

    @asynccontextmanager
    async def start(*more: Route, **server: Any) -> AsyncIterator[Served]:
        static = tmp_path / "static"
        static.mkdir(exist_ok=True)
        values = {"cors": {"origins": ["https://app.example"]}} | server
        settings = settings_from(
            {"mode": "testing", "static_directory": static, "server": values, "nlweb": {"store": store}}, tmp_path
        )
        log = tmp_path / "log"
        with closing(Log("info", log)) as lines, listening_socket() as listening:
            async with Hosted.on(
                create_app(settings, lines, lambda services: (*routes(services), *more)), listening
            ) as hosted:
                yield Served(hosted, listening.getsockname()[1], log, static)

    return start


@pytest.fixture
async def served(serve: Serve) -> AsyncIterator[Served]:
    async with serve() as server:
        yield server
