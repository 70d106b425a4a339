from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from time import time

import pytest

from legacy.writer import Framing, chunk, head

DATE = re.compile(rb"Date: (\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)\r\n")


def written(status: int = 200, version: tuple[int, int] = (1, 1), framing: Framing = 0, connection: str = "") -> bytes:
    return DATE.sub(b"", head(status, version, [("A", "b")], framing, connection))


def test_a_head_is_status_fields_framing_server_and_connection() -> None:
    expected = b"HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 5\r\nServer: nlweb\r\nConnection: close\r\n\r\n"
    assert written(framing=5, connection="close") == expected


@pytest.mark.parametrize(
    ("framing", "lines"),
    [(0, b"Content-Length: 0\r\n"), ("chunked", b"Transfer-Encoding: chunked\r\n"), ("close", b""), ("none", b"")],
)
def test_length_and_chunked_exclude_each_other(framing: Framing, lines: bytes) -> None:
    assert written(framing=framing) == b"HTTP/1.1 200 OK\r\nA: b\r\n" + lines + b"Server: nlweb\r\n\r\n"


@pytest.mark.parametrize(
    ("status", "version", "line"),
    [
        (404, (1, 1), b"HTTP/1.1 404 Not Found"),
        (404, (1, 0), b"HTTP/1.0 404 Not Found"),
        (299, (1, 1), b"HTTP/1.1 299 "),
        (505, (2, 0), b"HTTP/1.1 505 HTTP Version Not Supported"),
    ],
)
def test_the_status_line_has_the_clients_major_version(status: int, version: tuple[int, int], line: bytes) -> None:
    assert written(status, version).startswith(line + b"\r\n")


def test_the_date_is_now_as_an_imf_fixdate() -> None:
    found = DATE.search(head(200, (1, 1), (), 0, ""))
    assert found is not None
    assert abs(parsedate_to_datetime(found[1].decode()).timestamp() - time()) <= 2


def test_values_are_utf_8_and_keep_bytes_that_are_not() -> None:
    assert "A: é".encode() + b"\xff\r\n" in head(200, (1, 1), [("A", "é\udcff")], 0, "")


def test_a_chunk_is_its_size_in_hexadecimal_and_its_bytes() -> None:
    assert chunk(b"x" * 26) == b"1a\r\n" + b"x" * 26 + b"\r\n"
