from __future__ import annotations

import pytest

from samewire.wire.sent import Sent, request_at

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        GET,
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody",
        b"POST / HTTP/1.1\r\ntransfer-encoding:Chunked\r\n\r\n4\r\nbody\r\n0\r\nT: 1\r\n\r\n",
    ],
)
def test_a_request_reaches_to_the_end_of_its_content(request_bytes: bytes) -> None:
    sent = bytearray(request_bytes + GET)
    first = request_at(sent, 0)
    assert first is not None
    assert first.end == len(request_bytes)
    second = request_at(sent, first.end)
    assert second is not None
    assert second == ("GET", len(request_bytes), len(sent))
    assert request_at(sent, len(sent)) is None
    for cut in range(1, len(request_bytes)):
        part = request_at(sent[:cut], 0)
        assert part is not None
        assert part.end is None


def test_empty_lines_before_a_request_are_not_its_own() -> None:
    assert request_at(bytearray(b"\r\n\r\n" + GET), 0) == ("GET", 4, 4 + len(GET))


def test_a_request_that_cannot_be_framed_reaches_to_the_end() -> None:
    broken = bytearray(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n" + GET)
    assert request_at(broken, 0) == ("POST", 0, len(broken))


def test_each_answer_belongs_to_the_next_request() -> None:
    sent = Sent()
    sent.add(b"HEAD / HTTP/1.1\r\n\r\n" + GET, 1.0)
    sent.add(GET, 2.0, to_head=True)
    assert [sent.next_due(9.0) for _ in range(4)] == [("HEAD", 1.0), ("GET", 1.0), ("HEAD", 2.0), ("GET", 9.0)]


def test_requests_are_answered_when_each_was_whole_and_due() -> None:
    sent = Sent()
    assert not sent.answered
    sent.add(GET, 1.0)
    sent.next_due(1.0)
    assert sent.answered
    sent.add(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n", 2.0)
    assert not sent.answered
    sent.next_due(2.0)
    assert not sent.answered
    sent.add(b"body", 3.0)
    assert sent.answered


def test_what_was_sent_is_reported_once() -> None:
    sent = Sent()
    sent.add(GET, 1.0)
    assert sent.unreported == GET
    assert sent.report() == GET
    assert sent.report() == b""
