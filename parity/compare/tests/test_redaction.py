"""No secret is shown, and equal secrets stay visibly equal."""

from __future__ import annotations

import pytest

from parity.compare import bounded, mask, redact, redact_field
from parity.compare.tests.exchanges import answer, between

SECRET = "s3cr3t-value-123"
OTHER = "0ther-value-4567"


def shown(old: str, new: str, *names: str) -> str:
    fields = [("Content-Type", "text/plain"), *((name, "") for name in names)]
    found = between(answer(old.encode(), *fields), answer(new.encode(), *fields))
    return " ".join(f"{one.place} {one.old} {one.new}" for one in found)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Authorization", "Bearer {}", "Bearer "),
        ("Proxy-Authorization", "{}", ""),
        ("Set-Cookie", "sid={}; Path=/; HttpOnly", ""),
        ("Cookie", "a={}; b={}", "b="),
        ("X-Api-Key", "{}", ""),
        ("Location", "/cb?access_token={}&state=1", "&state=1"),
        ("X-Echo", "Bearer {}", "Bearer "),
    ],
)
def test_a_secret_in_a_field_is_masked_and_the_rest_is_not(name: str, value: str, kept: str) -> None:
    old, new = (answer(b"", (name, value.replace("{}", secret))) for secret in (SECRET, OTHER))
    (found,) = between(old, new)
    assert SECRET not in found.old
    assert mask(SECRET) in found.old
    assert kept in found.old
    assert mask(OTHER) in found.new


@pytest.mark.parametrize(
    "body",
    [
        '{"access_token":"%s"}',
        '{"user":{"password":["%s"]}}',
        '{"headers":[["Cookie","a=%s"]]}',
        '{"headers":[["x","1"],["authorization","Basic %s"]]}',
        '{"echo":"Authorization: Bearer %s"}',
        "access_token=%s&x=1",
        "password: %s",
        "GET / HTTP/1.1\r\nCookie: a=1; b=%s\r\n\r\n",
        '{"access_token": "%s"',
        "<p>Bearer %s</p>",
    ],
)
def test_a_secret_in_content_is_masked(body: str) -> None:
    found = shown(body % SECRET, body % OTHER)
    assert SECRET not in found
    assert OTHER not in found
    assert found.count("[redacted sha256:") == 2


def test_a_secret_in_a_part_that_only_one_side_has_is_masked() -> None:
    assert SECRET not in shown('{"a":1}', f'{{"a":1,"session":{{"refresh_token":"{SECRET}"}}}}')


def test_the_same_secret_looks_the_same() -> None:
    assert redact_field("Cookie", f"a={SECRET}; b={SECRET}") == f"a={mask(SECRET)}; b={mask(SECRET)}"
    assert mask(SECRET) != mask(OTHER)


def test_masking_twice_changes_nothing() -> None:
    once = redact(f'{{"access_token":"{SECRET}"}} Bearer {SECRET} password={SECRET}')
    assert redact(once) == once


def test_what_a_terminal_would_obey_is_escaped() -> None:
    found = shown("plain", "\x1b[2J\u202eabc\ud7ff")
    assert "\x1b" not in found
    assert "\u202e" not in found
    assert r"\x1b[2J\u202eabc" in found


def test_characters_that_grow_when_escaped_do_not_push_the_difference_out_of_view() -> None:
    found = shown("\U000e0001" * 80 + "A", "\U000e0001" * 80 + "B")
    assert "A" in found
    assert "B" in found


def test_a_place_made_of_a_name_from_the_wire_is_printable_and_bounded() -> None:
    (found,) = between(answer(b'{"\\ud800\\u001b":1}'), answer(b'{"\\ud800\\u001b":2}'))
    assert found.place == r"body.json:/\ud800\x1b"
    names = f'{{"{"k" * 5000}":1,"{"k" * 4999}":1}}', f'{{"{"k" * 5000}":2,"{"k" * 4999}":2}}'
    long = between(answer(names[0].encode()), answer(names[1].encode()))
    assert len({one.place for one in long}) == 2
    assert all(len(one.place) < 250 for one in long)


def test_a_bounded_text_never_exceeds_its_limit() -> None:
    assert len(bounded("\x00" * 1000)) == 300
    assert bounded("") == '""'
