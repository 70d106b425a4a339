"""What is found in heads, framing and connections."""

from __future__ import annotations

from dataclasses import replace

from samewire.compare.tests.exchanges import DATE, answer, answered, between, ended, places, transcript
from samewire.exchange import Answer, Chunk, End, Framing
from samewire.result import Difference, Grade


def test_a_status_is_named_with_both_sides_and_breaks() -> None:
    assert between(answer(status=405), answer(status=404)) == (
        Difference("ROU-01", "status", "405", "404", Grade.BREAKING),
    )


def test_a_reason_is_notable() -> None:
    assert [d.grade for d in between(answer(reason="OK"), answer(reason="Fine"))] == [Grade.NOTABLE]


def test_version_framing_and_faults_have_places_of_their_own() -> None:
    other = replace(answer(), version="HTTP/1.0", framing=Framing.CHUNKED, faults=("bare LF",))
    assert places(answer(), other) == ["version", "framing", "faults"]


def test_a_missing_field_breaks_and_an_added_one_is_notable() -> None:
    plain, varied = answer(b"", ("Date", DATE)), answer(b"", ("Date", DATE), ("Vary", "Origin"))
    lost, added = between(varied, plain), between(plain, varied)
    assert [(d.place, d.old, d.new, d.grade) for d in lost] == [("header.vary", "Origin", "(absent)", Grade.BREAKING)]
    assert [(d.place, d.grade) for d in added] == [("header.vary", Grade.NOTABLE)]


def test_an_empty_value_is_not_an_absent_field() -> None:
    (found,) = between(answer(b"", ("X", "")), answer(b"", ("Y", ""), ("X", "")))
    assert (found.place, found.old, found.new) == ("header.y", "(absent)", '""')


def test_the_order_and_repetition_of_one_name_belong_to_its_values() -> None:
    assert places(answer(b"", ("A", "1"), ("A", "2")), answer(b"", ("A", "2"), ("A", "1"))) == ["header.a"]
    assert places(answer(b"", ("A", "1"), ("A", "1")), answer(b"", ("A", "1"))) == ["header.a"]


def test_a_list_in_another_order_or_on_more_lines_is_a_variant() -> None:
    together, apart = answer(b"", ("Vary", "Origin, Accept")), answer(b"", ("Vary", "accept"), ("Vary", "origin"))
    assert [(d.place, d.grade) for d in between(together, apart)] == [("header.vary", Grade.NOTABLE)]


def test_another_value_breaks_but_not_of_server() -> None:
    old, new = answer(b"", ("Allow", "GET"), ("Server", "a")), answer(b"", ("Allow", "POST"), ("Server", "b"))
    assert [(d.place, d.grade) for d in between(old, new)] == [
        ("header.allow", Grade.BREAKING),
        ("header.server", Grade.NOTABLE),
    ]


def test_the_case_of_a_name_is_cosmetic() -> None:
    (found,) = between(answer(b"", ("ETag", "x")), answer(b"", ("Etag", "x")))
    assert (found.place, found.old, found.new, found.grade) == ("header-case.etag", "ETag", "Etag", Grade.COSMETIC)


def test_the_order_of_different_names_is_cosmetic() -> None:
    (found,) = between(answer(b"", ("A", "1"), ("B", "2")), answer(b"", ("B", "2"), ("A", "1")))
    assert (found.place, found.grade) == ("header-order", Grade.COSMETIC)


def test_a_field_more_is_no_change_of_order() -> None:
    assert places(answer(b"", ("A", "1"), ("B", "2")), answer(b"", ("X", "0"), ("A", "1"), ("B", "2"))) == ["header.x"]


def test_trailers_are_compared_like_fields() -> None:
    old = answer(framing=Framing.CHUNKED, trailers=(("X-Sum", "1"), ("A", "1")))
    new = answer(framing=Framing.CHUNKED, trailers=(("x-sum", "2"), ("A", "1")))
    assert places(old, new) == ["trailer.x-sum", "trailer-case.x-sum"]


def test_interim_answers_are_compared_by_number_status_and_head() -> None:
    early, go_on = answer(b"", ("Link", "</a>"), status=103), answer(b"", ("A", "1"), status=100)
    with_one = transcript(answered(answer(), interim=(early,)))
    assert places(with_one, transcript(answered(answer()))) == ["interim"]
    assert places(with_one, transcript(answered(answer(), interim=(go_on,))))[0] == "interim"
    other = transcript(answered(answer(), interim=(replace(early, fields=(("Link", "</b>"),)),)))
    assert places(with_one, other) == ["interim[0].header.link"]


