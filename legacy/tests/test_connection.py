from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legacy.connection import Connection, Limits
from legacy.head import Head
from legacy.readers import Data, End
from shared_handlers.errors import HTTPError

LIMITS = Limits(max_head=400, max_fields=5)
HOST = "Host: a\r\n"
GET = f"GET /a?b HTTP/1.1\r\n{HOST}\r\n"
CHUNKED = f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n"

Seen = Head | bytes | End | int


def seen(pieces: Iterable[bytes]) -> list[Seen]:
    """The events, neighbouring content joined; the status when the bytes are refused."""
    connection, events = Connection(LIMITS), list[Seen]()
    try:
        for piece in pieces:
            connection.receive(piece)
            while connection.buffered and (event := connection.next_event()) is not None:
                if isinstance(event, Data) and events and isinstance(events[-1], bytes):
                    events[-1] += event.piece
                else:
                    events.append(event.piece if isinstance(event, Data) else event)
    except HTTPError as error:
        events.append(error.status)
    return events


def whole(text: str) -> list[Seen]:
    return seen([text.encode("latin-1")])


def one_by_one(text: str) -> list[Seen]:
    return seen(bytes([octet]) for octet in text.encode("latin-1"))


SOUND = [
    GET,
    GET * 3,
    f"\r\n{GET}\r\n{GET}",
    f"POST / HTTP/1.1\r\n{HOST}Content-Length: 5\r\n\r\nhello{GET}",
    f"POST / HTTP/1.1\r\n{HOST}Content-Length: 005\r\n\r\nhello{GET}",
    f"{CHUNKED}5\r\nhello\r\n0\r\n\r\n{GET}",
    f'{CHUNKED}00000000000000005\r\nhello\r\n1;a=b;c;d="e;\\"f"\r\n!\r\n0;x\r\nTrailer: a\r\nB:\r\n\r\n{GET}',
    f"POST / HTTP/1.1\r\n{HOST}transfer-encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
    f"GET  /  HTTP/1.1\r\n{HOST}\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    f"GET http://b/a HTTP/1.1\r\n{HOST}\r\n",
    f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n",
    f"CONNECT a:80 HTTP/1.1\r\n{HOST}\r\n",
    f"GET / HTTP/2.0\r\n{HOST}\r\n",
    f"GET / HTTP/1.1\r\n{HOST}A:\r\nB: \t\xe9 \t\r\nC:c\r\n\r\n",
]


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


