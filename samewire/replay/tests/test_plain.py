"""The cheap reading says what the parser says, or nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from samewire.exchange import Answer
from samewire.replay.plain import plain
from samewire.wire.parser import Parser, State

names = st.sampled_from(
    [
        "Date",
        "date",
        "Content-Length",
        "Content-length",
        "Transfer-Encoding",
        "Connection",
        "X-a",
        "ETag",
        "A B",
        "",
        "Ü",
    ]
)
values = st.one_of(
    st.sampled_from(
        ["0", "2", "5", "5, 5", "-1", "keep-alive", "close", "Keep-Alive", "chunked", "gzip", "", " a ", "a\tb"]
    ),
    st.text(st.characters(max_codepoint=255), max_size=8),
)
lines = st.builds(
    lambda name, colon, value: f"{name}{colon}{value}", names, st.sampled_from([": ", ":", " : "]), values
)
starts = st.sampled_from(
    [
        "HTTP/1.1 200 OK",
        "HTTP/1.1 204 No Content",
        "HTTP/1.1 304 ",
        "HTTP/1.1 404",
        "HTTP/1.0 200 OK",
        "HTTP/1.1 100 Continue",
        "HTTP/1.1 999 \xff",
        "HTTP/1.1  200 OK",
        "HTTP/2 200 OK",
        "http/1.1 200 OK",
        "",
        "\r\nHTTP/1.1 200 OK",
        "HTTP/1.1 101 X",
    ]
)
ends = st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "\r"])
bodies = st.sampled_from([b"", b"ok", b"hello", b"hello!", b"\r\n\r\n", b"0\r\n\r\n"])


def joined(start: str, given: list[str], end: str, body: bytes) -> bytes:
    return end.join((start, *given, "", "")).encode("latin-1") + body


answers = st.one_of(
    st.builds(joined, starts, st.lists(lines, max_size=4), ends, bodies),
    st.builds(
        lambda given, body: joined("HTTP/1.1 200 OK", [*given, f"Content-Length: {len(body)}"], "\r\n", body),
        st.lists(lines, max_size=3),
        bodies,
    ),
    st.binary(max_size=40),
)
methods = st.sampled_from(["GET", "GET", "HEAD", "CONNECT", "POST"])


def parsed(data: bytes, method: str) -> Parser:
    parser = Parser()
    parser.begin(method, 0.0)
    parser.feed(data, 0.5)
    return parser


@settings(deadline=None, max_examples=600)
@given(answers, methods)
def test_what_it_reads_is_what_the_parser_reads(data: bytes, method: str) -> None:
    found = plain(data, method, 0.5)
    if found is None:
        return
    parser = parsed(data, method)
    assert parser.state is State.DONE
    assert parser.answer == found
    assert (parser.interim, parser.surplus, parser.closes, parser.tunnels) == ([], b"", False, False)


def test_it_reads_what_servers_usually_send() -> None:
    found = plain(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok", "GET", 0.5)
    assert isinstance(found, Answer)
    assert found.body == b"ok"


def test_it_leaves_to_the_parser_what_is_not_whole_or_more_than_one_answer() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    for data in (*(whole[:end] for end in range(len(whole))), whole + b"!", whole + whole):
        assert plain(data, "GET", 0.5) is None
