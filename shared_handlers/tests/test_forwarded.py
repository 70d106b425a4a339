"""Who asked, as trusted proxies say it, and nobody else."""

from __future__ import annotations

import pytest

from shared_handlers.forwarded import Proxies, address_in
from shared_handlers.message import Request
from shared_handlers.policies.origin import is_own_origin, own_origin
from shared_handlers.testing import make_request

PEER, PROXY, CLIENT = "192.0.2.1", "192.0.2.9", "203.0.113.1"


def seen(*fields: tuple[str, str], trusted: tuple[str, ...] = (PEER, PROXY), peer: str = PEER) -> Request:
    request = make_request(headers=(("Host", "inner:8000"), *fields), peer=peer)
    Proxies(trusted).restore(request)
    return request


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.1", CLIENT),
        (" 203.0.113.1\t", CLIENT),
        ("203.0.113.1:5678", CLIENT),
        ("[2001:db8::1]:5678", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.1", CLIENT),
        ("[::ffff:203.0.113.1]:5678", CLIENT),
        *(
            (wrong, None)
            for wrong in (
                "", "unknown", "_hidden", "a.example", "203.0.113.1:", "203.0.113.1:x", "203.0.113.1:123456", "203.0.113",
                "[203.0.113.1]:1", "[2001:db8::1", "[2001:db8::1]x", "203.0.113.01", "203.0.113.1;", "203.0.113.1:\u0661",
            )
        ),
    ],
)  # fmt: skip
def test_an_address_is_read_without_its_port(text: str, address: str | None) -> None:
    found = address_in(text)
    assert (found if found is None else str(found)) == address


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.1", CLIENT),
        ("203.0.113.1:1, 192.0.2.9:2", CLIENT),
        ("198.51.100.7, 203.0.113.1:5678", CLIENT),
        ("198.51.100.7, 203.0.113.1, 192.0.2.9", CLIENT),
        ("unknown, 203.0.113.1", CLIENT),
        ("203.0.113.1, unknown", PEER),
        ("unknown, 192.0.2.9", PROXY),
        ("", PEER),
        (",", PEER),
        ("192.0.2.9", PROXY),
    ],
)
def test_the_client_is_the_last_address_that_no_trusted_proxy_has(forwarded: str, client: str) -> None:
    assert seen(("X-Forwarded-For", forwarded)).client == client
    lines = [("X-Forwarded-For", part) for part in forwarded.split(",")]
    assert seen(*lines).client == client, "several lines are one list (RFC 9110 section 5.3)"


def test_each_port_of_a_client_is_the_same_client() -> None:
    ports = {seen(("X-Forwarded-For", f"203.0.113.1:{port}")).client for port in range(1, 100)}
    assert ports == {CLIENT}


ALL = (("X-Forwarded-For", CLIENT), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "site.example"))


@pytest.mark.parametrize("peer", ["198.51.100.7", "", "unix:", "2001:db8::1"])
def test_what_others_say_is_not_believed(peer: str) -> None:
    request = seen(*ALL, peer=peer)
    assert (request.client, request.scheme, request.authority) == (peer, "http", "inner:8000")
    assert seen(*ALL, trusted=()).authority == "inner:8000"


@pytest.mark.parametrize("peer", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::5", "2001:db8::5%eth0"])
def test_a_network_of_proxies_is_trusted(peer: str) -> None:
    request = seen(*ALL, trusted=("10.0.0.0/8", "2001:db8::/32"), peer=peer)
    assert (request.client, own_origin(request)) == (CLIENT, "https://site.example")


def test_neither_is_the_field_that_most_proxies_let_through() -> None:
    request = seen(("Forwarded", f"for={CLIENT};proto=https;host=site.example"))
    assert (request.client, own_origin(request)) == (PEER, "http://inner:8000")


@pytest.mark.parametrize(
    ("proto", "host", "origin"),
    [
        ("https", "site.example", "https://site.example"),
        ("HTTPS", "Site.Example:443", "https://site.example"),
        ("http", "site.example:80", "http://site.example"),
        ("http", "site.example:443", "http://site.example:443"),
        ("wss", "site.example", "https://site.example"),
        ("http, https", "evil.example, site.example", "https://site.example"),
        ("https", "", "https://inner:8000"),
        ("", "site.example", "http://site.example"),
        ("ftp", "a b", "http://inner:8000"),
        ("https", "site.example/x", "https://inner:8000"),
        ("https", "u@site.example", "https://inner:8000"),
        ("https,", "site.example,", "http://inner:8000"),
    ],
)
def test_the_origin_is_at_the_proxy(proto: str, host: str, origin: str) -> None:
    request = seen(("X-Forwarded-Proto", proto), ("X-Forwarded-Host", host), ("Origin", origin))
    assert own_origin(request) == origin
    assert is_own_origin(request)


def test_of_two_trusted_proxies_the_outer_one_saw_the_client() -> None:
    hops = ("X-Forwarded-For", f"198.51.100.7, {CLIENT}, {PROXY}")
    fields = ("X-Forwarded-Proto", "http, https, http"), ("X-Forwarded-Host", "evil.example, site.example, inner")
    assert own_origin(seen(hops, *fields)) == "https://site.example"
    passed_on = ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "site.example")
    assert own_origin(seen(hops, *passed_on)) == "https://site.example"


@pytest.mark.parametrize("origins", [(), ("https://site.example", "https://site.example"), ("null",), ("https://a",)])
def test_another_origin_is_not_the_own_one(origins: tuple[str, ...]) -> None:
    assert not is_own_origin(seen(*ALL, *(("Origin", origin) for origin in origins)))
