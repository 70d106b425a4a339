from __future__ import annotations

from contextlib import suppress

import pytest

from legacy.connection import Connection
from legacy.head import Head
from legacy.tests.events import CHUNKED, GET, HOST, LIMITS, REFUSED, SOUND, one_by_one, whole
from shared_handlers.errors import HTTPError
from shared_handlers.http1 import End


@pytest.mark.parametrize("text", SOUND)
def test_sound_requests_give_the_same_events_one_byte_at_a_time(text: str) -> None:
    events = whole(text)
    assert not any(isinstance(event, int) for event in events), events
    assert one_by_one(text) == events


def test_a_request_is_a_head_its_content_and_an_end() -> None:
    head, content, end, following = whole(f"{CHUNKED}5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n{GET}")
    assert isinstance(head, Head)
    assert (head.method, head.target, head.version, head.length) == ("POST", "/", (1, 1), None)
    assert (content, end) == (b"hello!", End())
    assert isinstance(following, Head)
    assert (following.target, following.length) == ("/a?b", 0)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_two_readers_could_understand_differently_is_400(text: str) -> None:
    assert whole(text)[-1] == 400
    assert one_by_one(text)[-1] == 400


def test_a_head_may_have_as_many_bytes_as_the_limit_and_not_one_more() -> None:
    start = f"GET / HTTP/1.1\r\n{HOST}A: "
    fitting = start + "x" * (LIMITS.max_head - len(start) - 4) + "\r\n\r\n"
    longer = fitting.replace("A: ", "A: x")
    assert isinstance(whole(fitting)[-1], Head)
    assert isinstance(one_by_one(fitting)[-1], Head)
    assert whole(longer) == one_by_one(longer) == [431]


def test_a_request_line_beyond_the_limit_is_414() -> None:
    text = f"GET /{'x' * LIMITS.max_head} HTTP/1.1\r\n{HOST}\r\n"
    assert whole(text) == one_by_one(text) == [414]


def test_more_fields_than_the_limit_are_431() -> None:
    def asked(count: int) -> str:
        return f"GET / HTTP/1.1\r\n{HOST}" + "A: b\r\n" * (count - 1) + "\r\n"

    assert isinstance(whole(asked(LIMITS.max_fields))[-1], Head)
    assert whole(asked(LIMITS.max_fields + 1)) == one_by_one(asked(LIMITS.max_fields + 1)) == [431]


def test_trailers_have_the_limits_of_a_head() -> None:
    many = f"{CHUNKED}0\r\n" + "A: b\r\n" * (LIMITS.max_fields + 1) + "\r\n"
    long = f"{CHUNKED}0\r\nA: {'x' * LIMITS.max_head}\r\n\r\n"
    assert whole(many)[-1] == one_by_one(many)[-1] == 431
    assert whole(long)[-1] == one_by_one(long)[-1] == 431


def test_chunk_extensions_are_bounded_in_one_line_and_in_all() -> None:
    assert whole(f"{CHUNKED}5;{'x' * 20_000}\r\nhello\r\n0\r\n\r\n")[-1] == End()
    assert whole(f"{CHUNKED}5;{'x' * 65_536}\r\nhello\r\n0\r\n\r\n")[-1] == 400
    assert whole(CHUNKED + f"1;{'x' * 1000}\r\n!\r\n" * 100)[-1] == 400


@pytest.mark.parametrize("ends", ["\r\n", "\r\n\r\n", "\n", "\r", "\n\r\r\n" * 1000])
def test_line_ends_before_a_request_are_ignored(ends: str) -> None:
    assert whole(ends + GET) == one_by_one(ends + GET) == whole(GET)
    assert whole(GET + ends + GET) == one_by_one(GET + ends + GET) == whole(GET + GET)


def test_line_ends_before_a_request_are_not_kept() -> None:
    connection = Connection(LIMITS)
    connection.receive(b"\r\n" * 100_000)
    assert (connection.next_event(), connection.buffered) == (None, 0)


@pytest.mark.parametrize(
    "part",
    ["1", "-", "g", "X", "GETX", "Gx", "\xff", "\t", "GET\t", "GET ?", "GET #", "GET / x", "GET / HTTP/1.1 ", "get / "],
)
def test_what_can_become_no_request_line_is_refused_at_once(part: str) -> None:
    assert whole(part)[-1] == one_by_one(part)[-1] == 400
    assert whole(GET + part)[-1] == 400


@pytest.mark.parametrize(
    "part", [GET[:end] for end in range(len(GET))] + ["M-SEAR", "OPTIONS *", "CONNECT 1.2", "GET http:"]
)
def test_what_may_become_a_request_line_is_waited_for(part: str) -> None:
    assert whole(part) == one_by_one(part) == []


@pytest.mark.parametrize(
    ("text", "reusable"),
    [
        (GET, True),
        (f"GET / HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}Connection: TE, Close\r\n\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}Connection: te\r\nConnection: close\r\n\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}Proxy-Connection: TE, Close\r\n\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}Connection: TE\r\nProxy-Connection: close\r\n\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}Proxy-Connection: te\r\n\r\n", True),
        ("GET / HTTP/1.0\r\n\r\n", False),
        ("GET / HTTP/1.0\r\nProxy-Connection: keep-alive\r\n\r\n", False),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\nProxy-Connection: close\r\n\r\n", False),
        ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", True),
        ("POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", False),
        (f"GET / HTTP/2.0\r\n{HOST}\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}A : b\r\n\r\n", False),
    ],
)
def test_the_connection_knows_whether_another_request_may_follow(text: str, reusable: bool) -> None:
    connection = Connection(LIMITS)
    connection.receive(text.encode())
    with suppress(HTTPError):
        connection.next_event()
    assert connection.reusable is reusable


def test_what_is_left_of_the_content_is_known_unless_it_is_chunked() -> None:
    connection = Connection(LIMITS)
    connection.receive(f"POST / HTTP/1.1\r\n{HOST}Content-Length: 5\r\n\r\nhe".encode())
    connection.next_event()
    assert (connection.remaining, connection.between) == (5, False)
    connection.next_event()
    assert connection.remaining == 3
    connection.receive(b"llo")
    connection.next_event()
    assert connection.next_event() == End()
    assert (connection.remaining, connection.between) == (0, True)


def test_only_a_client_of_http_1_1_with_content_awaits_100() -> None:
    def expects(line: str, *fields: str) -> bool:
        head = whole("\r\n".join((line, "Host: a", *fields, "", "")))[0]
        assert isinstance(head, Head)
        return head.expects

    assert expects("POST / HTTP/1.1", "Expect: 100-Continue", "Content-Length: 1")
    assert not expects("POST / HTTP/1.0", "Expect: 100-continue", "Content-Length: 1")
    assert not expects("GET / HTTP/1.1", "Expect: 100-continue")
    assert not expects("POST / HTTP/1.1", "Expect: 200-ok", "Content-Length: 1")


def test_fields_of_one_request_are_not_those_of_the_next() -> None:
    kept = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n"
    heads = whole(f"{kept}A: b\r\n\r\n{kept}A: b\r\n\r\n{kept}A: c\r\n\r\n{kept}\r\nGET / HTTP/1.0\r\n\r\n")
    assert [dict(head.headers) for head in heads if isinstance(head, Head)] == [
        {"Connection": "keep-alive", "A": "b"},
        {"Connection": "keep-alive", "A": "b"},
        {"Connection": "keep-alive", "A": "c"},
        {"Connection": "keep-alive"},
        {},
    ]
