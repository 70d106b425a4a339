"""The service without a server: requests made by hand go through routing, pipeline and endpoint as on a real one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.ascii import whole_number
from shared_handlers.body import NO_BODY, LazyBody
from shared_handlers.grammar import decode_variable, parse_target, routing_path
from shared_handlers.host import HostState
from shared_handlers.message import Field, File, Request, Response, Upgrade
from shared_handlers.pipeline import Pipeline
from shared_handlers.routes import ANY_METHOD, Resource, resources, split_pattern
from shared_handlers.services import Services
from shared_handlers.table import routes


class Clock:
    """Seconds since 1970, as a test says."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


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
        request = make_request(target, method, (("Host", "localhost"), *headers), version, body, host=self.state)
        try:
            answer = await self._answer(request)
            if isinstance(answer, Upgrade):
                return Answer(101, CIMultiDict(), b"", answer)
            content = await whole(answer)
        except Exception as error:
            answer = self.pipeline.failure(error, request.id)
            content = await whole(answer)
        fields = CIMultiDict(answer.headers)
        fields.update(CIMultiDict(self.pipeline.after(request, fields.get("Vary"))))
        return Answer(answer.status, fields, content)

    async def _answer(self, request: Request) -> Response | Upgrade:
        resource = self._match(request)
        early = self.pipeline.before(request, resource)
        if early is not None or resource is None:
            return early or Response(404)
        endpoint = resource.endpoints.get(request.method) or resource.endpoints[ANY_METHOD]
        answer = await endpoint(request)
        if not isinstance(answer, Response | Upgrade):
            raise TypeError(f"the endpoint of {resource.pattern} gave {type(answer).__name__}")
        return answer

    def _match(self, request: Request) -> Resource | None:
        path = routing_path(request.path)
        for pattern, resource in self._resources:
            if (match := pattern.fullmatch(path)) is not None:
                request.params = {name: decode_variable(value) for name, value in match.groupdict().items()}
                return resource
        return None


class Answer(NamedTuple):
    """A whole answer, with the fields that the pipeline adds."""

    status: int
    headers: CIMultiDict[str]
    content: bytes
    upgrade: Upgrade | None = None

    @property
    def json(self) -> Any:
        return orjson.loads(self.content)


def make_request(
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
            source,
            length=whole_number(length) if length else None,
            limit=1 << 20,
            coding=fields.get("Content-Encoding"),
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


class Pieces:
    """A ChunkSource that gives what it was given."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.taken = 0

    async def chunk(self) -> bytes:
        self.taken += 1
        return next(self._pieces, b"")


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
        "".join(re.escape(part) if isinstance(part, str) else f"(?P<{part[0]}>{part[1]})" for part in parts),
        re.ASCII,
    )
