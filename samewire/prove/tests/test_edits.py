"""The edits that faults are made of, bytes to bytes."""

from __future__ import annotations

import json

import pytest

from samewire.prove import heads, json_text
from samewire.prove.asked import Asked
from samewire.prove.channel import Channel, Cut, Out, Tamper
from samewire.prove.faults.connections import FAULTS as CONNECTIONS
from samewire.prove.faults.leniency import FAULTS as LENIENCY
from samewire.prove.faults.requests import FAULTS as REQUESTS
from samewire.prove.frames import Frames, frame
from samewire.prove.parts import Answers, Head
from samewire.prove.rewriters import HeadEdit

ANSWER = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nVary: Accept\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n"


def lines_after(edit: HeadEdit) -> list[str]:
    (head,) = (part for part in Answers(lambda: Asked("GET", b"")).feed(ANSWER) if isinstance(part, Head))
    return [line.decode() for line in edit(head) or ()]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (heads.lost("Vary"), ["HTTP/1.1 200 OK", "Set-Cookie: a=1", "set-cookie: b=2", "Content-Length: 0"]),
        (heads.status(404, "Not Found", 200), ["HTTP/1.1 404 Not Found", "Set-Cookie: a=1", "Vary: Accept", "set-cookie: b=2", "Content-Length: 0"]),
        (heads.status(404, "Not Found", 201), []),
        (heads.reordered("Set-Cookie"), ["HTTP/1.1 200 OK", "set-cookie: b=2", "Vary: Accept", "Set-Cookie: a=1", "Content-Length: 0"]),
        (heads.repeated("Vary"), ["HTTP/1.1 200 OK", "Set-Cookie: a=1", "Vary: Accept", "Vary: Accept", "set-cookie: b=2", "Content-Length: 0"]),
        (heads.recased("Set-Cookie"), ["HTTP/1.1 200 OK", "set-cookie: a=1", "Vary: Accept", "set-cookie: b=2", "Content-Length: 0"]),
        (heads.added("X-A: b"), ["HTTP/1.1 200 OK", "Set-Cookie: a=1", "Vary: Accept", "set-cookie: b=2", "Content-Length: 0", "X-A: b"]),
        (heads.changed("Vary", lambda value: value + b", Origin"), ["HTTP/1.1 200 OK", "Set-Cookie: a=1", "Vary: Accept, Origin", "set-cookie: b=2", "Content-Length: 0"]),
        (heads.first_line(lambda line: line[:13]), ["HTTP/1.1 200 ", "Set-Cookie: a=1", "Vary: Accept", "set-cookie: b=2", "Content-Length: 0"]),
    ],
)  # fmt: skip
def test_an_edit_of_a_head_changes_what_it_says_and_nothing_else(edit: HeadEdit, expected: list[str]) -> None:
    assert lines_after(edit) == expected


DOCUMENT = '{"a": [1, 2.5, "x"], "b" : {"c": null, "d": true}, "e": "é"}'


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (json_text.scalar("-?[0-9]+", lambda number: f'"{number}"'), DOCUMENT.replace("1,", '"1",')),
        (json_text.scalar("null", lambda _: '""'), DOCUMENT.replace("null", '""')),
        (json_text.scalar("false", lambda _: "0"), None),
        (json_text.turned("["), DOCUMENT.replace('[1, 2.5, "x"]', '["x",2.5, 1]')),
        (json_text.less("["), DOCUMENT.replace(', "x"]', "]")),
        (json_text.more("[", "null"), DOCUMENT.replace('"x"]', '"x",null]')),
        (json_text.doubled("{"), '{"a": [1, 2.5, "x"],"a": [1, 2.5, "x"],"b" : {"c": null, "d": true},"e": "é"}'),
        (json_text.renamed, DOCUMENT.replace('"a"', '"ax"')),
        (json_text.escaped, DOCUMENT.replace('"x"', '"\\u0078"')),
    ],
)
def test_an_edit_of_json_changes_one_thing(edit: json_text.JsonEdit, expected: str | None) -> None:
    found = edit(DOCUMENT)
    assert found is None or json.loads(found) is not None
    assert (found and found.replace(" ", "")) == (expected and expected.replace(" ", ""))


@pytest.mark.parametrize("text", ["", "1", '"a"', "{", '{"a"}', "[1,]x", "[1}", "[" * 500 + "1" + "]" * 500, '{"a":,}'])
def test_what_is_no_json_object_or_array_is_left_alone(text: str) -> None:
    assert json_text.read(text) is None
    assert json_text.turned("[")(text) is None


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_of_any_length_is_read_as_it_was_written(size: int) -> None:
    raw = frame(0x82, b"x" * size)
    reader = Frames()
    found = [one for at in range(0, len(raw), 1000) for one in reader.feed(raw[at : at + 1000])]
    assert [(one.opcode, one.final, len(one.payload), one.raw == raw) for one in found] == [(2, True, size, True)]
    assert reader.rest() == b""


def requested(name: str, data: bytes) -> bytes:
    """What the server gets of a client that sends it all and half-closes."""
    (fault,) = (fault for fault in (*REQUESTS, *LENIENCY) if fault.name == name)
    channel = Channel(fault.tamper)
    outs: list[Out] = [*channel.sent(data), *channel.client_ended(Cut.FIN)]
    return b"".join(out for out in outs if isinstance(out, bytes))


