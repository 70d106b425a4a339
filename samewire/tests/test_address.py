from __future__ import annotations

import pytest

from samewire.address import Address


@pytest.mark.parametrize(
    ("url", "address", "authority"),
    [
        ("http://127.0.0.1:8080", Address("http", "127.0.0.1", 8080), "127.0.0.1:8080"),
        ("http://example.org/", Address("http", "example.org", 80), "example.org"),
        ("https://example.org/a/b/", Address("https", "example.org", 443, "/a/b"), "example.org"),
        ("http://[::1]:443", Address("http", "::1", 443), "[::1]:443"),
        ("http+unix://%2Frun%2FA.sock", Address("http", "localhost", 80, socket="/run/A.sock"), "localhost"),
        ("https+unix://%2Fa/base/", Address("https", "localhost", 443, "/base", "/a"), "localhost"),
    ],
)
def test_a_url_names_an_origin_and_where_its_paths_begin(url: str, address: Address, authority: str) -> None:
    assert Address.of(url) == address
    assert address.authority == authority
    assert Address.of(address.url) == address


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("localhost:8080", "does not begin with http"),
        ("ftp://x", "does not begin with http"),
        ("http://", "has no host"),
        ("http+unix://", "has no host: write it as http.unix://%2FPATH"),
        ("http+unix://tmp", "names no socket"),
        ("http://x:99999", "is not a URL"),
        ("http://[::1", "is not a URL"),
        ("http://u:p@x", "more than a host"),
        ("http://x/?q", "more than a host"),
        ("http://x/a b", "more than a host"),
        ("http://x/\r\nA: b", "more than a host"),
    ],
)
def test_what_is_no_origin_is_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Address.of(url)


@pytest.mark.parametrize("url", ["http://u:hush@x", "u:hush@x", "http://u:hush@x:port", "http://u:hush@\u2100"])
def test_a_refused_url_is_repeated_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not a URL|does not begin|more than a host") as refused:
        Address.of(url)
    assert "hush" not in str(refused.value)