def test_where_chunks_are_cut_is_no_difference_but_an_extension_is() -> None:
    def chunked(*chunks: Chunk) -> Answer:
        return answer(b"abcd", framing=Framing.CHUNKED, chunks=chunks)

    once, twice = chunked(Chunk(b"abcd", "", 0.1)), chunked(Chunk(b"ab", "", 0.1), Chunk(b"cd", "", 0.9))
    assert places(once, twice) == []
    assert places(once, chunked(Chunk(b"abcd", "a=b", 0.1))) == ["chunk-extensions"]


def test_an_answer_cut_off_is_incomplete() -> None:
    cut = transcript(answered(answer(b"{}", complete=False), failure="closed"), ended())
    (found,) = between(answer(b"{}"), cut)
    assert (found.place, found.old, found.new) == ("complete", "complete", "incomplete: closed")


def test_a_missing_answer_says_why() -> None:
    (found,) = between(transcript(answered(answer())), transcript(answered(None, failure="timed out")))
    assert (found.place, found.old, found.new) == ("answer", "HTTP/1.1 200 OK", "none: timed out")
    resets = transcript(answered(None, failure="reset"))
    assert places(resets, transcript(answered(None, failure="closed"))) == ["answer"]


def test_a_step_that_one_side_never_reached_is_a_missing_answer() -> None:
    assert places(transcript(answered(answer())), transcript()) == ["answer"]


def test_in_a_case_of_several_answers_the_place_says_which() -> None:
    old = transcript(answered(answer(), step=1), answered(answer(), step=3))
    new = transcript(answered(answer(), step=1), answered(answer(status=500), step=3))
    assert places(old, new) == ["answer[1].status"]


def test_buffered_instead_of_incremental_is_a_difference_of_arrival_only() -> None:
    part, whole = answer(b"data: 1\n\n", complete=False), answered(answer(b"data: 1\n\n"), step=4)
    old = transcript(answered(part, step=1, awaited=1), whole)
    new = transcript(answered(None, step=1, awaited=0, failure="timed out"), whole)
    (found,) = between(old, new)
    assert (found.place, found.old, found.new) == ("arrival", "incremental", "buffered")
    more = transcript(answered(replace(part, body=b"data: 1\n\ndata: 2\n\n"), step=1, awaited=2), whole)
    assert between(old, more) == ()


def test_what_was_awaited_belongs_to_the_next_answer_on_its_own_connection() -> None:
    gate, whole = answered(answer(), step=2, connection="gate"), answered(answer(), step=3)
    old = transcript(answered(None, step=1, awaited=1), gate, whole)
    new = transcript(answered(None, step=1, awaited=0, failure="timed out"), gate, whole)
    assert places(old, new) == ["answer[1].arrival"]


def test_a_head_that_was_awaited_and_never_read_to_its_end_is_compared_without_its_content() -> None:
    old = transcript(answered(answer(b"a", complete=False), awaited=1))
    new = transcript(answered(answer(b"ab", complete=False, status=500), awaited=1))
    assert places(old, new) == ["status"]


def test_how_a_connection_ends_is_a_difference_that_breaks() -> None:
    (found,) = between(transcript(ended(End.REUSABLE)), transcript(ended(End.CLOSED)))
    assert (found.place, found.old, found.new, found.grade) == ("connection", "reusable", "closed", Grade.BREAKING)
    assert places(transcript(ended()), transcript()) == ["connection"]


def test_bytes_after_the_last_answer_are_a_difference() -> None:
    assert places(transcript(ended()), transcript(ended(surplus=b"HTTP/1.1 200"))) == ["surplus"]


def test_another_connection_is_named() -> None:
    old, new = transcript(ended(connection="gate")), transcript(ended(End.RESET, connection="gate"))
    assert places(old, new) == ["on[gate].connection"]


def test_a_case_that_could_not_be_carried_out_on_one_side_differs_and_on_both_shows_nothing() -> None:
    refused = transcript(error="connection refused")
    (found,) = between(transcript(answered(answer())), refused)
    assert (found.place, found.old, found.new) == ("error", "(absent)", "connection refused")
    assert between(refused, transcript(error="timed out")) == ()


def test_no_more_than_two_hundred_differences_are_kept_and_the_last_says_how_many_there_were() -> None:
    old = answer(b"[" + b",".join([b"1"] * 300) + b"]")
    new = answer(b"[" + b",".join([b"2"] * 300) + b"]")
    found = between(old, new)
    assert (len(found), found[-1].place, found[-1].new) == (201, "more", "100 further differences")
