"""Server-sent events and WebSocket messages are compared one by one."""

from __future__ import annotations

from samewire.compare.tests.exchanges import between, events, places, talked, transcript
from samewire.exchange import Kind, Message
from samewire.result import Grade


def stream(*data: str) -> bytes:
    return "".join(f"data: {one}\n\n" for one in data).encode()


def test_an_event_is_named_by_its_number_and_the_place_in_its_json() -> None:
    old, new = stream("hello", '{"type":"a","n":1}'), stream("hello", '{"type":"a","n":2}')
    assert places(events(old), events(new)) == ["sse[1].data.json:/n"]
    assert places(events(stream("hello")), events(stream("hullo"))) == ["sse[0].data"]


def test_one_lost_event_is_named_and_the_others_stay_equal() -> None:
    (count, lost) = between(events(stream("a", "b", "c")), events(stream("a", "c")))
    assert (count.place, count.old, count.new, count.grade) == ("sse.count", "3", "2", Grade.BREAKING)
    assert (lost.place, lost.old, lost.new) == ("sse[1]", "b", "(absent)")
    assert places(events(stream("a", "c")), events(stream("a", "b", "c"))) == ["sse.count", "sse[1]"]


def test_the_type_id_and_pause_of_an_event_are_compared() -> None:
    old, new = b"data: a\n\n", b"event: tick\nid: 7\nretry: 10\ndata: a\n\n"
    assert places(events(old), events(new)) == ["sse[0].event", "sse[0].id", "sse[0].retry"]


def test_comments_are_cosmetic() -> None:
    (found,) = between(events(stream("a")), events(b": still here\n\n" + stream("a")))
    assert (found.place, found.grade) == ("sse.comments", Grade.COSMETIC)


def test_an_event_cut_off_by_the_end_is_seen() -> None:
    assert places(events(stream("a")), events(stream("a") + b"data: b")) == ["sse.rest"]


def test_other_line_ends_are_cosmetic() -> None:
    (found,) = between(events(b"data: a\n\n"), events(b"data:a\r\n\r\n"))
    assert (found.place, found.grade) == ("body.raw", Grade.COSMETIC)


def test_a_very_long_stream_is_compared_by_number() -> None:
    old = stream(*map(str, range(1200)))
    assert places(events(old), events(stream(*map(str, range(1199))))) == ["sse.count", "sse[1199]"]


def said(kind: Kind, data: bytes, code: int | None = None) -> Message:
    return Message(kind, data, code)


def test_messages_are_named_by_number_and_part() -> None:
    old = transcript(talked(said(Kind.TEXT, b'{"n":1}'), said(Kind.CLOSE, b"bye", 1000)))
    new = transcript(talked(said(Kind.TEXT, b'{"n":2}'), said(Kind.CLOSE, b"so", 1001)))
    assert places(old, new) == ["messages[0].data.json:/n", "messages[1].data", "messages[1].code"]
    assert places(transcript(talked(said(Kind.TEXT, b"a"))), transcript(talked(said(Kind.BINARY, b"a")))) == [
        "messages[0].kind"
    ]


def test_which_step_heard_a_message_makes_no_difference() -> None:
    one, two = said(Kind.TEXT, b"1"), said(Kind.TEXT, b"2")
    assert between(transcript(talked(one, two)), transcript(talked(one, step=3), talked(two, step=4))) == ()


def test_a_missing_message_and_the_reason_are_named() -> None:
    old = transcript(talked(said(Kind.TEXT, b"a")))
    assert places(old, transcript(talked(failure="timed out"))) == ["messages[0]", "messages.failure"]
