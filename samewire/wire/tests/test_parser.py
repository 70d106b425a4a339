from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samewire.exchange import Answer, Framing, Whole
from samewire.wire.framing import closes
from samewire.wire.limits import LIMITS, Limits
from samewire.wire.parser import Parser, State

OK = b"HTTP/1.1 200 OK\r\n"
SMALL = Limits(head=64, content=20, line=16, chunks=3, interim=2)


def parse(data: bytes, method: str = "GET", *, fin: bool = False, limits: Limits = LIMITS) -> Parser:
    return parse_pieces([data], method, fin=fin, limits=limits)


def parse_pieces(given: list[bytes], method: str = "GET", *, fin: bool = False, limits: Limits = LIMITS) -> Parser:
    parser = Parser(limits)
    parser.begin(method, 0.0)
    for piece in given:
        parser.feed(piece, 1.5)
    if fin:
        parser.end()
    return parser


def answer(data: bytes, method: str = "GET", *, fin: bool = False, limits: Limits = LIMITS) -> Answer:
    found = parse(data, method, fin=fin, limits=limits).answer
    assert found is not None
    return found


def test_a_sized_answer_is_read_with_its_lines_in_order_and_case() -> None:
    seen = answer(OK + b"X-b:  1 \r\nx-B: 2\r\nContent-Length: 5\r\n\r\nhello")
    assert (seen.version, seen.status, seen.reason) == ("HTTP/1.1", 200, "OK")
    assert seen.fields == (("X-b", "1"), ("x-B", "2"), ("Content-Length", "5"))
    assert (seen.framing, seen.body, seen.complete, seen.faults) == (Framing.LENGTH, b"hello", True, ())
    assert seen.head_at == 1.5


def test_chunks_keep_their_extensions_and_trailers_follow() -> None:
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    seen = answer(head + b"5;a=b\r\nhello\r\n6\r\n world\r\n0;last\r\nX-T: 1\r\n\r\n")
    assert seen.framing is Framing.CHUNKED
    assert seen.body == b"hello world"
    assert [(chunk.data, chunk.extension) for chunk in seen.chunks] == [
        (b"hello", "a=b"),
        (b" world", ""),
        (b"", "last"),
    ]
    assert seen.trailers == (("X-T", "1"),)
    assert (seen.complete, seen.faults) == (True, ())


def test_content_without_length_ends_with_the_connection() -> None:
    assert answer(OK + b"\r\nabc").complete is False
    seen = answer(OK + b"\r\nabc", fin=True)
    assert (seen.framing, seen.body, seen.complete) == (Framing.CLOSE, b"abc", True)


def test_a_fin_within_sized_or_chunked_content_leaves_the_answer_incomplete() -> None:
    assert answer(OK + b"Content-Length: 5\r\n\r\nhel", fin=True).complete is False
    cut = answer(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", fin=True)
    assert (cut.complete, cut.body, cut.chunks) == (False, b"hel", ())


def test_interim_answers_come_before_the_final_one() -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    parser = parse(early + OK + b"Content-Length: 0\r\n\r\n")
    assert [(one.status, one.fields) for one in parser.interim] == [(100, ()), (103, (("Link", "</a>"),))]
    assert parser.state is State.DONE


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304), ("CONNECT", 200), ("GET", 101)]
)
def test_an_answer_without_content_by_rule_leaves_what_follows_as_surplus(method: str, status: int) -> None:
    parser = parse(b"HTTP/1.1 %d X\r\nContent-Length: 3\r\n\r\nabc" % status, method)
    assert parser.answer is not None
    assert (parser.answer.framing, parser.answer.body, parser.state) == (Framing.NONE, b"", State.DONE)
    assert parser.surplus == b"abc"
    assert parser.tunnels is (method == "CONNECT" or status == 101)


def test_pipelined_answers_are_read_one_after_another() -> None:
    parser = parse(OK + b"Content-Length: 9\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\nb", "HEAD")
    assert parser.answer is not None
    assert parser.answer.body == b""
    parser.begin("GET", 1.0)
    assert parser.answer.body == b"b"
    assert parser.answer.head_at == 0.5
    assert parser.surplus == b""


