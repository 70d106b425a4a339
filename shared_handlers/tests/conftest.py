"""A server without sockets: requests made by hand go through router, pipeline and endpoint as on a real one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.body import NO_BODY, LazyBody
from shared_handlers.grammar import decode_variable, parse_target, routing_path
from shared_handlers.host import HostState
from shared_handlers.logs import Log
from shared_handlers.message import Field, File, Request, Response, Upgrade
from shared_handlers.pipeline import Pipeline
from shared_handlers.routes import ANY_METHOD, Resource, resources, split_pattern
from shared_handlers.services import Services, open_services
from shared_handlers.settings import Settings, settings_from
from shared_handlers.table import routes

RequestMaker = Callable[..., Request]


class Pieces:
    """A ChunkSource that gives what it was given."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.taken = 0

    async def chunk(self) -> bytes:
        self.taken += 1
        return next(self._pieces, b"")


class Answer(NamedTuple):
    """A whole answer, with the fields that the pipeline adds."""

    status: int
    headers: CIMultiDict[str]
    content: bytes
    upgrade: Upgrade | None = None

    @property
    def json(self) -> object:
        return orjson.loads(self.content)


def make(
    target: str = "/",
    method: str = "GET",
    headers: Sequence[Field] = (("Host", "localhost"),),
    version: tuple[int, int] = (1, 1),
    body: Iterable[bytes] | None = None,
    **more: object,
) -> Request:
    """A request as a server would make it."""
    parts = parse_target(target)
    fields = CIMultiDictProxy(CIMultiDict(headers))
    length = fields.get("Content-Length")
    source = Pieces(body or ())
    given = {
        "params": {},
        "body": NO_BODY
        if body is None
        else LazyBody(
            source, length=int(length) if length else None, limit=1 << 20, coding=fields.get("Content-Encoding")
        ),
        "peer": "127.0.0.1",
        "scheme": "http",
        "host": HostState("memory"),
        "id": "request-1",
    } | more
    return Request(
        method=method,
        target=target,
        path=parts.path,
        query_string=parts.query_string,
        version=version,
        headers=fields,
        **given,  # type: ignore[arg-type]
    )


class MemoryHost:
    """The shortest server of the service."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.state = HostState("memory")
        self.pipeline = Pipeline(services.settings, services.log, services.metrics)
        self._resources = [(_pattern(resource), resource) for resource in resources(routes(services))]

    async def call(
        self,
        target: str,
        method: str = "GET",
        headers: Sequence[Field] = (),
        body: Iterable[bytes] | None = None,
        version: tuple[int, int] = (1, 1),
    ) -> Answer:
        """The answer to one request; a Host field is added."""
        request = make(target, method, (("Host", "localhost"), *headers), version, body, host=self.state)
        resource = self._match(request)
        try:
            answer = self.pipeline.before(request, resource)
            if answer is None and resource is not None:
                endpoint = resource.endpoints.get(method) or resource.endpoints[ANY_METHOD]
                outcome = await endpoint(request)
                if isinstance(outcome, Upgrade):
                    return Answer(101, CIMultiDict(), b"", outcome)
                answer = outcome
            assert isinstance(answer, Response)
            content = await whole(answer)
        except Exception as error:
            answer = self.pipeline.failure(error, request.id)
            content = await whole(answer)
        fields = CIMultiDict(answer.headers)
        fields.update(CIMultiDict(self.pipeline.after(request, fields.get("Vary"))))
        return Answer(answer.status, fields, content)

    def _match(self, request: Request) -> Resource | None:
        path = routing_path(request.path)
        for pattern, resource in self._resources:
            if (match := pattern.fullmatch(path)) is not None:
                request.params = {name: decode_variable(value) for name, value in match.groupdict().items()}
                return resource
        return None


async def whole(response: Response) -> bytes:
    """All the content of an answer."""
    match response.body:
        case bytes() as content:
            return content
        case File() as file:
            file.handle.seek(file.offset)
            content = file.handle.read(file.length)
            file.close()
            return content
        case pieces:
            return b"".join([piece async for piece in pieces])


def _pattern(resource: Resource) -> re.Pattern[str]:
    parts = split_pattern(resource.pattern)
    return re.compile(
        "".join(re.escape(part) if isinstance(part, str) else f"(?P<{part[0]}>{part[1]})" for part in parts)
    )


@pytest.fixture
def make_request() -> RequestMaker:
    return make


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
