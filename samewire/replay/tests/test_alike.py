"""A glance finds what the comparison finds, or says that it does not know."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from samewire import compare
from samewire.address import Address
from samewire.exchange import Transcript
from samewire.replay.alike import deltas, names_in_bytes
from samewire.replay.plain import plain
from samewire.replay.seen import Seen, Side, transcript
from samewire.replay.tests.test_plain import answers as malformed
from samewire.wire.parser import Parser

OLD, NEW = "127.0.0.1:8001", "127.0.0.1:8002"
ADDRESSES = {OLD: Address("http", "127.0.0.1", 8001), NEW: Address("http", "127.0.0.1", 8002)}
NAMES = names_in_bytes(ADDRESSES[OLD]), names_in_bytes(ADDRESSES[NEW])

names = st.sampled_from(["Date", "Vary", "X-Request-ID", "Set-Cookie", "ETag", "x-a", "Location"])
values = st.sampled_from(["a", "b", "a, b", "b,a", "Sun, 06 Nov 1994 08:49:37 GMT", "id=1; Path=/", OLD, NEW, ""])
types = st.sampled_from(["application/json", "text/plain", "text/event-stream", "application/x-www-form-urlencoded"])
bodies = st.one_of(
    st.sampled_from(
        [b'{"a":1}', b'{"a":2}', b'{"a": 1}', b'{"b":[1,"x"]}', b"a=1&b=2", b"a=1", b"data: x\n\n", b"\xff"]
    ),
    st.sampled_from([OLD.encode(), b'{"self":"http://127.0.0.1:8002/"}', b"http%3A%2F%2F127.0.0.1%3A8001"]),
    st.binary(max_size=12),
)
statuses = st.sampled_from(["200 OK", "200 OK", "200 Fine", "404 Not Found", "304 Not Modified"])


def written(status: str, kind: str, lines: list[tuple[str, str]], body: bytes) -> bytes:
    length = [] if status.startswith("304") else [("Content-Length", str(len(body)))]
    fields = "".join(f"{name}: {value}\r\n" for name, value in [("Content-Type", kind), *lines, *length])
    return f"HTTP/1.1 {status}\r\n{fields}\r\n".encode("latin-1") + (b"" if status.startswith("304") else body)


lines = st.lists(st.tuples(names, values), max_size=4)
answers = st.builds(written, statuses, types, lines, bodies)
varied = st.tuples(lines, types, bodies, bodies, st.data())


def seen(data: bytes) -> Seen:
    found = plain(data, "GET", 0.1)
    return Seen(b"", found, plain=data if found else b"")


def whole(data: bytes, authority: str) -> Transcript:
    """As the slow way sees it, whatever it is."""
    parser = Parser()
    parser.begin("GET", 0.0)
    parser.feed(data, 0.1)
    return transcript(
        Seen(b"", parser.answer, interim=tuple(parser.interim), surplus=parser.surplus),
        "1",
        Side.of("t", ADDRESSES[authority]),
    )


def check(old: bytes, new: bytes) -> None:
    found = deltas(seen(old), seen(new), NAMES)
    if found is None:
        return
    expected = [
        (item.place, item.delta.old, item.delta.new) for item in compare.deltas(whole(old, OLD), whole(new, NEW), ())
    ]
    assert [(delta.place, delta.old, delta.new) for delta in found] == expected


@settings(deadline=None, max_examples=250)
@given(answers, answers)
def test_a_glance_finds_what_the_comparison_finds(old: bytes, new: bytes) -> None:
    check(old, new)


@settings(deadline=None, max_examples=250)
@given(varied)
def test_a_glance_finds_a_changed_value_as_the_comparison_does(
    given_parts: tuple[list[tuple[str, str]], str, bytes, bytes, st.DataObject],
) -> None:
    fields, kind, body, other, data = given_parts
    changed = [(name, data.draw(values)) if data.draw(st.booleans()) else (name, value) for name, value in fields]
    check(written("200 OK", kind, fields, body), written("200 OK", kind, changed, other))


@settings(deadline=None, max_examples=150)
@given(malformed, malformed)
def test_a_glance_at_anything_finds_what_the_comparison_finds(old: bytes, new: bytes) -> None:
    check(old, new)


def test_what_differs_in_one_value_alone_is_found_at_a_glance() -> None:
    sides = [
        seen(written("200 OK", "application/json", [("X-Request-ID", value)], b'{"id":"%s"}' % value.encode()))
        for value in "ab"
    ]
    found = deltas(sides[0], sides[1], NAMES)
    assert found is not None
    assert [delta.place for delta in found] == ["header.x-request-id", "body.json:/id"]


def test_equal_bytes_that_name_their_own_server_are_no_proof() -> None:
    data = written("200 OK", "text/plain", [("Location", f"http://{OLD}/")], b"ok")
    assert deltas(seen(data), seen(data), NAMES) is None
