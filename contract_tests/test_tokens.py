"""Tokens that are signed rightly, with whatever claims: each is good or invalid, on every host, and nothing fails."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from contract_tests.process import Start

KEY = "0123456789abcdef0123456789abcdef"
HEADER = b'{"alg":"HS256","typ":"JWT"}'
LIMIT = 20.0
WRONG: tuple[tuple[str, list[Any]], ...] = (
    ("exp", ["9999999999", "soon", None, True, [], {}, float("nan"), float("inf"), -1, 10**400, 1e300]),
    ("iat", ["now", None, [], float("nan")]),
    ("nbf", ["now", None, 9e9]),
    ("scope", [5, None, [], ["admin"], "a  b", "\ud800"]),
    ("sub", [5, None, [], "", "x" * 256, "a\x00", "\ud800"]),
    ("name", [5, None, {}, "\ud800", "a\n", "x" * 201]),
    ("email", [5, None, {}, "\ud800", "a\r"]),
    ("idp", [5, None, "", "\ud800"]),
    ("jti", [5, None, [], "", "\ud800", "x" * 65]),
    ("iss", ["other", 5, None, ["nlweb"]]),
    ("aud", ["other", 5, None, [], ["other"], "\ud800"]),
)


def _signed(payload: bytes, header: bytes = HEADER) -> dict[str, str]:
    text = f"{_base64(header)}.{_base64(payload)}"
    return {"Authorization": f"Bearer {text}.{_base64(hmac.new(KEY.encode(), text.encode(), hashlib.sha256).digest())}"}


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


async def test_a_token_that_is_signed_rightly_is_good_or_invalid(start: Start) -> None:
    good: dict[str, Any] = {
        "iss": "nlweb", "aud": "nlweb", "sub": "ann", "name": "Ann", "email": "ann@example.org", "idp": "probe", "scope": "",
        "iat": time.time(), "exp": time.time() + 3600, "jti": "a",
    }  # fmt: skip
    plain = json.dumps(good).encode()
    wrong = [
        (f"{name}: {value!r}"[:60], json.dumps(good | {name: value}).encode()) for name, all in WRONG for value in all
    ]
    wrong += [(f"no {name}", json.dumps({k: v for k, v in good.items() if k != name}).encode()) for name in good]
    wrong += [
        (repr(content[:20]), content) for content in (b"", b"null", b"5", b"[]", b"\xff", b"[" * 5000, b'{"a":' * 900)
    ]
    headers = [
        b"",
        b"null",
        b"[" * 5000,
        b'{"alg":[]}',
        b'{"alg":"none"}',
        b'{"alg":"HS512"}',
        b'{"alg":"HS256","crit":5}',
    ]
    async with (
        start(AUTH_KEY=KEY) as process,
        httpx.AsyncClient(base_url=process.url, timeout=LIMIT) as client,
    ):
        assert (await client.get("/probe/whoami", headers=_signed(plain))).status_code == 200
        bearers = [(name, _signed(content)) for name, content in wrong]
        bearers += [(repr(header[:20]), _signed(plain, header)) for header in headers]
        for name, bearer in bearers:
            for method, target in (("GET", "/probe/whoami"), ("POST", "/api/oauth/logout")):
                answer = await client.request(method, target, headers=bearer)
                assert answer.status_code == 401, name
                assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
                assert answer.json()["detail"] == "The token is not valid or no longer valid."
        assert "Traceback" not in process.log.read_text()
