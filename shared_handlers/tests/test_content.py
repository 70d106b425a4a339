"""JSON and forms as content."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_handlers.content import MAX_DEPTH, parse_json, read_form, read_json
from shared_handlers.errors import HTTPError
from shared_handlers.testing import make_request

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


def posted(content: bytes, media_type: str | None = JSON) -> Any:
    fields = [("Host", "a"), ("Content-Length", str(len(content)))]
    if media_type is not None:
        fields.append(("Content-Type", media_type))
    return make_request("/", "POST", fields, body=[content] if content else [])


async def status(content: bytes, media_type: str | None = JSON) -> int:
    try:
        await read_json(posted(content, media_type))
    except HTTPError as error:
        return error.status
    return 200


@given(values)
def test_what_is_written_as_json_is_read_back(value: object) -> None:
    assert parse_json(orjson.dumps(value)) == value


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"",
        b"nul",
        b"NaN",
        b"-Infinity",
        b"1e400",
        b"'a'",
        b"[1,]",
        b"\xef\xbb\xbf{}",
        b'"\xff"',
        b'"\\ud800"',
        b"1 2",
    ],
)
async def test_what_is_no_json_is_400(content: bytes) -> None:
    assert await status(content) == 400


async def test_utf_16_is_400_and_415_when_it_says_so() -> None:
    assert await status('{"a": 1}'.encode("utf-16")) == 400
    assert await status(b"{}", "application/json; charset=utf-16") == 415


async def test_nesting_is_limited_without_a_crash() -> None:
    assert await status(b"[" * 100_000 + b"]" * 100_000) == 400
    assert await status(b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1)) == 400
    deepest = parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert orjson.dumps({"value": deepest})


@pytest.mark.parametrize("digits", ["18446744073709551616", "-9223372036854775809", "1" * 4000])
async def test_a_whole_number_beyond_64_bits_is_400(digits: str) -> None:
    assert await status(b'{"a": %s}' % digits.encode()) == 400


@pytest.mark.parametrize("digits", ["18446744073709551615", "-9223372036854775808"])
def test_a_whole_number_of_64_bits_is_exact(digits: str) -> None:
    assert parse_json(digits.encode()) == int(digits)


def test_digits_in_a_text_are_no_number() -> None:
    assert parse_json(b'["11111111111111111111111", 1]') == ["1" * 23, 1]


def test_of_a_repeated_key_the_last_value_wins() -> None:
    assert parse_json(b'{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    "media_type", [JSON, "Application/JSON; charset=UTF-8", "application/problem+json", "a/b+json"]
)
async def test_json_media_types_are_read(media_type: str) -> None:
    assert await status(b"null", media_type) == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/jsonx", FORM, None])
async def test_another_media_type_is_415(media_type: str | None) -> None:
    assert await status(b"null", media_type) == 415


async def test_no_content_is_400_even_without_a_media_type() -> None:
    assert await status(b"", None) == 400


async def test_a_refused_media_type_leaves_the_content_unread() -> None:
    request = posted(b"null", "text/plain")
    with pytest.raises(HTTPError):
        await read_json(request)
    assert await request.body.read() == b"null"


async def test_a_form_keeps_repeats_blanks_and_order() -> None:
    pairs = await read_form(posted(b"b=1&a=+%2B&b=&c&d=%C3%A9;x=1", FORM))
    assert pairs == (("b", "1"), ("a", " +"), ("b", ""), ("c", ""), ("d", "é;x=1"))


async def test_bytes_that_are_not_utf_8_become_replacement_characters() -> None:
    assert await read_form(posted(b"a=%ff", FORM)) == (("a", "\ufffd"),)


@pytest.mark.parametrize(("media_type", "expected"), [("text/plain", 415), (f"{FORM}; charset=latin-1", 415)])
async def test_another_form_is_415(media_type: str, expected: int) -> None:
    with pytest.raises(HTTPError) as raised:
        await read_form(posted(b"a=1", media_type))
    assert raised.value.status == expected


async def test_a_form_of_more_than_1000_fields_is_400() -> None:
    assert len(await read_form(posted(b"&".join([b"a=1"] * 1000), FORM))) == 1000
    with pytest.raises(HTTPError) as raised:
        await read_form(posted(b"&".join([b"a=1"] * 1001), FORM))
    assert raised.value.status == 400
