"""What a transcript misses of a case."""

from __future__ import annotations

import gzip
from base64 import b64encode
from dataclasses import replace

import pytest

from parity.cases.model import Case, Content, Expect
from parity.check import Invariant, check
from parity.exchange import (
    Answer,
    Answered,
    End,
    Ended,
    Field,
    Framing,
    Kind,
    Message,
    Observation,
    Talked,
    Transcript,
)

DATE: Field = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
HOST = "127.0.0.1:8000"
RUN = "k3j2"


def answer(body: bytes = b"", *fields: Field, status: int = 200) -> Answer:
    return Answer("HTTP/1.1", status, "OK", (DATE, *fields), Framing.LENGTH, body)


def transcript(*seen: Observation) -> Transcript:
    return Transcript("ROU-01", "legacy", seen, 0.1, run=RUN)


def case(*steps: object) -> Case:
    return Case.model_validate({"id": "ROU-01", "title": "t", "why": "w", "steps": steps})


def failed(expect: dict[str, object], found: Answer | Answered | None) -> list[tuple[str, str, str]]:
    """Place, expected and got of every failure of one exchange."""
    seen = found if isinstance(found, Answered) else Answered(1, "main", b"", (), found)
    asked = case({"send": {}}, {"receive": {"status": 200, **expect}})
    return [(one.place, one.expected, one.got) for one in check(asked, transcript(seen), HOST)]


def places(expect: dict[str, object], found: Answer | Answered | None) -> list[str]:
    return [place for place, _, _ in failed(expect, found)]


def body(expected: dict[str, object], content: bytes, *fields: Field) -> list[str]:
    return places({"body": expected}, answer(content, *fields))


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


@pytest.mark.parametrize(
    ("match", "lines", "met"),
    [
        ("a", ("a",), True),
        ("a", ("A",), False),
        ("a, b", ("a", "b"), True),
        ({"matches": "a.c"}, ("abc",), True),
        ({"matches": "a"}, ("ab",), False),
        ({"contains": "b"}, ("abc",), True),
        ({"contains": "d"}, ("abc",), False),
        ({"token": "Close"}, ("keep-alive, close",), True),
        ({"token": "clos"}, ("close",), False),
        ({"lines": ["a", "b"]}, ("a", "b"), True),
        ({"lines": ["a", "b"]}, ("a, b",), False),
        ({"absent": True}, (), True),
        ({"absent": True}, ("",), False),
        ({}, ("",), True),
        ({}, (), False),
        ({"matches": ".*"}, (), False),
        ({"contains": "a", "matches": "b.*"}, ("ab",), False),
        ("http://${host}/${run}", (f"http://{HOST}/{RUN}",), True),
        ({"matches": "http://${host}/.*"}, (f"http://{HOST.replace('.', 'x')}/",), False),
    ],
)
def test_a_field_is_held_against_a_match(match: object, lines: tuple[str, ...], met: bool) -> None:
    found = places({"headers": {"X": match}}, answer(b"", *(("x", line) for line in lines)))
    assert found == ([] if met else ["header.x"])


@pytest.mark.parametrize(
    ("at", "met"),
    [
        ({"at": "", "type": "object"}, True),
        ({"at": "/n", "equals": 1}, True),
        ({"at": "/n", "equals": 1.0}, False),
        ({"at": "/n", "equals": True}, False),
        ({"at": "/f", "equals": 1.0}, True),
        ({"at": "/f", "equals": 1}, False),
        ({"at": "/s", "equals": "x${run}"}, True),
        ({"at": "/s", "matches": "x.*"}, True),
        ({"at": "/s", "matches": "x"}, False),
        ({"at": "/s", "length": 5}, True),
        ({"at": "/n", "matches": "[0-9]"}, True),
        ({"at": "/n", "type": "integer"}, True),
        ({"at": "/f", "type": "integer"}, False),
        ({"at": "/f", "type": "number"}, True),
        ({"at": "/null", "equals": None}, True),
        ({"at": "/n", "equals": None}, False),
        ({"at": "/null", "type": "null"}, True),
        ({"at": "/b", "type": "boolean"}, True),
        ({"at": "/l", "equals": [1, {"a": []}]}, True),
        ({"at": "/l", "equals": [1, {"a": [], "b": 1}]}, False),
        ({"at": "/l", "length": 2}, True),
        ({"at": "/l/1/a", "type": "array"}, True),
        ({"at": "/l/2", "absent": True}, True),
        ({"at": "/l/01", "absent": True}, True),
        ({"at": "/l", "absent": True}, False),
        ({"at": "/a~1b~0", "equals": 2}, True),
        ({"at": "/none"}, False),
        ({"at": "/null"}, True),
    ],
)
def test_a_place_in_json_is_held_against_what_must_stand_there(at: dict[str, object], met: bool) -> None:
    document = f'{{"n":1,"f":1.0,"s":"x{RUN}","null":null,"b":true,"l":[1,{{"a":[]}}],"a/b~":2}}'
    assert body({"json_at": [at]}, document.encode()) == ([] if met else [f"body.json:{at['at']}"])


