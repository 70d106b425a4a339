"""Several answers of both servers: what comes again is a difference, what does not is flaky, and classes hold on both."""

from __future__ import annotations

from samewire.exchange import Transcript
from samewire.noise import Judged, Samples, judge
from samewire.noise.tests.samples import T0, header, imf, member, sample

HEX = ("9f2c4be07d1a4f6b", "03ab77e9c5d24e18", "c1e8d2f0b6a79345", "5d3f0c9be7a84216")


def judged(old: list[Transcript], new: list[Transcript], second: list[Transcript] | None = None) -> Judged:
    return judge(Samples(tuple(old), tuple(new), tuple(second or ())), ())


def places(found: Judged) -> list[str]:
    return [difference.place for difference in found.differences]


def new(value: str, at: float = 0.0) -> Transcript:
    return header(value, at=at, server="new")


def test_a_difference_that_comes_again_is_one() -> None:
    found = judged([header("a"), header("a")], [new("b"), new("b")])
    assert (places(found), found.flaky) == (["header.x-mark"], ())


def test_of_a_side_that_was_asked_once_every_difference_counts() -> None:
    assert places(judged([header("a")], [new("b")])) == ["header.x-mark"]


def test_a_difference_that_does_not_come_again_is_flaky_on_the_new_side() -> None:
    found = judged([header("a")] * 3, [new("a"), new("b"), new("a")])
    assert places(found) == []
    assert [(place.place, place.kind, place.example, place.checked) for place in found.flaky] == [
        ("header.x-mark", "flaky on new", ("a", "b"), False)
    ]


def test_a_fault_of_every_third_answer_is_a_difference_once_it_came_twice() -> None:
    answers = [sample(server="new", status=status) for status in (200, 500, 200, 200, 500)]
    assert "status" in places(judged([sample()] * 5, answers))


def test_where_the_old_side_varies_too_half_of_the_answers_must_differ() -> None:
    old = [member("0.812"), member("0.815"), member("0.811")]
    wide = [member(value, server="new") for value in ("0.813", "0.99", "0.814", "0.812", "0.99")]
    off = [member("0.5", server="new") for _ in range(4)]
    assert places(judged(old, wide)) == []
    assert places(judged(old, off)) == ["body.json:/v"]


def test_what_differs_between_two_starts_of_the_old_server_is_noise() -> None:
    old, second = [header(f"boot-{HEX[0]}")] * 2, [header(f"boot-{HEX[1]}", server="old (again)")]
    assert places(judged(old, [new(f"boot-{HEX[2]}")] * 2)) == ["header.x-mark"]
    assert places(judged(old, [new(f"boot-{HEX[2]}")] * 2, second)) == []
    assert places(judged(old, [new("boot-1")] * 2, second)) == ["header.x-mark"]


def test_a_counter_that_goes_backwards_on_the_new_side_is_a_difference() -> None:
    old = [member("17"), member("18", at=1)]
    forwards = [member("3", server="new"), member("4", at=1, server="new")]
    (found,) = judged(old, [member("4", server="new"), member("3", at=1, server="new")]).differences
    assert (found.old, found.new) == ("counter: 17 and 18", "4, then 3")
    assert places(judged(old, forwards)) == []


def test_a_token_that_is_the_same_each_time_on_the_new_side_is_a_difference() -> None:
    old = [header(HEX[0]), header(HEX[1])]
    (found,) = judged(old, [new(HEX[2]), new(HEX[2])]).differences
    assert (found.place, found.new) == ("header.x-mark", f"the same each time: {HEX[2]}")
    assert places(judged(old, [new(HEX[2]), new(HEX[3])])) == []


def test_a_clock_that_stands_still_for_a_moment_is_none() -> None:
    old = [header(imf(0)), header(imf(1), at=1)]
    assert places(judged(old, [new(imf(1), at=1), new(imf(1), at=1.2)])) == []


def test_noise_known_from_elsewhere_holds_where_nothing_could_be_learnt() -> None:
    known = judge(Samples((header(HEX[0]), header(HEX[1])), (new(HEX[2]), new(HEX[3]))), ()).noise
    once = Samples((header(HEX[0]),), (new(HEX[1]),))
    assert [difference.place for difference in judge(once, ()).differences] == ["header.x-mark"]
    assert judge(once, (), known.everywhere).differences == ()
    assert judge(Samples((header(HEX[0]),), (new("short"),)), (), known.everywhere).differences != ()


def test_only_fields_that_keep_to_a_class_are_presumed_elsewhere() -> None:
    body = judge(Samples((member("1"), member("2", at=1)), (member("1", server="new"),)), ()).noise
    strange = judge(Samples((header("red"), header("blue")), (new("red"),)), ()).noise
    assert body.places
    assert strange.places
    assert not body.everywhere.places
    assert not strange.everywhere.places


def test_the_time_of_asking_is_what_a_clock_is_judged_by() -> None:
    old = [header(str(int(T0))), header(str(int(T0) + 2), at=2)]
    assert places(judged(old, [new(str(int(T0) + 500), at=500), new(str(int(T0) + 501), at=501)])) == []
    assert places(judged(old, [new(str(int(T0) + 100), at=500), new(str(int(T0) + 101), at=501)])) == ["header.x-mark"]


def test_an_uptime_is_asked_for_until_one_that_stands_still_can_be_told() -> None:
    old = [member("100.1", at=0.1), member("100.1", at=0.1), member("100.8", at=0.8)]
    close = [member("12.5", at=0.5, server="new"), member("12.5", at=0.6, server="new")]
    assert (places(judged(old, close)), judged(old, close).unsettled) == ([], True)
    apart = [*close, member("12.5", at=1.2, server="new")]
    assert (places(judged(old, apart)), judged(old, apart).unsettled) == (["body.json:/v"], False)
    moving = [member(f"{12 + at}", at=at, server="new") for at in (0.5, 1.2)]
    assert (places(judged(old, moving)), judged(old, moving).unsettled) == ([], False)
