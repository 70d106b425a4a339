"""A token that is signed rightly is good or invalid, whatever its claims and its header are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared_handlers.identity.tokens import InvalidToken, Tokens
from shared_handlers.state import open_database
from shared_handlers.testing import Clock
from shared_handlers.user import User

KEY = b"0123456789abcdef0123456789abcdef"
NOW = Clock().now
GOOD: dict[str, Any] = {
    "iss": "nlweb", "aud": "nlweb", "sub": "1", "name": "Ann", "email": "ann@example.org", "idp": "probe", "scope": "",
    "iat": NOW, "exp": NOW + 60, "jti": "a",
}  # fmt: skip
HEADER = b'{"alg":"HS256","typ":"JWT"}'
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.sampled_from([10**400, 1e308, -1.0, "\ud800", "nlweb", NOW + 60]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture
async def tokens(tmp_path: Path) -> AsyncIterator[Tokens]:
    database = open_database(tmp_path)
    yield Tokens(database, KEY, 60, Clock())
    database.close()


def signed(payload: bytes, header: bytes = HEADER) -> str:
    """A token with a right signature, whatever it says."""
    text = f"{_base64(header)}.{_base64(payload)}"
    return f"{text}.{_base64(hmac.new(KEY, text.encode(), hashlib.sha256).digest())}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


async def _is_good(tokens: Tokens, token: str) -> bool:
    try:
        await tokens.user_of(token)
    except InvalidToken:
        return False
    return True


async def test_these_claims_are_good(tokens: Tokens) -> None:
    assert await _is_good(tokens, signed(json.dumps(GOOD).encode()))
    assert await _is_good(tokens, signed(json.dumps(GOOD | {"exp": NOW + 0.5, "other": [1]}).encode()))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted({*GOOD, "nbf"})), ANYTHING)
async def test_whatever_a_claim_is_the_token_is_good_or_invalid(tokens: Tokens, name: str, value: object) -> None:
    await _is_good(tokens, signed(json.dumps(GOOD | {name: value}).encode("utf-8", "surrogatepass")))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING | st.fixed_dictionaries({"alg": st.just("HS256"), "crit": ANYTHING, "b64": ANYTHING, "kid": ANYTHING}))
async def test_whatever_its_header_is_the_token_is_good_or_invalid(tokens: Tokens, header: object) -> None:
    await _is_good(tokens, signed(json.dumps(GOOD).encode(), json.dumps(header).encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize("name", sorted(GOOD))
async def test_every_claim_is_needed_and_has_its_type(tokens: Tokens, name: str) -> None:
    assert not await _is_good(tokens, signed(json.dumps({k: v for k, v in GOOD.items() if k != name}).encode()))
    wrong: list[object] = [None, True, [], {}, [GOOD[name]]]
    wrong += ["1000060", "soon"] if name in ("iat", "exp") else [5, "a\ud800", "a\x00", "a\n", "x" * 1001]
    for value in wrong:
        assert not await _is_good(tokens, signed(json.dumps(GOOD | {name: value}).encode())), value


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW}, {"exp": -1}, {"exp": 1e12}, {"exp": 10**400}, {"nbf": NOW + 3600}, {"aud": "other"},
        {"aud": ["nlweb"]}, {"iss": "other"}, {"sub": ""}, {"sub": "x" * 256}, {"jti": ""}, {"scope": "a  b"},
        {"scope": "a\tb"}, {"nbf": "0"},
    ],
)  # fmt: skip
async def test_a_claim_out_of_its_range_is_invalid(tokens: Tokens, changed: dict[str, object]) -> None:
    assert not await _is_good(tokens, signed(json.dumps(GOOD | changed).encode()))


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"null", b"5", b'"a"', b"[]", b"\xff", b"[" * 3000, b'{"a":' * 600, b"{}", b'{"exp":NaN}', b'{"exp":1e999}',
        json.dumps(GOOD).encode().replace(b"1000060.0", b"NaN"), json.dumps(GOOD).encode().replace(b"1000060.0", b"1e999"),
        json.dumps(GOOD).encode().replace(b"1000060.0", b"1" * 3000), json.dumps(GOOD).encode()[:-1] + b',"exp":"soon"}',
    ],
)  # fmt: skip
async def test_a_payload_that_is_no_claims_is_invalid(tokens: Tokens, payload: bytes) -> None:
    assert not await _is_good(tokens, signed(payload))


@pytest.mark.parametrize(
    "header",
    [b"", b"null", b"[" * 3000, b'{"alg":[]}', b'{"alg":"none"}', b'{"alg":"HS512"}', b'{"alg":"HS256","b64":false}'],
)
async def test_a_header_that_is_none_is_invalid(tokens: Tokens, header: bytes) -> None:
    assert not await _is_good(tokens, signed(json.dumps(GOOD).encode(), header))


async def test_a_token_names_its_audience_and_is_good_for_no_other(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    try:
        one, other = (Tokens(database, KEY, 60, Clock(), audience) for audience in ("one", "other"))
        token = await one.issue(User("1"))
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        assert claims["aud"] == "one"
        assert await _is_good(one, token)
        assert not await _is_good(other, token)
    finally:
        database.close()


async def test_the_longest_that_may_be_named_gets_a_token_that_is_good(tokens: Tokens) -> None:
    user = User("\U0001f600" * 255, "\U0001f600" * 200, "\U0001f600" * 254, "x" * 64, frozenset({"s" * 1000}))
    assert await tokens.user_of(await tokens.issue(user)) == user
    for nobody in (User(""), User("x" * 256), User("a\x00"), User("a\ud800"), User("a", name="\n")):
        with pytest.raises(ValidationError):
            await tokens.issue(nobody)
