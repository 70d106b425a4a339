"""What fields and content miss of an expectation."""

from __future__ import annotations

import gzip
from base64 import b64encode

import pytest

from samewire.cases.model import Content, Expect
from samewire.check import check
from samewire.check.tests.checked import HOST, RUN, answer, case, failed, in_body, places, transcript
from samewire.exchange import Answered


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
    assert in_body({"json_at": [at]}, document.encode()) == ([] if met else [f"body.json:{at['at']}"])


def test_a_whole_document_must_have_every_member_once() -> None:
    assert in_body({"json_equals": {"a": 1}}, b'{"a": 1}') == []
    assert in_body({"json_equals": {"a": 1}}, b'{"a":1,"a":1}') == ["body"]
    assert in_body({"json_equals": {"a": 1}}, b"no json") == ["body"]
    assert in_body({"json_equals": None}, b"null") == []
    assert in_body({"json_at": [{"at": "/a"}]}, b"no json") == ["body"]


def test_bytes_are_taken_as_they_came_and_texts_are_read_without_their_coding() -> None:
    packed, coding = gzip.compress(b"hello", mtime=0), ("Content-Encoding", "gzip")
    assert in_body({"text": "hello", "length": len(packed)}, packed, coding) == []
    assert in_body({"base64": b64encode(packed).decode()}, packed, coding) == []
    assert in_body({"base64": b64encode(b"hello").decode()}, packed, coding) == ["body"]


def test_length_digest_and_emptiness_of_content_can_fail() -> None:
    assert in_body({"empty": True}, b"") == []
    assert in_body({"empty": True}, b"a") == ["body"]
    assert in_body({"length": 2}, b"a") == ["body"]
    assert in_body({"sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}, b"a") == []
    assert in_body({"sha256": "00"}, b"a") == ["body"]


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
