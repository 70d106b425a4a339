"""The service's own index, built once, and its endpoints without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.body import NO_BODY, LazyBody
from shared_handlers.host import HostState
from shared_handlers.logs import Log
from shared_handlers.message import Request, Response
from shared_handlers.routes import resources
from shared_handlers.services import Services, open_services
from shared_handlers.settings import settings_from
from shared_handlers.table import routes

Call = Callable[..., Awaitable[Response]]
FORM = "application/x-www-form-urlencoded"


class _Content:
    def __init__(self, content: bytes) -> None:
        self._pieces = [content, b""]

    async def chunk(self) -> bytes:
        return self._pieces.pop(0)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("service")


@pytest.fixture
def nlweb() -> dict[str, Any]:
    """What the configuration says under `nlweb`; a test module overrides it."""
    return {}


@pytest.fixture
async def services(folder: Path, nlweb: dict[str, Any]) -> AsyncIterator[Services]:
    settings = settings_from({"mode": "testing", "nlweb": nlweb}, folder)
    async with open_services(settings, Log("error")) as opened:
        yield opened


@pytest.fixture
def call(services: Services) -> Call:
    """Call an endpoint: path, query string, and by name `method`, `content`, `kind` and `accept`."""
    table = {resource.pattern: resource for resource in resources(routes(services))}

    async def call(
        path: str, query: str = "", *, method: str = "GET", content: bytes = b"", kind: str = FORM, accept: str = ""
    ) -> Response:
        headers = CIMultiDict({"Accept": accept} if accept else {})
        if content:
            headers["Content-Type"] = kind
        body = LazyBody(_Content(content), length=len(content), limit=1 << 20) if content else NO_BODY
        request = Request(
            method=method, target=path, path=path, query_string=query, version=(1, 1),
            headers=CIMultiDictProxy(headers), params={}, body=body, peer="127.0.0.1", scheme="http",
            host=HostState("legacy"), id="the-request",
        )  # fmt: skip
        response = await table[path].endpoints[method](request)
        assert isinstance(response, Response)
        return response

    return call
