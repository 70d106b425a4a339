"""The route table."""

from __future__ import annotations

import itertools

import pytest

from shared_handlers.message import Request, Response
from shared_handlers.routes import Route, path_of, resources, split_pattern


async def endpoint(request: Request) -> Response:
    return Response()


def patterns(*given: str) -> list[str]:
    return [resource.pattern for resource in resources(Route("GET", pattern, endpoint) for pattern in given)]


def test_the_order_of_matching_does_not_depend_on_the_order_of_registration() -> None:
    expected = ["/a/me", r"/a/{id:\d+}", "/a/{name}", "/a/{rest:.*}"]
    for order in itertools.permutations(expected):
        assert patterns(*order) == expected


def test_a_method_registered_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="GET /a is registered twice"):
        resources([Route("GET", "/a", endpoint), Route("GET", "/a", endpoint)])


def test_head_and_options_stand_beside_get() -> None:
    (resource,) = resources([Route("GET", "/a", endpoint), Route("POST", "/a", endpoint)])
    assert resource.allow == "GET, HEAD, OPTIONS, POST"
    assert set(resource.endpoints) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_wildcard_allows_every_known_method() -> None:
    (resource,) = resources([Route("*", "/a", endpoint)])
    assert resource.allow == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


def test_a_pattern_is_split_into_texts_and_variables() -> None:
    assert split_pattern("/a/{b}/c{d:[0-9]{3}}") == ("/a/", ("b", "[^/]+"), "/c", ("d", "[0-9]{3}"))


@pytest.mark.parametrize(
    ("pattern", "variables", "path"),
    [
        ("/a", {}, "/a"),
        ("/a/{id}/b", {"id": "ä/~"}, None),
        ("/a/{id}/b", {"id": "ä ~%"}, "/a/%C3%A4%20~%25/b"),
        (r"/a/{n:\d+}", {"n": "7"}, "/a/7"),
        (r"/a/{n:\d+}", {"n": "x"}, None),
        ("/a/{rest:.*}", {"rest": "b/c d"}, "/a/b/c%20d"),
        ("/a/{id}", {}, None),
        ("/a", {"id": "1"}, None),
    ],
)
def test_a_path_is_made_of_a_pattern(pattern: str, variables: dict[str, str], path: str | None) -> None:
    if path is None:
        with pytest.raises(ValueError, match=r"can.t have|has no"):
            path_of(pattern, **variables)
    else:
        assert path_of(pattern, **variables) == path
