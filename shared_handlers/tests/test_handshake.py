"""The opening handshake of a WebSocket."""

from __future__ import annotations

import pytest

from shared_handlers.errors import HTTPError
from shared_handlers.handshake import websocket_upgrade
from shared_handlers.message import Response, Upgrade, WebSocket
from shared_handlers.testing import MemoryHost, make_request

FIELDS = {
    "Host": "site.example",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


async def talk(socket: WebSocket) -> None:
    await socket.close()


def upgraded(method: str = "GET", version: tuple[int, int] = (1, 1), **fields: str) -> Upgrade:
    given = FIELDS | {name.replace("_", "-"): value for name, value in fields.items()}
    request = make_request("/ws", method, [field for field in given.items() if field[1]], version)
    return websocket_upgrade(request, talk, max_message=1, subprotocols=("v2", "v1"), origins=("https://app.example",))


def refused(method: str = "GET", version: tuple[int, int] = (1, 1), **fields: str) -> HTTPError:
    with pytest.raises(HTTPError) as raised:
        upgraded(method, version, **fields)
    return raised.value


def test_a_proper_handshake_is_upgraded() -> None:
    assert upgraded().handler is talk
    assert upgraded(Upgrade="WebSocket", Connection="upgrade").subprotocol is None


def test_post_and_http_1_0_can_not_be_upgraded() -> None:
    assert refused("POST").status == 405
    assert refused(version=(1, 0)).status == 400


@pytest.mark.parametrize(
    ("upgrade", "connection"), [("", "Upgrade"), ("h2c", "Upgrade"), ("websocket", ""), ("websocket", "close")]
)
def test_a_plain_request_is_426_that_names_what_to_upgrade_to(upgrade: str, connection: str) -> None:
    error = refused(Upgrade=upgrade, Connection=connection)
    assert error.status == 426
    assert dict(error.headers)["Upgrade"] == "websocket"


@pytest.mark.parametrize("version", ["", "8", "13, 8", "014"])
def test_another_version_is_426_that_names_13(version: str) -> None:
    error = refused(Sec_WebSocket_Version=version)
    assert (error.status, dict(error.headers)["Sec-WebSocket-Version"]) == (426, "13")


@pytest.mark.parametrize(
    "key", ["", "short", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZQ==="]
)
def test_a_key_that_is_not_sixteen_bytes_is_400(key: str) -> None:
    assert refused(Sec_WebSocket_Key=key).status == 400


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://site.example.evil", "http://site.example:81"]
)
def test_a_foreign_origin_is_403(origin: str) -> None:
    assert refused(Origin=origin).status == 403


@pytest.mark.parametrize("origin", ["https://app.example", "http://site.example", ""])
def test_listed_origins_the_own_one_and_none_are_welcome(origin: str) -> None:
    assert upgraded(Origin=origin)


@pytest.mark.parametrize(("offered", "chosen"), [("v1, v2", "v2"), ("v1", "v1"), ("V1", None), ("x", None), ("", None)])
def test_the_subprotocol_is_the_servers_favourite_of_those_offered(offered: str, chosen: str | None) -> None:
    assert upgraded(Sec_WebSocket_Protocol=offered).subprotocol == chosen


async def test_a_plain_request_to_a_websocket_is_a_problem_with_upgrade(host: MemoryHost) -> None:
    answer = await host.call("/probe/ws/echo")
    assert (answer.status, answer.headers["Upgrade"], answer.json["status"]) == (426, "websocket", 426)


def test_only_a_426_may_name_an_upgrade() -> None:
    with pytest.raises(ValueError, match="server's to write"):
        Response(400, (("Upgrade", "websocket"),))
    with pytest.raises(ValueError, match="server's to write"):
        Response(426, (("Connection", "upgrade"),))
