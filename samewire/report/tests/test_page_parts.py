"""What the page shows of an exchange: both sides, what parts them marked, and no secret."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samewire.exchange import Answer, Answered, End, Ended, Framing, Kind, Message, Talked, Transcript, Whole
from samewire.report import exchanges
from samewire.report.exchanges import LINES, Exchange, Line, exchange
from samewire.report.marks import Piece, pieces
from samewire.report.tests.made import pair
from samewire.result import CaseRun

SENT = b"POST /login HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer abcdefghijkl\r\n\r\npassword=hunter2&x=1"


def answered(body: bytes, *fields: tuple[str, str], sent: bytes = SENT, status: int = 200, step: int = 1) -> Answered:
    return Answered(step, "main", sent, (), Answer("HTTP/1.1", status, "OK", fields, Framing.LENGTH, body))


def shown(old: tuple[Answered | Talked, ...], new: tuple[Answered | Talked, ...], place: str = "body") -> Exchange:
    runs = [
        CaseRun(Transcript("A-1", target, (*seen, Ended(None, "main", End.REUSABLE)), 0.1), ())
        for target, seen in (("old", old), ("new", new))
    ]
    return exchange(replace(pair(), old=runs[0], new=runs[1]), place)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(piece.text for piece in line) for line in lines]


def test_what_parts_two_values_is_marked() -> None:
    old, new = pieces("max-age=60, public", "max-age=61, public")
    assert old == (Piece("max-age=", False), Piece("60", True), Piece(", public", False))
    assert new[1] == Piece("61", True)


def test_where_both_are_cut_is_no_difference() -> None:
    old, new = pieces("the legacy server answers with a docume…", "the aiohttp server answers with a docum…")
    assert [piece.text for piece in (*old, *new) if piece.marked] == ["legacy", "aiohttp"]


def test_values_with_little_in_common_are_marked_whole() -> None:
    assert pieces("abc def", "(absent)") == ((Piece("abc def", True),), (Piece("(absent)", True),))


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_joined_are_the_text(old: str, new: str) -> None:
    assert tuple("".join(piece.text for piece in side) for side in pieces(old, new)) == (old, new)


def test_lines_that_only_one_side_has_are_marked_and_others_where_they_part() -> None:
    found = shown((answered(b"one\ntwo 2", ("A", "1")),), (answered(b"one\ntwo 3", ("A", "1"), ("B", "2")),))
    assert found.old.head == ((Piece("HTTP/1.1 200 OK", False),), (Piece("A: 1", False),))
    assert found.new.head[-1] == (Piece("B: 2", True),)
    assert found.old.body == ((Piece("one", False),), (Piece("two ", False), Piece("2", True)))


def test_secrets_are_shown_as_digests_in_what_was_sent_and_answered() -> None:
    body = b'{"access_token": "hunter2hunter2"}'
    found = shown((answered(body, ("Set-Cookie", "id=hunter2; Path=/")),), (answered(body),))
    text = repr(found)
    assert "hunter2" not in text
    assert "abcdefghijkl" not in text
    assert text.count("[redacted sha256:") == 5
    assert "Authorization: Bearer [redacted" in found.sent


def test_a_place_that_names_an_answer_shows_that_one() -> None:
    both = (answered(b"first", step=1), answered(b"second", step=2))
    assert shown(both, both, "answer[1].body").old.body == ((Piece("second", False),),)
    assert shown(both, both, "connection").old.body == ((Piece("first", False),),)


def test_what_is_no_text_is_a_digest_and_long_texts_are_cut() -> None:
    found = shown((answered(b"\xff\x00" * 9),), (answered(b"x\n" * 500),))
    assert texts(found.old.body)[0].startswith("18 bytes, sha256 ")
    assert len(found.new.body) == LINES + 1
    assert texts(found.new.body)[-1] == f"… {501 - LINES} more lines"
    assert len(texts(shown((answered(b"x" * 10_000_000),), ()).old.body)[0]) < 600


def test_of_a_content_that_is_not_kept_whole_the_whole_is_named() -> None:
    seen = answered(b"begun")
    assert seen.answer is not None
    seen = replace(seen, answer=replace(seen.answer, whole=Whole(10**9, "ab" * 32)))
    assert texts(shown((seen,), ()).old.body) == [
        "begun",
        "(the beginning of 1000000000 bytes, sha256 abababababababab)",
    ]


def test_a_websocket_shows_its_messages() -> None:
    talked = Talked(2, "main", (Message(Kind.TEXT, b"hello"), Message(Kind.CLOSE, b"bye", 1000)))
    found = shown((answered(b"", status=101), talked), (answered(b"", status=101),), "message[0].data")
    assert texts(found.old.body) == ["text hello", "close 1000 bye"]


def test_a_side_without_an_answer_says_why() -> None:
    gone = Answered(1, "main", SENT, (), None, "timed out")
    found = shown((gone,), ())
    assert texts(found.old.head) == ["no answer: timed out"]
    assert texts(found.new.head) == ["no answer was asked for"]


def test_many_long_lines_that_differ_are_marked_whole_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(old: str, new: str) -> tuple[Line, Line]:
        compared.append(len(old) * len(new))
        return pieces(old, new)

    monkeypatch.setattr(exchanges, "pieces", counted)
    old, new = (b"\n".join(b"%d %s " % (n, mark) + b"a " * 245 for n in range(LINES)) for mark in (b"x", b"y"))
    found = shown((answered(old),), (answered(new),))
    assert len(found.old.body) == LINES
    assert sum(compared) < 2_000_000
    assert found.old.body[-1][0].marked
