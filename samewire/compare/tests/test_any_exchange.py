"""What holds of any exchange at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from samewire.compare import compare
from samewire.compare.tests.exchanges import RULES, answer, answered, ended, transcript
from samewire.exchange import Answer, Answered, End, Ended, Field, Framing, Kind, Message, Talked, Transcript

any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
latin = st.text(st.characters(max_codepoint=255), max_size=20)
names = st.one_of(st.sampled_from(["Date", "date", "Vary", "Content-Type", "Set-Cookie", "X-Request-ID"]), latin)
types = st.sampled_from(["application/json", "text/event-stream", "text/plain", "image/png"])
fields = st.lists(st.tuples(names, latin), max_size=6).map(tuple)
bodies = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.from_regex(rb'\{("[ab]":([0-9.]{1,3}|"x"|\[1,2\]|null),?){0,3}\}', fullmatch=True),
    st.from_regex(rb"((data|id|event|retry|): ?[a-c{}0-9]{0,3}(\r\n|\n|\r){1,2}){0,4}", fullmatch=True),
)
answers = st.builds(
    Answer,
    version=st.sampled_from(["HTTP/1.1", "HTTP/1.0"]),
    status=st.integers(100, 599),
    reason=latin,
    fields=st.builds(lambda kind, more: (("Content-Type", kind), *more), types, fields),
    framing=st.sampled_from(Framing),
    body=bodies,
    trailers=fields,
    complete=st.booleans(),
    faults=st.lists(latin, max_size=2).map(tuple),
)
messages = st.builds(Message, kind=st.sampled_from(Kind), data=bodies, code=st.none() | st.integers(1000, 1015))
observations = st.lists(
    st.one_of(
        st.builds(
            Answered,
            step=st.integers(0, 5),
            connection=st.sampled_from(["main", "b"]),
            sent=st.just(b""),
            interim=st.lists(answers, max_size=1).map(tuple),
            answer=st.none() | answers,
            failure=st.sampled_from(["", "closed", "timed out"]),
            awaited=st.none() | st.integers(0, 3),
        ),
        st.builds(
            Talked,
            step=st.integers(0, 5),
            connection=st.sampled_from(["main", "b"]),
            messages=st.lists(messages, max_size=3).map(tuple),
            failure=st.sampled_from(["", "closed"]),
        ),
        st.builds(
            Ended,
            step=st.none() | st.integers(0, 5),
            connection=st.sampled_from(["main", "b"]),
            end=st.sampled_from(End),
            surplus=st.binary(max_size=5),
        ),
    ),
    max_size=5,
).map(tuple)
transcripts = st.builds(
    Transcript,
    case=st.just("A-1"),
    target=st.just("t"),
    observations=observations,
    seconds=st.floats(0, 1),
    error=st.sampled_from(["", "", "refused"]),
    run=st.sampled_from(["", "run1"]),
    authority=st.sampled_from(["", "127.0.0.1:80"]),
)


@any_speed
@given(transcripts)
def test_an_exchange_does_not_differ_from_itself(seen: Transcript) -> None:
    assert compare(seen, seen, ()) == ()


@any_speed
@given(transcripts, transcripts)
def test_any_two_exchanges_can_be_compared_and_both_ways_find_as_much(one: Transcript, other: Transcript) -> None:
    there, back = compare(one, other, RULES), compare(other, one, RULES)
    assert bool(there) == bool(back)
    for found in there:
        assert found.old.isprintable()
        assert found.new.isprintable()
        assert max(len(found.old), len(found.new)) <= 300


def seen(found: Answer) -> Transcript:
    return transcript(answered(found), ended())


@any_speed
@given(answers, bodies)
@example(answer(b'{"a":1}'), b'{"a": 1}')
@example(answer(b"data: \xff\n\n", ("Content-Type", "text/event-stream")), b"data: \xfe\n\n")
def test_any_other_body_is_seen(found: Answer, body: bytes) -> None:
    assume(body != found.body)
    assert compare(seen(found), seen(replace(found, body=body)), ()) != ()


@any_speed
@given(answers, st.data())
def test_any_change_of_one_field_line_is_seen(found: Answer, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(found.fields) - 1))
    line = data.draw(st.one_of(st.none(), st.tuples(names, latin)))
    changed = found.fields[:at] + ((line,) if line else ()) + found.fields[at + 1 :]
    assume(changed != found.fields)
    assert compare(seen(found), seen(replace(found, fields=changed)), ()) != ()


@any_speed
@given(answers, st.permutations(range(6)))
def test_any_other_order_of_the_lines_is_seen(found: Answer, order: list[int]) -> None:
    changed: tuple[Field, ...] = tuple(found.fields[at] for at in order if at < len(found.fields))
    assume(len(changed) == len(found.fields) and changed != found.fields)
    assert compare(seen(found), seen(replace(found, fields=changed)), ()) != ()


CHANGES: tuple[Callable[[Answer], Answer], ...] = (
    lambda found: replace(found, status=found.status + 1),
    lambda found: replace(found, reason=found.reason + "."),
    lambda found: replace(found, version="HTTP/1.2"),
    lambda found: replace(found, complete=not found.complete),
    lambda found: replace(found, faults=(*found.faults, "bare LF")),
    lambda found: replace(found, trailers=(*found.trailers, ("A", "b"))),
    lambda found: replace(found, framing=Framing.CLOSE if found.framing is Framing.NONE else Framing.NONE),
)


@any_speed
@given(answers, st.sampled_from(CHANGES))
def test_any_change_of_one_part_is_seen(found: Answer, change: Callable[[Answer], Answer]) -> None:
    assert compare(seen(found), seen(change(found)), RULES) != ()


@any_speed
@given(st.lists(messages, min_size=1, max_size=4), st.data())
def test_any_lost_or_changed_message_is_seen(said: list[Message], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(said) - 1))
    other = data.draw(st.none() | messages)
    changed = [*said[:at], *([other] if other else []), *said[at + 1 :]]
    assume(changed != said)
    old, new = (transcript(Talked(1, "main", tuple(side))) for side in (said, changed))
    assert compare(old, new, ()) != ()
