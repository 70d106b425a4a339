from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samewire.exchange import Framing
from samewire.prove.asked import Asked, RequestHead, Requests
from samewire.prove.parts import Answers, Beyond, Head, Part, Piece, Tail

SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-A: b\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi"
UNDELIMITED = b"HTTP/1.1 200 OK\r\n\r\nuntil the end"
PIECES = [SIZED, CHUNKED, CONTINUE, SWITCHED, UNDELIMITED, b"\r\n", b"0\r\n", b"HTTP/1.1 ", b"\x00\xff", b"zz\r\n"]
GET, POST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
STREAMED = b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
UPGRADE = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\x81\x80abcd"


def parts_of(*reads: bytes, method: str = "GET") -> list[Part]:
    answers = Answers(lambda: Asked(method, b""))
    return [part for read in reads for part in answers.feed(read)] + list(answers.end())


def one_by_one(data: bytes) -> tuple[bytes, ...]:
    return tuple(data[at : at + 1] for at in range(len(data)))


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.integers(1, 40))
def test_the_parts_of_whatever_a_server_sends_are_what_it_sent(pieces: list[bytes], size: int) -> None:
    data = b"".join(pieces)
    reads = [data[start : start + size] for start in range(0, len(data), size)]
    assert b"".join(part.raw for part in parts_of(*reads)) == data


@given(
    st.lists(st.sampled_from([GET, POST, STREAMED, UPGRADE, b"\r\n", b"x", b"0x1\r\n"]), max_size=6), st.integers(1, 40)
)
def test_the_parts_of_whatever_a_client_sends_are_what_it_sent(pieces: list[bytes], size: int) -> None:
    data, requests = b"".join(pieces), Requests()
    reads = [data[start : start + size] for start in range(0, len(data), size)]
    found = [part.raw for read in reads for part in requests.feed(read)]
    assert b"".join((*found, requests.end())) == data


def test_a_sized_answer_is_a_head_its_content_and_an_end() -> None:
    head, piece, tail, *rest = parts_of(SIZED)
    assert isinstance(head, Head)
    assert (head.status, head.framing, head.lines[1]) == (200, Framing.LENGTH, b"Content-Length: 5")
    assert (piece, tail) == (Piece(b"hello", b"hello"), Tail(b""))
    assert all(not part.raw for part in rest)


@pytest.mark.parametrize("reads", [(CHUNKED,), one_by_one(CHUNKED)])
def test_each_chunk_is_a_piece_and_the_trailers_are_the_end(reads: tuple[bytes, ...]) -> None:
    _, *pieces, tail, _ = parts_of(*reads)
    assert [part.data for part in pieces if isinstance(part, Piece)] == [b"abc", b"de"]
    assert tail == Tail(b"0\r\nX-A: b\r\n\r\n")


def test_an_interim_answer_does_not_take_the_request_of_the_final_one() -> None:
    due = iter([Asked("HEAD", b"", 0), Asked("GET", b"", 1)])
    answers = Answers(lambda: next(due))
    found = [part for part in answers.feed(CONTINUE + SIZED[:-5] + SIZED) if isinstance(part, Head)]
    assert [(head.interim, head.asked.method) for head in found] == [(True, "HEAD"), (False, "HEAD"), (False, "GET")]


def test_what_follows_101_is_another_protocols() -> None:
    assert Beyond(b"\x81\x02hi", tunnel=True) in parts_of(SWITCHED)


def test_what_only_the_end_of_the_connection_delimits_ends_with_it() -> None:
    assert parts_of(UNDELIMITED)[-1] == Tail(b"")


def test_requests_are_due_in_their_order_and_know_whether_another_follows() -> None:
    requests = Requests()
    heads = [part for part in requests.feed(POST + STREAMED + GET) if isinstance(part, RequestHead)]
    assert [head.method for head in heads] == ["POST", "PUT", "GET"]
    due = [requests.next() for _ in range(3)]
    assert [(asked.method, asked.number, asked.followed) for asked in due] == [
        ("POST", 0, True),
        ("PUT", 1, True),
        ("GET", 2, False),
    ]
