"""Behind a proxy that is trusted: who asks, and which pages are this site's own."""

from __future__ import annotations

import pytest

from contract_tests.process import Process, Start
from contract_tests.wire import connected

TRUSTED = {"NLWEB_RATELIMIT__PROXIES": "127.0.0.0/8,::1"}
TLS = ("X-Forwarded-For: 203.0.113.1:5678", "X-Forwarded-Proto: https", "X-Forwarded-Host: site.example")
OWN = "Origin: https://site.example"
WEBSOCKET = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)


async def status(process: Process, target: str, *fields: str, method: str = "GET") -> int:
    async with connected(process.port) as line:
        return int((await line.ask(target, *fields, method=method)).split(" ")[1])


async def session(process: Process) -> str:
    async with connected(process.port) as line:
        login = await line.ask("/probe/login/ann", method="POST")
    return "Cookie: " + login.partition("Set-Cookie: ")[2].partition(";")[0]


async def test_every_port_of_a_client_is_one_client(start: Start) -> None:
    limits = {"ENABLED": "true", "REQUESTS": "2", "SECONDS": "86400"}
    async with start(**TRUSTED, **{f"NLWEB_RATELIMIT__{name}": value for name, value in limits.items()}) as process:

        async def asked(address: str) -> int:
            return await status(process, "/sites", f"X-Forwarded-For: {address}")

        assert [await asked(f"203.0.113.1:{port}") for port in (1, 2, 3)] == [200, 200, 429]
        assert [await asked(f"1.1.1.{port}, 203.0.113.1") for port in (1, 2)] == [429, 429]
        assert [await asked(one) for one in ("[2001:db8::1]:1", "2001:db8:0::1", "[2001:DB8::1]:2")] == [200, 200, 429]
        assert [await asked(f"unknown{number}") for number in range(3)] == [200, 200, 429]


async def test_the_page_at_the_proxy_is_this_sites_own_in_both_checks(start: Start) -> None:
    async with start(**TRUSTED) as process:
        cookie = await session(process)
        # Both take the same pages: the one of the client's scheme and host, and no other.
        for fields, own in (
            ((*TLS, OWN), True),
            ((*TLS, "Origin: http://site.example"), False),
            ((*TLS, "Origin: https://test"), False),
            ((OWN,), False),
            (("Origin: http://test",), True),
            (("X-Forwarded-Proto: https", "Origin: https://test"), True),
            (("X-Forwarded-Proto: http, https", "Origin: https://test"), True),
            (("X-Forwarded-Proto: https, http", "Origin: https://test"), False),
            (("X-Forwarded-Host: evil.example, site.example:443", *TLS[1:2], OWN), True),
        ):
            assert await status(process, "/probe/ws/echo", *WEBSOCKET, *fields) == (101 if own else 403), fields
            assert await status(process, "/probe/whoami", cookie, *fields, method="POST") == (200 if own else 403), (
                fields
            )


async def test_what_no_trusted_proxy_says_counts_for_nothing(start: Start) -> None:
    async with start(NLWEB_RATELIMIT__PROXIES="192.0.2.1") as process:
        cookie = await session(process)
        assert await status(process, "/probe/ws/echo", *WEBSOCKET, *TLS, OWN) == 403
        assert await status(process, "/probe/whoami", cookie, *TLS, OWN, method="POST") == 403
        assert await status(process, "/probe/ws/echo", *WEBSOCKET, *TLS, "Origin: http://test") == 101


async def test_what_is_no_address_is_no_configuration(start: Start) -> None:
    with pytest.raises(AssertionError, match=r"ratelimit.proxies.*neither an address nor a network"):
        async with start(NLWEB_RATELIMIT__PROXIES="localhost"):
            pass