def test_a_whole_document_must_have_every_member_once() -> None:
    assert body({"json_equals": {"a": 1}}, b'{"a": 1}') == []
    assert body({"json_equals": {"a": 1}}, b'{"a":1,"a":1}') == ["body"]
    assert body({"json_equals": {"a": 1}}, b"no json") == ["body"]
    assert body({"json_equals": None}, b"null") == []
    assert body({"json_at": [{"at": "/a"}]}, b"no json") == ["body"]


def test_bytes_are_taken_as_they_came_and_texts_are_read_without_their_coding() -> None:
    packed, coding = gzip.compress(b"hello", mtime=0), ("Content-Encoding", "gzip")
    assert body({"text": "hello", "length": len(packed)}, packed, coding) == []
    assert body({"base64": b64encode(packed).decode()}, packed, coding) == []
    assert body({"base64": b64encode(b"hello").decode()}, packed, coding) == ["body"]


def test_length_digest_and_emptiness_of_content_can_fail() -> None:
    assert body({"empty": True}, b"") == []
    assert body({"empty": True}, b"a") == ["body"]
    assert body({"length": 2}, b"a") == ["body"]
    assert body({"sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}, b"a") == []
    assert body({"sha256": "00"}, b"a") == ["body"]


PROBLEM = b'{"type":"about:blank","title":"Not Found","status":404,"detail":"no","instance":"id1"}'


def problem(content: bytes, kind: str = "application/problem+json") -> list[str]:
    found = answer(content, ("Content-Type", kind), ("X-Request-ID", "id1"), status=404)
    return places({"status": 404, "body": {"problem": True}}, found)


def test_a_problem_has_five_members_a_media_type_and_its_own_request_id() -> None:
    assert problem(PROBLEM) == []
    assert problem(PROBLEM, "application/json") == ["header.content-type"]
    assert problem(PROBLEM.replace(b"404", b"400")) == ["body.json:/status"]
    assert problem(PROBLEM.replace(b"id1", b"id2")) == ["body.json:/instance"]
    assert problem(PROBLEM.replace(b"detail", b"details")) == ["body.json:/detail"]


STREAM = b': hi\n\ndata: {"message_type":"a"}\n\nevent: e\nid: 1\ndata: {"message_type":"b","n":1}\n\nretry: 1\n\n'


def test_the_events_of_a_stream_are_held_one_by_one() -> None:
    first = {"json_at": [{"at": "/message_type", "equals": "a"}]}
    second = {"event": "e", "id": "1", "data": {"contains": '"n"'}}
    assert places({"events": [first, second]}, answer(STREAM)) == []
    assert places({"events": [first]}, answer(STREAM)) == ["sse.count"]
    assert places({"events": [second, second]}, answer(STREAM)) == ["sse[0].data", "sse[0].event", "sse[0].id"]
    assert places({"events": [{"event": {"absent": True}}, {}]}, answer(STREAM)) == []


def test_the_types_of_the_messages_are_one_line() -> None:
    assert places({"event_types": "a b"}, answer(STREAM)) == []
    assert failed({"event_types": "a( c)+"}, answer(STREAM)) == [("sse.types", "a( c)+", "a b")]


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


def test_hostile_content_fails_and_raises_nothing() -> None:
    expect = Expect(
        status=200,
        body=Content.model_validate({"problem": True, "json_equals": [1], "json_at": [{"at": "/a", "equals": 1}]}),
        events=(),
        event_types="",
    )
    asked = case({"send": {}}, {"receive": expect})
    for content in (b"[" * 100_000, b"\xff\x00", b'{"a":' + b"9" * 9000 + b"}", b'{"a":"\\ud800"}', b"data: \xff\n\n"):
        for found in check(asked, transcript(Answered(1, "main", b"", (), answer(content))), HOST):
            assert found.got.isprintable()
            assert len(found.got) <= 300
