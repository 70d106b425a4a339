"""Tokens and sessions over a real database: what is good, for how long, and on which server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import jwt
import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.body import NO_BODY
from shared_handlers.host import HostState
from shared_handlers.identity.developer import Developer
from shared_handlers.identity.guard import Guard
from shared_handlers.identity.sessions import Sessions
from shared_handlers.identity.tokens import InvalidToken, Tokens, WeakKey, configured_key
from shared_handlers.message import Request
from shared_handlers.state import Database, open_database
from shared_handlers.testing import Clock
from shared_handlers.user import DEVELOPER, User

ANN = User("1", "Ann", "ann@example.org", "probe", frozenset({"admin"}))
KEY = b"0123456789abcdef0123456789abcdef"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Callable[[], Database]]:
    """Opens the one file, as each server does."""
    found: list[Database] = []

    def one() -> Database:
        found.append(open_database(tmp_path))
        return found[-1]

    yield one
    for database in found:
        database.close()


def request(method: str = "GET", **headers: str) -> Request:
    fields = CIMultiDictProxy(
        CIMultiDict({"Host": "a.example", **{k.replace("_", "-"): v for k, v in headers.items()}})
    )
    return Request(method, "/", "/", "", (1, 1), fields, {}, NO_BODY, "127.0.0.1", "http", HostState("test"), "id")


async def test_a_token_of_one_server_is_good_on_another_until_it_is_revoked_on_either(
    opened: Callable[[], Database], clock: Clock
) -> None:
    one, other = (Tokens(opened(), KEY, 60, clock) for _ in range(2))
    token = await one.issue(ANN)
    assert await other.user_of(token) == ANN
    await other.revoke(token)
    with pytest.raises(InvalidToken):
        await one.user_of(token)
    assert await one.user_of(await one.issue(ANN)) == ANN


async def test_a_token_ends_with_its_time(opened: Callable[[], Database], clock: Clock) -> None:
    tokens = Tokens(opened(), KEY, 60, clock)
    token = await tokens.issue(ANN)
    clock.now += 59
    assert await tokens.user_of(token) == ANN
    clock.now += 1
    with pytest.raises(InvalidToken):
        await tokens.user_of(token)


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-2],
        lambda token: token.replace(".", "", 1),
        lambda token: "x" * 5000,
        lambda token: jwt.encode(jwt.decode(token, options={"verify_signature": False}), b"another" * 8),
        lambda token: jwt.encode(jwt.decode(token, options={"verify_signature": False}), "", algorithm="none"),
        lambda token: jwt.encode({"sub": "1", "exp": 9e9, "iss": "nlweb"}, KEY),
        lambda token: jwt.encode(jwt.decode(token, options={"verify_signature": False}) | {"iss": "other"}, KEY),
    ],
    ids=["cut", "without a dot", "long", "another key", "unsigned", "too few claims", "another issuer"],
)
async def test_what_is_not_one_of_ours_is_invalid(
    opened: Callable[[], Database], clock: Clock, forge: Callable[[str], str]
) -> None:
    tokens = Tokens(opened(), KEY, 60, clock)
    with pytest.raises(InvalidToken):
        await tokens.user_of(forge(await tokens.issue(ANN)))


async def test_servers_without_a_configured_key_share_the_one_of_their_store(
    opened: Callable[[], Database], clock: Clock
) -> None:
    first, second = (Tokens(opened(), None, 60, clock) for _ in range(2))
    with pytest.raises(InvalidToken):
        await second.user_of("a.b.c")
    token = await first.issue(ANN)
    assert await second.user_of(token) == ANN
    assert await first.user_of(await second.issue(ANN)) == ANN
    with pytest.raises(InvalidToken):
        await Tokens(opened(), KEY, 60, clock).user_of(token)


def test_a_configured_key_is_long_enough() -> None:
    assert configured_key("") is None
    assert configured_key("a configured key") == b"a configured key"
    with pytest.raises(WeakKey, match="15 characters"):
        configured_key("x" * 15)


async def test_a_session_is_known_on_every_server_until_it_ends(opened: Callable[[], Database], clock: Clock) -> None:
    one, other = (Sessions(opened(), 60, secure=False, clock=clock) for _ in range(2))
    name, cookie = await one.begin(ANN, request())
    assert name == "Set-Cookie"
    assert await other.user_of(request(Cookie=cookie)) == ANN
    forgotten = await other.end(request(Cookie=cookie))
    assert forgotten == ("Set-Cookie", "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
    assert await one.user_of(request(Cookie=cookie)) is None


async def test_a_session_ends_with_its_time(opened: Callable[[], Database], clock: Clock) -> None:
    sessions = Sessions(opened(), 60, secure=False, clock=clock)
    _, cookie = await sessions.begin(ANN, request())
    clock.now += 60
    assert await sessions.user_of(request(Cookie=cookie)) is None


async def test_in_production_the_cookie_is_bound_to_the_host_and_to_tls(opened: Callable[[], Database]) -> None:
    _, cookie = await Sessions(opened(), 60, secure=True).begin(ANN, request())
    assert cookie.startswith("__Host-session=")
    assert cookie.endswith("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure")


async def test_who_reads_the_file_can_take_no_session_over(opened: Callable[[], Database], tmp_path: Path) -> None:
    database = opened()
    _, cookie = await Sessions(database, 60, secure=False).begin(ANN, request())
    id = cookie.partition("=")[2].partition(";")[0].encode()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("state.sqlite3*"))
    assert b"ann@example.org" in written
    assert id not in written


async def test_the_developer_is_let_in_only_where_the_mode_says_so(opened: Callable[[], Database]) -> None:
    database = opened()
    tokens, sessions = Tokens(database, KEY, 60), Sessions(database, 60, secure=False)
    developer = Developer(("*.example",))
    assert await Guard(tokens, sessions, developer).user(request()) == DEVELOPER
    assert await Guard(tokens, sessions).user(request()) is None


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Origin": "http://a.example"}, True),
        ({"Origin": "http://A.example"}, True),
        ({"Origin": "http://a.example:81"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://[", "Sec_Fetch_Site": "none"}, False),
        ({"Origin": "http://["}, False),
        ({}, False),
    ],
)
async def test_a_session_changes_something_only_from_a_page_of_this_site(
    opened: Callable[[], Database], headers: dict[str, str], allowed: bool
) -> None:
    database = opened()
    sessions = Sessions(database, 60, secure=False)
    guard = Guard(Tokens(database, KEY, 60), sessions)
    _, cookie = await sessions.begin(ANN, request())
    assert await guard.user(request(Cookie=cookie)) == ANN
    if allowed:
        assert await guard.user(request("POST", Cookie=cookie, **headers)) == ANN
    else:
        with pytest.raises(Exception, match="from a page of this site"):
            await guard.user(request("POST", Cookie=cookie, **headers))
