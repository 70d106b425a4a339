"""The server on a socket of its own, inside the test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest

from legacy.asyncio_engine import Engine
from legacy.server import ENGINES, engine_of
from legacy.site import Site
from legacy.tests.client import Answer, Wire, connected, until
from shared_handlers.logs import Log
from shared_handlers.message import Endpoint
from shared_handlers.routes import Route
from shared_handlers.services import open_services
from shared_handlers.settings import settings_from


class Served(NamedTuple):
    """A running server."""

    engine: Engine
    site: Site
    port: int
    log: Path
    static: Path

    def connect(self) -> AbstractAsyncContextManager[Wire]:
        return connected(self.port)

    async def get(self, target: str, *fields: str, method: str = "GET", content: bytes = b"") -> Answer:
        """One request on a connection of its own."""
        async with self.connect() as wire:
            return await wire.get(target, *fields, method=method, content=content)

    async def talk(self, data: str | bytes) -> Answer:
        """The answer to these bytes, after which the server closes."""
        async with self.connect() as wire:
            await wire.send(data)
            answer = await wire.answer()
            assert await wire.rest() == b""
            return answer

    def lines(self, event: str) -> list[Any]:
        return [line for line in map(orjson.loads, self.log.read_bytes().splitlines()) if line["event"] == event]

    async def records(self, count: int) -> list[Any]:
        """The access records, once there are so many."""
        await until(lambda: len(self.lines("access")) >= count)
        return self.lines("access")


Serve = Callable[..., AbstractAsyncContextManager[Served]]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One search index for all tests: it takes a second to build."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def serve(tmp_path: Path, store: Path, engine: str) -> Serve:
    """Serve with the given `server` settings, and with an endpoint of the test's own at `/own`, which may wait."""

    @asynccontextmanager
    async def start(own: Endpoint | None = None, *, waits: bool = True, **server: Any) -> AsyncIterator[Served]:
        static = tmp_path / "static"
        static.mkdir(exist_ok=True)
        settings = settings_from(
            {"mode": "testing", "static_directory": static, "server": server, "nlweb": {"store": store}}, tmp_path
        )
        log = tmp_path / "log"
        with closing(Log("info", log)) as lines, socket.create_server(("127.0.0.1", 0)) as listening:
            async with open_services(settings, lines) as services:
                more = () if own is None else tuple(Route(m, "/own", own, waits=waits) for m in ("GET", "POST"))
                site = Site.of(services, more)
                serving = engine_of(engine)(site, asyncio.get_running_loop())
                await serving.listen(listening, None)
                try:
                    yield Served(serving, site, listening.getsockname()[1], log, static)
                finally:
                    await serving.stop()

    return start


@pytest.fixture
async def served(serve: Serve) -> AsyncIterator[Served]:
    async with serve() as server:
        yield server
