"""Cookies, forms and multipart contents are compared by their parts."""

from __future__ import annotations

from samewire.compare.tests.exchanges import answer, between, places
from samewire.exchange import Answer


def cookies(*lines: str) -> Answer:
    return answer(b"", *(("Set-Cookie", line) for line in lines))


def form(text: str) -> Answer:
    return answer(text.encode(), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"))


def parts(boundary: str, *bodies: str, kind: str = "text/plain") -> Answer:
    text = "".join(f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{body}\r\n" for body in bodies)
    return answer(f"{text}--{boundary}--\r\n".encode(), ("Content-Type", f'multipart/mixed; boundary="{boundary}"'))


def test_an_attribute_of_a_cookie_is_a_place_of_its_own() -> None:
    old = cookies("sid=abc; Path=/; HttpOnly", "theme=dark")
    assert places(old, cookies("sid=abc; Path=/app; HttpOnly", "theme=dark")) == ["header.set-cookie[sid].path"]
    assert places(old, cookies("sid=abc; Path=/", "theme=dark")) == ["header.set-cookie[sid].httponly"]
    assert places(old, cookies("sid=abc; Path=/; HttpOnly", "theme=light")) == ["header.set-cookie[theme].value"]
    assert places(old, cookies("sid=abc; Path=/; HttpOnly")) == ["header.set-cookie[theme]"]


def test_the_value_of_a_cookie_is_never_shown() -> None:
    (found,) = between(cookies("sid=oldsecret"), cookies("sid=newsecret"))
    assert "secret" not in found.old + found.new
    assert found.old != found.new
    (lost,) = between(cookies("sid=oldsecret"), answer(b"", ("A", "1")))[:1]
    assert "oldsecret" not in lost.old


def test_cookies_in_another_order_or_spelling_say_the_same() -> None:
    (order, *_) = between(cookies("a=1; Path=/", "b=2"), cookies("b=2", "a=1; path=/"))
    assert (order.place, order.grade) == ("header.set-cookie", "notable")


def test_what_is_no_cookie_is_compared_as_lines() -> None:
    assert places(cookies("a"), cookies("b")) == ["header.set-cookie"]
    assert places(cookies("a=1", "a=2"), cookies("a=1", "a=3")) == ["header.set-cookie"]


def test_a_form_is_compared_by_name() -> None:
    assert places(form("a=1&b=2&b=3"), form("a=1&b=2&b=4")) == ["body.form:b"]
    assert places(form("a=1&b=2"), form("b=2&a=1")) == ["body.form-order"]
    assert places(form("a=x+y"), form("a=x%20y")) == ["body.raw"]
    (found,) = between(form("password=old"), form("password=new"))
    assert found.old.startswith("[redacted")
    assert places(form("&&"), form("a")) == ["body"]


def test_a_multipart_content_is_compared_part_by_part_whatever_its_boundary() -> None:
    old = parts("one", "first", '{"a":1}')
    assert places(old, parts("two", "first", '{"a":1}')) == ["header.content-type", "body.raw"]
    assert places(old, parts("one", "first", '{"a":2}')) == ["body.part[1].json:/a"]
    assert places(old, parts("one", "first")) == ["body.part[1]"]
    other = parts("one", "first", '{"a":1}', kind="text/html")
    assert places(old, other) == ["body.part[0].header.content-type", "body.part[1].header.content-type"]
