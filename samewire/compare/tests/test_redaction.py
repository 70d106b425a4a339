"""No secret is shown, and equal secrets stay visibly equal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samewire.compare import bounded, compare, mask, redact, redact_field
from samewire.compare.redact import is_secret
from samewire.compare.tests.exchanges import answer, answered, between, ended, transcript
from samewire.exchange import Transcript

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


@pytest.mark.parametrize(
    "name",
    [
        *("X-Auth-Token", "X-Access-Token", "X-Vault-Token", "api-key", "X-API-Key", "accessToken", "refreshToken"),
        *("authToken", "sessionToken", "csrf_token", "CSRFToken", "csrftoken", "jwt", "secret_key", "APIKey", "passwd"),
        *("X-Amz-Signature", "X-Amz-Credential", "password", "newPassword", "password_confirmation", "clientSecret"),
    ],
)
def test_a_name_whose_last_word_says_secret_is_one_however_it_is_written(name: str) -> None:
    assert is_secret(name)
    for text in ("{}={}&a=1", '{{"{}":"{}"}}', "{}: {}", '["{}","{}"]', '{{\\"{}\\":\\"{}\\"}}', '"{}": "{}'):
        assert SECRET not in redact(text.format(name, SECRET)), text


@pytest.mark.parametrize(
    "text",
    [
        *("tokens_used: 5", '{"max_tokens":5}', "token_type=bearer", "secretary=Ann", '{"has_password":true}'),
        *("Access-Control-Allow-Credentials: true", "Signature-Input: a", "passing: 5", '{"password":null}'),
        'no such "thing as a token", "said he"',
    ],
)
def test_what_only_sounds_like_a_secret_is_shown(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        '{"password":["a","%s"],"b":1}',
        '{"credentials":{"user":"a","key":"%s"},"b":1}',
        "user%%5Bpassword%%5D=%s",
        "user[password]=%s",
        'Authorization: Digest username="u", realm="r", response="0123456789abcdef0123456789abcdef"',
        "http://user:%s@host/",
    ],
)
def test_a_secret_is_masked_wherever_it_stands(text: str) -> None:
    secret = "0123456789abcdef0123456789abcdef" if "Digest" in text else SECRET
    once = redact(text.replace("%s", secret).replace("%%", "%"))
    assert secret not in once
    assert redact(once) == once


def test_the_lines_that_differ_are_shown_without_secrets() -> None:
    def page(secret: str, word: str) -> Transcript:
        text = f"<p>\n{word}\n</p>\nkey {secret}\npassword={word}-4711\n"
        seen = transcript(answered(answer(text.encode(), ("Content-Type", "text/html"))), ended())
        return replace(seen, secrets=(secret,))

    (found,) = compare(page("old-credential", "red"), page("another-credential", "green"), ())
    shown = found.lines.split("\n")
    assert shown[:4] == ["@@ -1 +1 @@", " <p>", "-red", "+green"]
    assert " key ${credential}" in shown
    assert "4711" not in found.lines
    assert [line[:11] for line in shown if "password" in line] == ["-password=[", "+password=["]