def head(*lines: str) -> bytes:
    return "\r\n".join((*lines, "", "")).encode("latin-1")


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        ("request.query-decoded", head("GET /a?b=%2541 HTTP/1.1", "Host: a"), head("GET /a?b=%41 HTTP/1.1", "Host: a")),
        ("request.path-normalised", head("GET //a/../b HTTP/1.1"), head("GET /b HTTP/1.1")),
        ("request.repeated-parameter", head("GET /?a=1&b=2&a=3 HTTP/1.1"), head("GET /?a=1&b=2 HTTP/1.1")),
        ("request.accept-lost", head("GET / HTTP/1.1", "accept: a", "Host: a"), head("GET / HTTP/1.1", "Host: a")),
        ("request.fields-merged", head("GET / HTTP/1.1", "A: 1", "B: 2", "a: 3"), head("GET / HTTP/1.1", "A: 1, 3", "B: 2")),
        ("request.fields-first", head("GET / HTTP/1.1", "A: 1", "B: 2", "a: 3"), head("GET / HTTP/1.1", "A: 1", "B: 2")),
        ("request.field-added", head("GET / HTTP/1.1", "A: 1"), head("GET / HTTP/1.1", "A: 1", "X-Forwarded-For: 203.0.113.7")),
        ("request.content-shorter", head("PUT / HTTP/1.1", "Content-Length: 5") + b"hello", head("PUT / HTTP/1.1", "Content-Length: 4") + b"hell"),
        ("request.content-changed", head("PUT / HTTP/1.1", "Content-Length: 5") + b"HELLO", head("PUT / HTTP/1.1", "Content-Length: 5") + b"hello"),
        ("leniency.bare-lf", b"GET / HTTP/1.1\nHost: a\n\n", head("GET / HTTP/1.1", "Host: a")),
        ("leniency.folded", head("GET / HTTP/1.1", "A: 1", " 2"), head("GET / HTTP/1.1", "A: 1 2")),
        ("leniency.two-lengths", head("GET / HTTP/1.1", "Content-Length: 0", "content-length: 9"), head("GET / HTTP/1.1", "Content-Length: 0")),
        ("leniency.length-and-chunked", head("GET / HTTP/1.1", "Content-Length: 0", "Transfer-Encoding: chunked"), head("GET / HTTP/1.1", "Transfer-Encoding: chunked")),
        ("leniency.no-host", head("GET / HTTP/1.1", "A: 1"), head("GET / HTTP/1.1", "Host: localhost", "A: 1")),
        ("leniency.bad-host", head("GET / HTTP/1.1", "Host: a b"), head("GET / HTTP/1.1", "Host: localhost")),
        ("leniency.bad-host", head("GET / HTTP/1.1", "Host: [::1]:80"), head("GET / HTTP/1.1", "Host: [::1]:80")),
        ("leniency.blank-before-colon", head("GET / HTTP/1.1", "A : 1"), head("GET / HTTP/1.1", "A: 1")),
        ("leniency.two-blanks", head("GET  /  HTTP/1.1"), head("GET / HTTP/1.1")),
        ("leniency.blank-in-target", head("GET /a b HTTP/1.1"), head("GET /a%20b HTTP/1.1")),
        ("leniency.version", head("GET / HTTP/1.9"), head("GET / HTTP/1.1")),
        ("leniency.chunk-size", head("PUT / HTTP/1.1", "Transfer-Encoding: chunked") + b"0x1\r\na\r\n0\r\n\r\n", head("PUT / HTTP/1.1", "Transfer-Encoding: chunked") + b"1\r\na\r\n0\r\n\r\n"),
    ],
)  # fmt: skip
def test_a_fault_of_the_request_changes_what_it_says(name: str, sent: bytes, expected: bytes) -> None:
    assert requested(name, sent) == expected


ALWAYS = {"request.slash-added", "request.field-added", "request.host"}
"""Those that have something to change in any request."""


@pytest.mark.parametrize("name", sorted({fault.name for fault in (*REQUESTS, *LENIENCY)} - ALWAYS))
def test_a_request_that_has_nothing_of_the_fault_goes_through_to_the_byte(name: str) -> None:
    plain = head("GET /a HTTP/1.1", "Host: a.example")
    assert requested(name, plain) == plain


def test_the_question_whether_the_connection_goes_on_is_never_changed() -> None:
    last = head("GET /health?a=1 HTTP/1.1", "Host: a", "Connection: close")
    (fault,) = (fault for fault in REQUESTS if fault.name == "request.query-lost")
    assert Channel(fault.tamper, last).sent(last) == [last]
    assert Channel(fault.tamper, b"").sent(last) != [last]


@pytest.mark.parametrize(
    ("name", "fin", "reset"),
    [
        ("connection.half-close", [Cut.GONE], [Cut.RESET]),
        ("connection.leaving-unseen", [], []),
        ("connection.reset", [Cut.FIN], [Cut.RESET]),
    ],
)
def test_a_fault_says_what_the_server_sees_of_a_client_that_ends(name: str, fin: list[Out], reset: list[Out]) -> None:
    (fault,) = (fault for fault in CONNECTIONS if fault.name == name)
    assert Channel(fault.tamper).client_ended(Cut.FIN) == fin
    assert Channel(fault.tamper).client_ended(Cut.RESET) == reset


def test_without_a_fault_a_channel_gives_what_it_gets() -> None:
    channel = Channel(Tamper())
    assert (channel.sent(b"GET"), channel.came(b"HTTP")) == ([b"GET"], [b"HTTP"])
    assert (channel.client_ended(Cut.FIN), channel.server_ended(Cut.RESET)) == ([Cut.FIN], [Cut.RESET])
