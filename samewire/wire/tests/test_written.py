from __future__ import annotations

from typing import Any

import pytest

from samewire.cases.model import Delivery, Raw, Request, Talk
from samewire.wire.written import Names, pieces, spoken, written

NAMES = Names("r1", "localhost:8080", "/base")


def text(**request: Any) -> bytes:
    return b"".join(written(Request(**request), NAMES))


def test_only_host_and_framing_are_added() -> None:
    assert text() == b"GET /base/ HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"
    assert text(method="POST", text="é") == (
        b"POST /base/ HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 2\r\n\r\n\xc3\xa9"
    )


def test_what_the_request_says_itself_is_not_said_again() -> None:
    lines = (("host", "x"), ("content-length", "9"))
    assert text(headers=lines, text="a") == b"GET /base/ HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\na"
    assert text(version="HTTP/1.0", host=False) == b"GET /base/ HTTP/1.0\r\n\r\n"


def test_names_stand_for_the_run_and_the_authority() -> None:
    sent = text(target="http://${host}/${run}", headers=(("A", "${run}"),), text="${run} ${host}")
    assert sent.startswith(b"GET http://localhost:8080/r1 HTTP/1.1\r\n")
    assert b"\r\nA: r1\r\n" in sent
    assert sent.endswith(b"\r\n\r\nr1 localhost:8080")


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ({"json": {"a": ["ü", None], "b": "${run}"}}, '{"a":["ü",null],"b":"r1"}'.encode()),
        ({"json": None}, b"null"),
        ({"form": (("a", "1 2"), ("a", "&"))}, b"a=1+2&a=%26"),
        ({"base64": "AP8="}, b"\x00\xff"),
        ({"text": ""}, b""),
    ],
)
def test_each_form_of_content_is_sent_with_its_length(content: dict[str, Any], body: bytes) -> None:
    head, sent = written(Request(**content), NAMES)
    assert sent == body
    assert head.endswith(b"Content-Length: %d\r\n\r\n" % len(body))


@pytest.mark.parametrize(
    ("sizes", "body"),
    [
        ((2,), b"2\r\nab\r\n2\r\ncd\r\n1\r\ne\r\n0\r\n\r\n"),
        ((1, 10), b"1\r\na\r\n4\r\nbcde\r\n0\r\n\r\n"),
        ((), b"5\r\nabcde\r\n0\r\n\r\n"),
    ],
)
def test_content_is_cut_into_chunks_of_these_sizes(sizes: tuple[int, ...], body: bytes) -> None:
    head, sent = written(Request(text="abcde", chunks=sizes), NAMES)
    assert sent == body
    assert b"Transfer-Encoding: chunked" in head


def test_raw_bytes_go_to_the_letter_with_their_names_filled_in() -> None:
    raw = Raw(bytes="GET /${run} X\nHost: ${host}\r\n\r\n\xff\r\n\r\n")
    assert written(raw, NAMES) == (b"GET /r1 X\nHost: localhost:8080\r\n\r\n", b"\xff\r\n\r\n")


@pytest.mark.parametrize("send", [Request(target="/€"), Request(base64="!"), Raw(bytes="€")])
def test_what_cannot_be_written_is_a_value_error(send: Request | Raw) -> None:
    with pytest.raises(ValueError, match=r"."):
        written(send, NAMES)


@pytest.mark.parametrize(
    ("delivery", "cut"),
    [
        ("at once", [b"abcd"]),
        ("byte by byte", [b"a", b"b", b"c", b"d"]),
        ((3, 1, 1, 0, 4, 9, -1), [b"a", b"bc", b"d"]),
    ],
)
def test_a_delivery_is_how_the_bytes_are_cut(delivery: Delivery, cut: list[bytes]) -> None:
    assert list(pieces(b"abcd", delivery)) == cut
    assert list(pieces(b"", delivery)) == []


def test_a_frame_goes_to_the_letter_and_a_message_is_masked() -> None:
    assert spoken(Talk(talk="frame", text="\x81\x01h"), NAMES) == b"\x81\x01h"
    assert spoken(Talk(talk="text", text="Hello"), NAMES) == bytes.fromhex("818537fa213d7f9f4d5158")


def test_a_close_frame_has_its_code_before_its_reason() -> None:
    assert spoken(Talk(talk="close"), NAMES) == bytes.fromhex("888037fa213d")
    assert spoken(Talk(talk="close", code=1000), NAMES) == bytes.fromhex("888237fa213d3412")
    assert spoken(Talk(talk="ping", text="ab", repeat=2), NAMES)[1] == 0x84
