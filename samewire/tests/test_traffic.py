"""Which raw bytes ask for no change of state, however a server may cut them into requests."""

from __future__ import annotations

import time

import pytest

from samewire.traffic import Record, asks_no_change

GET = b"GET / HTTP/1.1\r\nHost: a\r\nReferer: http://b/\r\nVia: HTTP/1.1 c\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [
        b"POST / HTTP/1.1\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        GET + b"DELETE /b HTTP/1.1\r\n\r\n",
        GET + b"\r\n \tDELETE\t/b http/1.1\n\n",
        GET + b"xDELETE /b HTTP/1.1\r\n\r\n",
        GET + b"GET POST /b HTTP/1.1\r\n\r\n",
        GET + b"GET / HTTP/1.1\r\r\nDELETE /b\r",
        GET + b"DELETE /b\r\n",
        GET + b"PRI * HTTP/2.0\r\n\r\n",
    ],
)
def test_bytes_with_a_request_line_of_another_method_are_unsafe(data: bytes) -> None:
    assert not asks_no_change(data)
    assert not Record("a:1", raw=data).safe


@pytest.mark.parametrize(
    "data", [GET, b"\r\n" + GET + GET, GET + b"HEAD /b HTTP/1.1\r\n\r\n", b"GET /b\r\n", GET + b"a text"]
)
def test_bytes_with_safe_methods_alone_are_safe(data: bytes) -> None:
    assert asks_no_change(data)


@pytest.mark.parametrize("piece", [b"a", b" ", b"\t a", b"a /", b"\r\n", b"a b "])
def test_a_megabyte_is_looked_through_in_linear_time(piece: bytes) -> None:
    began = time.process_time()
    asks_no_change(GET + piece * (1_000_000 // len(piece)))
    assert time.process_time() - began < 5
