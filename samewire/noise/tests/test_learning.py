"""What varies between answers of one server is learnt with its class, and both sides are held against that."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest

from samewire.exchange import Answered, Framing, Transcript
from samewire.noise import Noise, learn
from samewire.noise.tests.samples import T0, header, imf, iso, kinds, left, left_by, member, sample

HEX = ("9f2c4be07d1a4f6b", "03ab77e9c5d24e18", "c1e8d2f0b6a79345")


def test_nothing_is_learnt_of_one_sample_or_of_equal_ones() -> None:
    assert learn([header("a")], ()) == Noise()
    assert learn([header("a"), header("a")], ()) == Noise()


def test_a_date_is_a_clock_and_an_hour_off_is_a_difference() -> None:
    old = [header(imf(0)), header(imf(2), at=2)]
    assert kinds(*old) == {"header.x-mark": "clock"}
    assert left(old, header(imf(60), at=60, server="new")) == []
    assert left(old, header(imf(3660), at=60, server="new")) == ["header.x-mark"]
    assert left(old, header(imf(-3540), at=60, server="new")) == ["header.x-mark"]


def test_a_moment_an_hour_ahead_must_stay_an_hour_ahead() -> None:
    old = [header(imf(3600)), header(imf(3602), at=2)]
    assert left(old, header(imf(3630), at=30, server="new")) == []
    assert left(old, header(imf(30), at=30, server="new")) == ["header.x-mark"]


@pytest.mark.parametrize(
    "write",
    [lambda at: json.dumps(iso(at)), lambda at: str(int(T0 + at)), lambda at: str(int((T0 + at) * 1000)),
     lambda at: f"{T0 + at:.3f}", lambda at: json.dumps(imf(at))],
)  # fmt: skip
def test_every_way_of_writing_a_moment_is_known(write: object) -> None:
    assert callable(write)
    old = [member(write(0.2)), member(write(2.2), at=2)]
    assert kinds(*old) == {"body.json:/v": "clock"}
    assert left(old, member(write(9.5), at=9.5, server="new")) == []
    assert left(old, member(write(9.5 + 3600), at=9.5, server="new")) == ["body.json:/v"]
    assert left(old, member('"soon"', at=9, server="new")) == ["body.json:/v"]


def test_a_clock_needs_no_sample_that_shows_it_move() -> None:
    same_second = [header(imf(0)), header(imf(0), at=0.1)]
    assert left(same_second, header(imf(1), at=1, server="new")) == []
    assert left(same_second, header(imf(100), at=1, server="new")) == ["header.x-mark"]


def test_a_moment_that_stood_still_while_time_passed_is_no_clock() -> None:
    old = [header(imf(1)), header(imf(1), at=2.5)]
    assert left(old, header(imf(2.5), at=2.6, server="new")) == ["header.x-mark"]


def test_a_uuid_keeps_its_version_and_its_case() -> None:
    old = [member(f'"{uuid.UUID(int=n, version=4)}"') for n in (7, 99)]
    assert kinds(*old) == {"body.json:/v": "uuid"}
    assert left(old, member(f'"{uuid.UUID(int=5, version=4)}"', server="new")) == []
    assert left(old, member(f'"{uuid.UUID(int=5, version=1)}"', server="new")) == ["body.json:/v"]
    assert left(old, member(f'"{uuid.UUID(int=0xABC, version=4)}"'.upper(), server="new")) == ["body.json:/v"]


def test_a_token_keeps_its_alphabet_its_length_and_its_beginning() -> None:
    old = [header(f"req-{HEX[0]}"), header(f"req-{HEX[1]}")]
    assert kinds(*old) == {"header.x-mark": "token"}
    assert left(old, header(f"req-{HEX[2]}", server="new")) == []
    for wrong in (f"req-{HEX[2][:8]}", HEX[2], f"req-{HEX[2].upper()}", f"id-{HEX[2]}", ""):
        assert left(old, header(wrong, server="new")) == ["header.x-mark"]


def test_an_id_in_every_event_of_one_side_is_the_same_in_every_event_of_the_other() -> None:
    def twice(first: str, second: str) -> Transcript:
        return sample(f'{{"a":"{first}","b":"{second}"}}')

    old = [twice(HEX[0], HEX[0]), twice(HEX[1], HEX[1])]
    assert left(old, twice(HEX[2], HEX[2])) == []
    assert left(old, twice(HEX[2], HEX[0])) == ["body.json:/a", "body.json:/b"]


def test_a_counter_may_stand_elsewhere_on_another_server_and_goes_backwards_on_none() -> None:
    old = [member("17"), member("18", at=1)]
    assert kinds(*old) == {"body.json:/v": "counter"}
    noise = learn(old, ())
    assert left_by(noise, old[1], member("4", at=2, server="new")) == []
    assert left_by(noise, old[1], member("-4", at=2, server="new")) == ["body.json:/v"]
    assert left_by(noise, old[1], member('"4"', at=2, server="new")) == ["body.json:/v"]
    first = member("4", at=2, server="new")
    assert left_by(noise, first, member("5", at=3, server="new")) == []
    assert left_by(noise, first, member("3", at=3, server="new")) == ["body.json:/v"]
    assert left_by(noise, first, member("900000", at=3, server="new")) == ["body.json:/v"]


def test_an_uptime_grows_with_the_clock() -> None:
    old = [member("12.25"), member("14.26", at=2)]
    noise = learn(old, ())
    assert left_by(noise, old[1], member("3.5", at=2, server="new")) == []
    first = member("3.5", at=2, server="new")
    assert left_by(noise, first, member("5.5", at=4, server="new")) == []
    assert left_by(noise, first, member("3.5001", at=4, server="new")) == ["body.json:/v"]


def test_jitter_keeps_near_the_range_that_was_seen() -> None:
    old = [member("0.812"), member("0.815"), member("0.811")]
    assert kinds(*old) == {"body.json:/v": "jitter"}
    assert left(old, member("0.83", server="new")) == []
    assert left(old, member("0.5", server="new")) == ["body.json:/v"]


def test_permuted_members_of_a_list_stay_the_same_members() -> None:
    old = [header("GET, HEAD, PUT"), header("HEAD, GET, PUT")]
    assert kinds(*old) == {"header.x-mark": "permuted"}
    assert left(old, header("PUT, HEAD, GET", server="new")) == []
    assert left(old, header("PUT, HEAD, POST", server="new")) == ["header.x-mark"]


def test_permuted_items_of_an_array_stay_the_same_items() -> None:
    old = [sample(json.dumps({"all": items})) for items in ([{"a": 1}, {"b": 2}, 3], [3, {"a": 1}, {"b": 2}])]
    assert kinds(*old) == {"body.json:/all": "permuted"}
    assert left(old, sample('{"all": [{"b": 2}, 3, {"a": 1}]}', server="new")) == []
    assert left(old, sample('{"all": [{"b": 2}, 3, {"a": 7}]}', server="new")) != []
    assert left(old, sample('{"all":[{"b":2},3,{"a":1}]}', server="new")) == ["body.raw"]


def events(*said: str, ids: bool = False) -> Transcript:
    text = "".join(f"{f'id: {number}{chr(10)}' if ids else ''}data: {one}\n\n" for number, one in enumerate(said))
    return sample(text, ("Content-Type", "text/event-stream"))


@pytest.mark.parametrize("ids", [False, True])
def test_permuted_events_stay_the_same_events(ids: bool) -> None:
    old = [events("red", "green", "blue", ids=ids), events("blue", "red", "green", ids=ids)]
    assert kinds(*old) == {"sse": "permuted"}
    assert left(old, events("green", "blue", "red", ids=ids)) == []
    for wrong in (
        events("green", "blue", "pink", ids=ids),
        events("blue", "red", ids=ids),
        events("red", "green", "blue", ids=not ids),
    ):
        assert left(old, wrong) != []


def test_an_echo_of_a_field_must_be_its_own_answers_field() -> None:
    def problem(id_: str, instance: str) -> Transcript:
        return sample(f'{{"instance":"{instance}"}}', ("X-Request-ID", id_))

    old = [problem(HEX[0], HEX[0]), problem(HEX[1], HEX[1])]
    assert kinds(*old) == {"header.x-request-id": "token", "body.json:/instance": "echo"}
    assert left(old, problem(HEX[2], HEX[2])) == []
    assert "body.json:/instance" in left(old, problem(HEX[2], "c" * 16))


def test_an_echo_of_the_request_is_known_without_a_sample() -> None:
    sent = [b"GET / HTTP/1.1\r\nHost: a:%d\r\nX-Id: id-%d\r\n\r\n" % (n, n) for n in (40001, 40002)]
    old = header("40001", sent=sent[0])
    assert left([old, old], header("40002", sent=sent[1], server="new")) == []
    assert left([old, old], header("40003", sent=sent[1], server="new")) == ["header.x-mark"]


def test_the_constant_parts_of_a_text_are_compared_exactly() -> None:
    def page(at: float, title: str = "Hello") -> Transcript:
        return sample(f"<h1>{title}</h1><p>made {iso(at)} in 0.01 s</p>", at=at)

    old = [page(0), page(2)]
    assert kinds(*old) == {"body": "clock"}
    assert left(old, page(30)) == []
    assert left(old, page(30, "Hullo")) == ["body"]


def test_the_varying_part_of_a_field_is_held_against_its_class() -> None:
    old = [header(f'W/"abc-{int(T0)}"'), header(f'W/"abc-{int(T0) + 2}"', at=2)]
    assert left(old, header(f'W/"abc-{int(T0) + 30}"', at=30, server="new")) == []
    for wrong in (f'W/"abc-{int(T0) + 3630}"', f'W/"abd-{int(T0) + 30}"', f'"abc-{int(T0) + 30}"'):
        assert left(old, header(wrong, at=30, server="new")) == ["header.x-mark"]


def test_what_fits_no_class_is_set_aside_and_listed() -> None:
    old = [header("red"), header("blue")]
    assert kinds(*old) == {"header.x-mark": "unclassified"}
    assert not learn(old, ()).places[0].checked
    assert left(old, header("green", server="new")) == []


def test_a_place_that_varies_now_and_then_is_flaky_and_knows_its_values() -> None:
    old = [header("red"), header("red"), header("blue")]
    assert kinds(*old) == {"header.x-mark": "flaky"}
    assert left(old, header("red", server="new"), old[2]) == []
    assert left(old, header("green", server="new")) == ["header.x-mark"]


def test_a_state_is_never_a_counter() -> None:
    old = [sample(status=200), sample(status=201)]
    assert kinds(*old) == {"status": "flaky"}
    assert left(old, sample(status=202, server="new")) == ["status"]


def test_presence_that_varies_is_a_kind_of_its_own() -> None:
    old = [sample(b"", ("A", "1"), ("B", "2")), sample(b"", ("A", "1"))]
    assert kinds(*old) == {"header.b": "presence"}
    assert left(old, sample(b"", ("A", "1"), ("B", "2"), server="new")) == []
    assert left(old, sample(b"", ("B", "2"), server="new")) == ["header.a"]
    assert left(old, sample(b"", ("A", "1"), ("B", "3"), server="new"), old[0]) == ["header.b"]


def test_a_length_follows_from_the_content() -> None:
    one, other = (sample(body, ("Content-Length", str(len(body)))) for body in ("[1]", "[10]"))
    assert left([one, one], other) == ["body.json:/0"]
    assert left([one, one], sample("[10]", ("Content-Length", "5"))) == ["header.content-length", "body.json:/0"]


def test_the_length_in_an_answer_to_head_follows_from_the_content_of_the_same_case() -> None:
    def with_head(body: str, length: int) -> Transcript:
        whole = sample(body, ("Content-Length", str(len(body))))
        (seen,) = (one for one in whole.observations if isinstance(one, Answered))
        assert seen.answer is not None
        fields = (("Content-Length", str(length)),)
        head = replace(
            seen, step=seen.step + 1, answer=replace(seen.answer, fields=fields, body=b"", framing=Framing.NONE)
        )
        return replace(whole, observations=(seen, head))

    old = [with_head("[1]", 3), with_head("[1]", 3)]
    assert left(old, with_head("[10]", 4)) == ["answer[0].body.json:/0"]
    assert left(old, with_head("[10]", 3 + 4)) == ["answer[0].body.json:/0", "answer[1].header.content-length"]


def test_a_length_follows_from_a_content_that_repeats_credentials_of_different_lengths() -> None:
    def told(secret: str, mark: str, server: str = "old", more: int = 0) -> Transcript:
        body = f'{{"key":"{secret}","mark":"{mark}"}}'
        found = sample(body, ("Content-Length", str(len(body) + more)), server=server)
        return replace(found, secrets=(secret,))

    old = [told("abcd-1234", "red")] * 2
    assert left(old, told("longer-credential", "green", "new")) == ["body.json:/mark"]
    assert "header.content-length" in left(old, told("longer-credential", "green", "new", more=1))


def test_places_that_differ_in_their_numbers_alone_are_one() -> None:
    def items(*ids: str) -> Transcript:
        return sample(json.dumps([{"id": one} for one in ids]))

    old = [items(HEX[0], HEX[1]), items(HEX[1], HEX[2])]
    assert kinds(*old) == {"body.json:/*/id": "token"}
    longer = [items(HEX[0], HEX[1], HEX[2]), items(HEX[1], HEX[2], HEX[0])]
    assert left(old, longer[0], longer[1]) == []


def test_what_is_set_aside_in_one_item_excuses_no_other_item() -> None:
    def items(words: str, price: str, server: str = "old") -> Transcript:
        return sample(json.dumps([{"t": words}, {"t": price}]), server=server)

    old = [items("lorem ipsum", "ten euro"), items("dolor sit amet", "ten euro"), items("elit", "ten euro")]
    assert kinds(*old) == {"body.json:/*/t": "unclassified"}
    assert left(old, items("adipiscing sed", "ten euro", "new")) == []
    assert left(old, items("adipiscing sed", "twelve euro", "new")) == ["body.json:/1/t"]


@pytest.mark.timeout(20)
def test_thousands_of_items_in_another_order_are_learnt_in_little_time() -> None:
    numbers = list(range(3000))
    old = [sample(json.dumps(numbers)), sample(json.dumps(numbers[::-1]))]
    assert kinds(*old) == {"body.json:": "permuted"}
    assert left(old, sample(json.dumps(numbers[1:] + numbers[:1]), server="new")) == []


def test_what_two_cases_teach_holds_in_both() -> None:
    one = learn([header("req-" + HEX[0]), header("req-" + HEX[1])], ())
    other = learn([member("1"), member("2", at=1)], (), "GET /v")
    both = one.merged(other)
    assert [(place.case, place.place, place.kind) for place in both.places] == [
        ("ROU-01", "header.x-mark", "token"),
        ("GET /v", "body.json:/v", "counter"),
    ]
