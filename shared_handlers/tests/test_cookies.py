from __future__ import annotations

import pytest

from shared_handlers.cookies import expired_cookie, parse_cookies, set_cookie


@pytest.mark.parametrize(
    ("lines", "cookies"),
    [
        (["a=1; b=2"], {"a": "1", "b": "2"}),
        (["a=1", "b=2"], {"a": "1", "b": "2"}),
        (["a=1; a=2"], {"a": "1"}),
        (['a="q"; b=; c; =d; e = f'], {"a": '"q"', "b": "", "e": "f"}),
        ([], {}),
    ],
)
def test_cookies_are_pairs(lines: list[str], cookies: dict[str, str]) -> None:
    assert parse_cookies(lines) == cookies


def test_a_cookie_is_set_and_forgotten_with_the_same_attributes() -> None:
    kept = set_cookie("__Host-a", "1", max_age=60, secure=True, same_site="None")
    assert kept == ("Set-Cookie", "__Host-a=1; Path=/; Max-Age=60; HttpOnly; SameSite=None; Secure")
    gone = expired_cookie("__Host-a", secure=True)
    assert gone == ("Set-Cookie", "__Host-a=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")


def test_a_cookie_that_browsers_would_drop_in_silence_is_an_error() -> None:
    assert set_cookie("a", "x" * 4095, max_age=1, secure=False)
    with pytest.raises(ValueError, match="longer than 4096 bytes"):
        set_cookie("a", "x" * 4096, max_age=1, secure=False)


@pytest.mark.parametrize(
    ("name", "value"), [("a b", "1"), ("", "1"), ("a", "1;2"), ("a", "1 2"), ("a", "1\r\n"), ("a", "ä")]
)
def test_characters_that_cookies_can_not_have_are_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="a character that cookies can't have"):
        set_cookie(name, value, max_age=1, secure=False)


@pytest.mark.parametrize(
    ("name", "secure", "path"), [("__Host-a", False, "/"), ("__Host-a", True, "/a"), ("__Secure-a", False, "/")]
)
def test_the_prefixes_bind_what_they_promise(name: str, secure: bool, path: str) -> None:
    with pytest.raises(ValueError, match="must be Secure"):
        set_cookie(name, "1", max_age=1, secure=secure, path=path)


def test_same_site_none_needs_secure() -> None:
    with pytest.raises(ValueError, match="SameSite=None must be Secure"):
        set_cookie("a", "1", max_age=1, secure=False, same_site="None")
