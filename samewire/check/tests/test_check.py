"""What a transcript misses of a case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samewire.check import Invariant, check
from samewire.check.tests.checked import DATE, HOST, answer, case, failed, places, transcript
from samewire.exchange import Answered, End, Ended, Field, Framing, Kind, Message, Talked


def test_an_answer_as_expected_has_no_failure() -> None:
    expect: dict[str, object] = {
        "reason": "OK",
        "framing": "length",
        "headers": {"date": DATE[1]},
        "body": {"text": "hello"},
    }
    assert failed(expect, answer(b"hello")) == []


@pytest.mark.parametrize(
    ("expect", "place"),
    [
        ({"status": 404}, "status"),
        ({"status": (201, 204)}, "status"),
        ({"reason": "Fine"}, "reason"),
        ({"version": "HTTP/1.0"}, "version"),
        ({"framing": "chunked"}, "framing"),
        ({"interim": (100,)}, "interim"),
        ({"complete": False}, "complete"),
        ({"headers": {"Allow": "GET"}}, "header.allow"),
        ({"headers": {"Date": {"absent": True}}}, "header.date"),
    ],
)
def test_each_part_of_an_expectation_can_fail(expect: dict[str, object], place: str) -> None:
    assert places(expect, answer(b"hello")) == [place]


def test_what_http_2_does_not_send_is_not_expected_of_it_and_all_else_is() -> None:
    of_http_2 = replace(answer(b"hello"), version="HTTP/2", reason="", framing=Framing.STREAM)
    said = {"reason": "OK", "framing": "length", "headers": {"Connection": "keep-alive", "Allow": "GET"}, "status": 201}
    assert places(said, of_http_2) == ["status", "header.allow"]
    assert places({"framing": "none"}, of_http_2) == ["framing"]
    assert places({"version": "HTTP/2", "framing": "stream"}, answer(b"hello")) == []


def test_a_failure_says_what_was_expected_and_what_came() -> None:
    assert failed({"status": (201, 204)}, answer()) == [("status", "201 or 204", "200 OK")]
    assert failed({"headers": {"Allow": "GET"}}, answer()) == [("header.allow", "GET", "(absent)")]


def test_a_missing_answer_is_one_failure_that_says_why() -> None:
    missing = Answered(1, "main", b"", (), None, "timed out")
    assert failed({"reason": "OK"}, missing) == [("answer", "status 200", "none: timed out")]
    asked = case({"send": {}}, {"receive": {"status": 200}})
    assert [one.place for one in check(asked, transcript(), HOST)] == ["answer"]


def test_an_answer_cut_off_fails_unless_that_is_expected() -> None:
    cut = Answered(1, "main", b"", (), replace(answer(b"ab"), complete=False), "closed")
    assert failed({}, cut) == [("complete", "complete", "incomplete: closed")]
    assert failed({"complete": False}, cut) == []


def test_an_expectation_shows_no_secret() -> None:
    ((_, expected, got),) = failed({"headers": {"X": "Bearer 123456789"}}, answer(b"", ("X", "Bearer 987654321")))
    assert "123456789" not in expected
    assert "987654321" not in got


def test_what_was_awaited_must_have_come_while_the_answer_was_under_way() -> None:
    asked = case({"send": {}}, {"awaits": "events", "count": 2}, {"receive": {"status": 200}})
    whole = Answered(2, "main", b"", (), answer())
    came = Answered(1, "main", b"", (), None, awaited=2)
    assert check(asked, transcript(came, whole), HOST) == ()
    (late,) = check(asked, transcript(replace(came, awaited=1, failure="timed out"), whole), HOST)
    assert (late.place, late.expected, late.got) == (
        "arrival",
        "2 events while the answer is under way",
        "1, then timed out",
    )
    assert [one.place for one in check(asked, transcript(whole), HOST)] == ["arrival"]


def test_an_answer_is_held_against_the_protocol_once_it_is_read_to_its_end() -> None:
    asked = case({"send": {}}, {"awaits": "head"}, {"receive": {"status": 200}})
    part = Answered(1, "main", b"", (), replace(answer(), fields=()), awaited=1)
    assert check(asked, transcript(part, Answered(2, "main", b"", (), answer())), HOST) == ()
    assert [
        one.place for one in check(asked.model_copy(update={"steps": asked.steps[:2]}), transcript(part), HOST)
    ] == ["header.date"]


def test_an_awaited_interim_answer_must_have_the_status() -> None:
    asked = case({"send": {}}, {"awaits": "interim", "status": 100})
    early = Answered(1, "main", b"", (replace(answer(), status=103),), None, awaited=1)
    assert [one.place for one in check(asked, transcript(early), HOST)] == ["interim"]


def test_how_a_connection_ends_is_held_against_the_step_that_asks() -> None:
    asked = case({"send": {}}, {"end": "closed"}, {"end": "closed", "on": "b"})
    good, bad = Ended(1, "main", End.CLOSED), Ended(2, "b", End.STUCK)
    assert [(one.place, one.got) for one in check(asked, transcript(good, bad), HOST)] == [
        ("on[b].connection", "stuck")
    ]
    assert len(check(asked, transcript(good), HOST)) == 1


@pytest.mark.parametrize(
    ("hears", "place"),
    [
        ({"hears": "text", "text": "hi ${run}"}, None),
        ({"hears": "text", "length": 7}, None),
        ({"hears": "binary"}, "messages[0].kind"),
        ({"hears": "text", "text": "ho"}, "messages[0].data"),
        ({"hears": "text", "base64": "aGk="}, "messages[0].data"),
        ({"hears": "text", "length": 3}, "messages[0].data"),
        ({"hears": "text", "code": 1000}, "messages[0].code"),
    ],
)
def test_a_message_is_held_against_what_must_be_heard(hears: dict[str, object], place: str | None) -> None:
    talked = Talked(1, "main", (Message(Kind.TEXT, b"hi k3j2"),))
    found = check(case({"talk": "text"}, hears), transcript(talked), HOST)
    assert [one.place for one in found] == ([place] if place else [])


def test_a_message_that_never_came_is_named_by_its_number() -> None:
    asked = case({"hears": "text"}, {"hears": "close"})
    seen = Talked(0, "main", (Message(Kind.TEXT),)), Talked(1, "main", (), "timed out")
    (missing,) = check(asked, transcript(*seen), HOST)
    assert (missing.place, missing.expected, missing.got) == ("messages[1]", "close", "none: timed out")


def test_in_a_case_of_several_answers_the_place_says_which() -> None:
    asked = case({"receive": {"status": 200}}, {"receive": {"status": 200}})
    seen = Answered(0, "main", b"", (), answer()), Answered(1, "main", b"", (), answer(status=500))
    assert [one.place for one in check(asked, transcript(*seen), HOST)] == ["answer[1].status"]


def test_a_fault_in_the_grammar_fails_though_no_case_says_so() -> None:
    broken = replace(answer(), faults=("bare LF",))
    assert failed({}, broken) == [("faults", "no fault in the grammar of RFC 9112", "bare LF")]
    early = Answered(1, "main", b"", (replace(broken, status=100),), answer())
    assert places({"interim": (100,)}, early) == ["faults"]


@pytest.mark.parametrize(
    ("status", "dates", "met"),
    [
        (200, (DATE,), True),
        (404, (), False),
        (500, (), True),
        (500, (("Date", "now"),), False),
        (200, (DATE, DATE), False),
        (304, (("Date", "Mon, 06 Nov 1994 08:49:37 GMT"),), False),
    ],
)
def test_every_final_answer_has_a_date_that_is_one(status: int, dates: tuple[Field, ...], met: bool) -> None:
    found = replace(answer(status=status), fields=dates)
    assert places({"status": status}, found) == ([] if met else ["header.date"])


def test_bytes_after_the_last_answer_fail_unless_the_client_left() -> None:
    asked = case({"send": {}})
    assert [one.place for one in check(asked, transcript(Ended(None, "main", End.REUSABLE, b"x")), HOST)] == ["surplus"]
    assert check(asked, transcript(Ended(None, "main", End.LEFT, b"x")), HOST) == ()


@pytest.mark.parametrize(
    ("narrowed", "concerned"),
    [
        ({}, True),
        ({"targets": "leg*"}, True),
        ({"targets": "aiohttp"}, False),
        ({"cases": "ERR-*"}, False),
        ({"except_cases": ["ROU-*"]}, False),
        ({"statuses": ["3*", "2*"]}, True),
        ({"statuses": ["4*"]}, False),
    ],
)
def test_an_invariant_holds_for_the_answers_that_it_concerns(narrowed: dict[str, object], concerned: bool) -> None:
    given = {"header": "X-Content-Type-Options", "must": "nosniff", **narrowed}
    invariants = [Invariant.model_validate(given)]
    asked = case({"send": {}}, {"receive": {"status": 200}})
    bare = Answered(1, "main", b"", (), answer())
    good = Answered(1, "main", b"", (), answer(b"", ("X-Content-Type-Options", "nosniff")))
    found = check(asked, transcript(bare), HOST, invariants=invariants)
    assert [one.place for one in found] == (["header.x-content-type-options"] if concerned else [])
    assert check(asked, transcript(good), HOST, invariants=invariants) == ()


def test_a_case_that_could_not_be_carried_out_has_no_failures() -> None:
    asked = case({"send": {}}, {"receive": {"status": 200}})
    assert check(asked, replace(transcript(), error="connection refused"), HOST) == ()