REFUSED = {
    "a method that is not known": f"BREW / HTTP/1.1\r\n{HOST}\r\n",
    "a method in lower case": f"get / HTTP/1.1\r\n{HOST}\r\n",
    "no version": f"GET /\r\n{HOST}\r\n",
    "HTTP/1.2": f"GET / HTTP/1.2\r\n{HOST}\r\n",
    "HTTP/3.0": f"GET / HTTP/3.0\r\n{HOST}\r\n",
    "a version in lower case": f"GET / http/1.1\r\n{HOST}\r\n",
    "two digits": f"GET / HTTP/1.10\r\n{HOST}\r\n",
    "a tab in the request line": f"GET\t/ HTTP/1.1\r\n{HOST}\r\n",
    "a control in the target": f"GET /\x01 HTTP/1.1\r\n{HOST}\r\n",
    "a byte beyond ASCII in the target": f"GET /\xe9 HTTP/1.1\r\n{HOST}\r\n",
    "a target without a slash": f"GET a HTTP/1.1\r\n{HOST}\r\n",
    "* with GET": f"GET * HTTP/1.1\r\n{HOST}\r\n",
    "an absolute target without authority": f"GET http:///a HTTP/1.1\r\n{HOST}\r\n",
    "no Host": "GET / HTTP/1.1\r\n\r\n",
    "two Hosts": f"GET / HTTP/1.1\r\n{HOST}{HOST}\r\n",
    "two Content-Types": f"GET / HTTP/1.1\r\n{HOST}Content-Type: a/b\r\ncontent-type: a/b\r\n\r\n",
    "space before the colon": f"GET / HTTP/1.1\r\n{HOST}A : b\r\n\r\n",
    "no colon": f"GET / HTTP/1.1\r\n{HOST}A\r\n\r\n",
    "no name": f"GET / HTTP/1.1\r\n{HOST}: b\r\n\r\n",
    "a name that is no token": f"GET / HTTP/1.1\r\n{HOST}A(: b\r\n\r\n",
    "a folded line": f"GET / HTTP/1.1\r\n{HOST}A: b\r\n c\r\n\r\n",
    "space before the first field": f"GET / HTTP/1.1\r\n {HOST}\r\n",
    "NUL in a value": f"GET / HTTP/1.1\r\n{HOST}A: \x00\r\n\r\n",
    "a bare CR": f"GET / HTTP/1.1\r\n{HOST}A: b\rC: d\r\n\r\n",
    "a bare LF": f"GET / HTTP/1.1\r\n{HOST}A: b\nC: d\r\n\r\n",
    "LF alone as line end": "GET / HTTP/1.1\nHost: a\n\n",
    "a leading LF": f"\n{GET}",
    "a leading CR": f"\r{GET}",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "both lengths": f"POST / HTTP/1.1\r\n{HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": f"POST / HTTP/1.1\r\n{HOST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    **{
        f"length {text!r}": f"POST / HTTP/1.1\r\n{HOST}Content-Length: {text}\r\n\r\nhello"
        for text in ("", "+5", "-5", "0x5", "1_0", "5 5", "5, 5", "5,", "1" * 30, "\xb2")
    },
    **{
        f"coding {text!r}": f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: {text}\r\n\r\n0\r\n\r\n"
        for text in (
            "",
            "xchunked",
            "chunked, identity",
            "chunked, chunked",
            "gzip",
            '"chunked"',
            "chunked;x",
            "chunked,",
        )
    },
    **{
        f"chunk {text!r}": f"{CHUNKED}{text}\r\nhello\r\n0\r\n\r\n"
        for text in ("0x5", "-5", "+5", "5 ", " 5", "Z", "", "5;", "5; a", "5;a b", "5;a\x01", "5\n", "1" + "0" * 16)
    },
    "no line end after a chunk": f"{CHUNKED}5\r\nhello0\r\n\r\n",
    "something after a chunk": f"{CHUNKED}5\r\nhelloXX0\r\n\r\n",
    "LF after a chunk": f"{CHUNKED}5\r\nhello\n0\r\n\r\n",
    "a malformed trailer": f"{CHUNKED}0\r\nA : b\r\n\r\n",
    "a length in a trailer": f"{CHUNKED}0\r\nContent-Length: 5\r\n\r\n",
}


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
    assert whole(f"{CHUNKED}5;{'x' * 40_000}\r\nhello\r\n0\r\n\r\n")[-1] == 400
    assert whole(CHUNKED + f"1;{'x' * 1000}\r\n!\r\n" * 100)[-1] == 400


def test_empty_lines_before_a_request_are_ignored_but_not_for_ever() -> None:
    assert isinstance(whole("\r\n\r\n" + GET)[-1], Head)
    assert whole("\r\n" * 1000)[-1] == one_by_one("\r\n" * 1000)[-1] == 400


@pytest.mark.parametrize(
    ("text", "reusable"),
    [
        (GET, True),
        (f"GET / HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}Connection: TE, Close\r\n\r\n", False),
        (f"GET / HTTP/1.1\r\n{HOST}Connection: te\r\nConnection: close\r\n\r\n", False),
        ("GET / HTTP/1.0\r\n\r\n", False),
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


MESSAGES = st.lists(st.sampled_from([*SOUND, *REFUSED.values()]), min_size=1, max_size=3).map("".join)


@settings(deadline=None)
@given(MESSAGES, st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_however_the_bytes_are_cut_the_events_are_the_same(text: str, cuts: list[int]) -> None:
    data, pieces, at = text.encode("latin-1"), list[bytes](), 0
    while at < len(data):
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(data[at : at + size])
        at += size
    assert seen(pieces) == seen([data])


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_being_refused(data: bytes) -> None:
    assert all(not isinstance(event, int) or event in {400, 414, 431} for event in seen([data]))
