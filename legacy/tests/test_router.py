from __future__ import annotations

import pytest

from legacy.router import NO_MATCH, Router
from shared_handlers.message import Request, Response
from shared_handlers.routes import Route, resources


async def endpoint(request: Request) -> Response:
    return Response()


PATTERNS = ("/a/{name}", "/a/me", r"/n/{id:\d+}", "/t/{rest:.*}", "/t/{x}/end", "/a.b", "/")
ROUTER = Router(resources(Route("GET", pattern, endpoint) for pattern in PATTERNS))


@pytest.mark.parametrize(
    ("path", "pattern", "params"),
    [
        ("/", "/", {}),
        ("/a/me", "/a/me", {}),
        ("/a/you", "/a/{name}", {"name": "you"}),
        ("/a/x%2Fy", "/a/{name}", {"name": "x/y"}),
        ("/a/%252e", "/a/{name}", {"name": "%2e"}),
        ("/n/12", r"/n/{id:\d+}", {"id": "12"}),
        ("/t/", "/t/{rest:.*}", {"rest": ""}),
        ("/t/a/b", "/t/{rest:.*}", {"rest": "a/b"}),
        ("/t/a/end", "/t/{x}/end", {"x": "a"}),
        ("/a.b", "/a.b", {}),
    ],
)
def test_a_path_finds_its_resource(path: str, pattern: str, params: dict[str, str]) -> None:
    resource, found = ROUTER.match(path)
    assert resource is not None
    assert (resource.pattern, dict(found)) == (pattern, params)


@pytest.mark.parametrize("path", ["", "//", "/A/me", "/a/", "/a/b/c", "/n/x", "/n/1\n", "/axb", "/t"])
def test_another_path_finds_nothing(path: str) -> None:
    assert ROUTER.match(path) is NO_MATCH