FAULTY = [
    (b"HTTP/1.1 200 OK\nContent-Length: 0\n\n", "LF alone"),
    (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "status line"),
    (b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n", "status line"),
    (b"HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n", "status line"),
    (b"\r\n" + OK + b"Content-Length: 0\r\n\r\n", "empty lines"),
    (OK + b"A: 1\r\n b\r\nContent-Length: 0\r\n\r\n", "obs-fold"),
    (OK + b" A: 1\r\nContent-Length: 0\r\n\r\n", "before the first field line"),
    (OK + b"A : 1\r\nContent-Length: 0\r\n\r\n", "white space stands between"),
    (OK + b"nocolon\r\nContent-Length: 0\r\n\r\n", "no colon"),
    (OK + b"A[: 1\r\nContent-Length: 0\r\n\r\n", "not a token"),
    (OK + b"A: \x00\r\nContent-Length: 0\r\n\r\n", "control character"),
    (OK + b"A: 1\rB: 2\r\nContent-Length: 0\r\n\r\n", "CR stands without LF"),
    (OK + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n", "stands 2 times"),
    (OK + b"Content-Length: 0, 0\r\n\r\n", "is not a number"),
    (OK + b"Content-Length: +0\r\n\r\n", "is not a number"),
    (OK + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "beside Transfer-Encoding"),
    (OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "more than once"),
    (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.0"),
    (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", "in a 204 answer"),
    (b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "in a 204 answer"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n", "white space stands around"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", "size line ends with LF alone"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", "chunk ends with LF alone"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n1;\x00\r\na\r\n0\r\n\r\n", "extension has a control"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nbad\r\n\r\n", "no colon"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "fault"), FAULTY)
def test_a_breach_is_a_fault_and_the_answer_is_read_all_the_same(data: bytes, fault: str) -> None:
    parser = parse(data, fin=True)
    assert parser.state is State.DONE
    assert parser.answer is not None
    assert len(parser.answer.faults) == 1
    assert fault in parser.answer.faults[0]
    assert parser.surplus == b""


BROKEN = [
    (OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "not a hexadecimal number", b"xyz\r\n"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", "not a hexadecimal number", b"-1\r\n"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 17 + b"\r\n", "not a hexadecimal", b"0" * 17 + b"\r\n"),
    (OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc", "not followed by CRLF", b"bc"),
    (b"<html>\r\n\r\n", "does not begin with HTTP/", b"<html>\r\n\r\n"),
    (b"http/1.1 200 OK\r\n\r\n", "does not begin with HTTP/", b"http/1.1 200 OK\r\n\r\n"),
]


@pytest.mark.parametrize(("data", "fault", "surplus"), BROKEN)
def test_what_no_sense_can_be_made_of_stays_as_surplus(data: bytes, fault: str, surplus: bytes) -> None:
    parser = parse(data)
    assert parser.state is State.BROKEN
    assert fault in parser.faults[-1]
    assert parser.surplus == surplus
    assert parser.answer is None or not parser.answer.complete


@pytest.mark.parametrize("step", [1, 7, 1000])
@pytest.mark.parametrize(
    "data",
    [
        OK + b"Content-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz",
        OK + b"\r\nabcdefghijklmnopqrstuvwxyz",
        OK + b"Transfer-Encoding: chunked\r\n\r\n13\r\nabcdefghijklmnopqrs\r\n7\r\ntuvwxyz\r\n0\r\n\r\n",
    ],
)
def test_content_past_the_limit_is_counted_and_digested_and_its_beginning_kept(data: bytes, step: int) -> None:
    parser = Parser(SMALL)
    parser.begin("GET", 0.0)
    for start in range(0, len(data), step):
        parser.feed(data[start : start + step], 0.0)
    parser.end()
    answer = parser.answer
    assert answer is not None
    assert (answer.body, answer.complete, parser.size) == (b"abcdefghijklmnopqrst", True, 26)
    assert answer.whole == Whole(26, sha256(b"abcdefghijklmnopqrstuvwxyz").hexdigest())
    assert b"".join(chunk.data for chunk in answer.chunks) == answer.body[: sum(len(c.data) for c in answer.chunks)]


@pytest.mark.parametrize(
    "data",
    [
        OK + b"A: " + b"a" * 80 + b"\r\n\r\n",
        OK + b"A: " + b"a" * 80,
        OK + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 20,
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nA: " + b"a" * 80,
    ],
)
def test_past_a_limit_nothing_more_is_read(data: bytes) -> None:
    parser = parse(data, limits=SMALL)
    assert parser.state is State.BROKEN
    assert "longer than" in parser.faults[-1]
    assert parser.size <= SMALL.content


def test_more_chunks_than_the_limit_are_in_the_content_only() -> None:
    seen = answer(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 9 + b"0\r\n\r\n", limits=SMALL)
    assert (seen.body, len(seen.chunks), seen.complete) == (b"a" * 9, 3, True)


def test_faults_are_few_and_short_whatever_is_sent() -> None:
    seen = answer(OK + b"".join(b"n" * 900 + b"%d\r\n" % number for number in range(90)) + b"\r\n")
    assert len(seen.faults) <= 20
    assert all(len(fault) < 120 for fault in seen.faults)


def outcome(parser: Parser) -> object:
    """All that does not depend on the reads."""
    seen = parser.answer
    if seen is not None and seen.framing is not Framing.CHUNKED:
        assert seen.body.startswith(b"".join(chunk.data for chunk in seen.chunks))
        seen = replace(seen, chunks=())
    return parser.interim, seen, parser.state, parser.surplus, parser.faults


MESSAGES = [data for data, *_ in (*FAULTY, *BROKEN)] + [
    b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello and more",
    OK + b"\r\nuntil the end",
    OK + b"Transfer-Encoding: gzip\r\n\r\nuntil the end",
    OK + b"Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX-T: 1\r\n\r\nHTTP/1.1",
    b"HTTP/1.1 103 A\r\n\r\n" * 4 + OK + b"\r\n",
]


@pytest.mark.parametrize("limits", [LIMITS, SMALL])
@pytest.mark.parametrize("data", MESSAGES)
def test_fed_byte_by_byte_every_answer_is_the_same_as_fed_at_once(data: bytes, limits: Limits) -> None:
    pieces = [bytes((byte,)) for byte in data]
    assert outcome(parse_pieces(pieces, fin=True, limits=limits)) == outcome(parse(data, fin=True, limits=limits))


tokens = st.sampled_from([
    b"HTTP/1.1 ", b"HTTP/1.0 ", b"200 OK", b"100 C", b"204 N", b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b":", b";", b"0",
    b"5", b"ff", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"hello", b"\x00",
])  # fmt: skip
streams = st.lists(tokens | st.binary(max_size=6), max_size=30).map(b"".join)
answers = st.builds(lambda head, rest: OK + head + b"\r\n" + rest, st.sampled_from([
    b"", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n",
]), streams)  # fmt: skip


@given(
    data=streams | answers,
    cuts=st.sets(st.integers(0, 200)),
    method=st.sampled_from(["GET", "HEAD"]),
    fin=st.booleans(),
)
def test_however_the_bytes_are_cut_the_outcome_is_the_same(data: bytes, cuts: set[int], method: str, fin: bool) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    for limits in (LIMITS, SMALL):
        at_once = parse(data, method, fin=fin, limits=limits)
        assert outcome(parse_pieces(pieces, method, fin=fin, limits=limits)) == outcome(at_once)


@pytest.mark.parametrize("option", ["close\xa0", "\x85close", "clo\u017fe"])
def test_an_option_is_ascii_as_for_whoever_reads_bytes(option: str) -> None:
    assert not closes("HTTP/1.1", [("Connection", option)], Framing.LENGTH)
    assert closes("HTTP/1.1", [("Connection", "\tClose ")], Framing.LENGTH)
