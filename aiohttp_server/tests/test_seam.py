"""What protocol.py takes from inside aiohttp; red here means: read aiohttp's web_protocol.py again."""

from __future__ import annotations

import asyncio
import inspect
import re
from typing import Any, cast

import pytest
from aiohttp import EMPTY_PAYLOAD, web, web_protocol

from aiohttp_server.protocol import Connection
from aiohttp_server.tests.served import Served
from shared_handlers.routes import path_of, split_pattern

OVERRIDDEN = {
    "connection_made": ["self", "transport"],
    "connection_lost": ["self", "exc"],
    "data_received": ["self", "data"],
    "eof_received": ["self"],
    "set_parser": ["self", "parser", "data_received_cb"],
    "pause_reading": ["self"],
    "pause_writing": ["self"],
    "resume_writing": ["self"],
    "log_access": ["self", "request", "response", "time"],
    "log_exception": ["self", "args", "kw"],
    "handle_error": ["self", "request", "status", "exc", "message"],
    "_make_error_handler": ["self", "err_info"],
}


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_aiohttp_has_what_is_overridden(name: str) -> None:
    assert name in vars(Connection)
    assert list(inspect.signature(getattr(web.RequestHandler, name)).parameters) == OVERRIDDEN[name]


@pytest.mark.parametrize(
    "name",
    [
        "_waiter", "_messages", "_loop", "_request_count", "_close", "_force_close", "_payload_parser", "_upgraded",
        "_reading_paused", "_buffer_paused", "_max_msg_queue_size",
    ],
)  # fmt: skip
def test_aiohttp_has_what_is_read(name: str) -> None:
    assert any(name in getattr(cls, "__slots__", ()) for cls in web.RequestHandler.__mro__)


def test_nothing_overridden_has_been_forgotten_here() -> None:
    inherited = {name for name in vars(Connection) if hasattr(web.RequestHandler, name) and not name.startswith("__")}
    assert inherited == set(OVERRIDDEN)


def test_an_error_of_the_parser_stands_in_the_queue_as_it_is_put_there_here() -> None:
    error = web_protocol._ErrInfo(status=400, exc=ValueError(), message="")
    assert (error.exc.args, EMPTY_PAYLOAD.is_eof()) == ((), True)
    assert web_protocol.ERROR.version == (1, 0)


def test_the_queue_is_read_by_start_and_filled_by_data_received() -> None:
    start = inspect.getsource(web.RequestHandler.start)
    assert "self._messages.popleft()" in start
    assert "self._make_error_handler(message)" in start
    received = inspect.getsource(web.RequestHandler.data_received)
    assert "self._request_count += 1" in received
    assert "self._messages.append((msg, payload))" in received
    assert "self._upgraded = upgraded" in received
    assert "self._pause_reading_for_buffer()" in received


def test_an_upgrade_is_declined_where_the_parser_would_be_told() -> None:
    finish = inspect.getsource(web.RequestHandler.finish_response)
    assert finish.index("self._upgraded = False") < finish.index("self.log_access(")


async def test_a_request_keeps_its_version_where_it_is_overwritten_here() -> None:
    missing: Any = None
    request = web.BaseRequest(
        web_protocol.ERROR, EMPTY_PAYLOAD, cast(Any, _NoConnection), missing, missing, asyncio.get_running_loop()
    )
    assert request.version == (1, 0)
    Connection.answer_in_http11(missing, request)
    assert request.version == (1, 1)


class _NoConnection:
    ssl_context = peername = sockname = None


async def test_aiohttp_makes_the_same_paths_of_the_same_names(served: Served) -> None:
    """Named resources and their URLs are aiohttp's own mechanism; `path_of` is everybody's."""
    values = {"id": "a b~ä", "n": "7", "code": "200", "key": "k", "user": "ann", "provider": "mock"}
    compared = set()
    for route, entry in served.hosted.runtime.resources.items():
        variables = {part[0]: part[1] for part in split_pattern(entry.pattern) if not isinstance(part, str)}
        if not entry.name or not variables.keys() <= values.keys():
            continue
        given = {name: "7" if pattern == r"\d+" else values[name] for name, pattern in variables.items()}
        if any(re.fullmatch(variables[name], value) is None for name, value in given.items()):
            continue
        assert route.resource is not None
        assert route.resource.name == entry.name
        assert str(route.resource.url_for(**given)) == path_of(entry.pattern, **given)
        compared.add(entry.name)
    assert len(compared) > 30
