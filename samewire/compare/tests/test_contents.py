"""Content that is not JSON: text, bytes, codings, and what the harness itself put in."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

import pytest

from samewire.compare.tests.exchanges import answer, answered, between, ended, places, transcript
from samewire.compare.views import decode
from samewire.exchange import Answer, Transcript, Whole
from samewire.result import Grade

TEXT = ("Content-Type", "text/plain")
GZIP = ("Content-Encoding", "gzip")


def test_texts_are_shown_where_they_part() -> None:
    old, new = answer(b"one\ntwo\nthree is old\n", TEXT), answer(b"one\ntwo\nthree is new\n", TEXT)
    (found,) = between(old, new)
    assert (found.place, found.grade) == ("body", Grade.BREAKING)
    assert found.old.startswith("line 3, column 10: three is old")
    assert found.new.startswith("line 3, column 10: three is new")


def test_a_long_text_is_cut_so_that_the_difference_stays_in_view() -> None:
    (found,) = between(
        answer(b"a" * 100_000 + b"X" + b"b" * 1000, TEXT), answer(b"a" * 100_000 + b"Y" + b"b" * 1000, TEXT)
    )
    assert "aX" in found.old
    assert "aY" in found.new
    assert max(len(found.old), len(found.new)) <= 300


def test_bytes_are_shown_by_length_digest_and_first_difference() -> None:
    (found,) = between(answer(b"\0\1\2\3", TEXT), answer(b"\0\1\2\4\5", TEXT))
    assert found.place == "body"
    assert found.old.startswith("4 bytes, sha256 ")
    assert found.new.endswith("at 3: 04 05")


def test_compressed_content_is_compared_by_what_it_says() -> None:
    quick, small = gzip.compress(b'{"a":1}' * 50, 1, mtime=0), gzip.compress(b'{"a":1}' * 50, 9, mtime=1)
    (found,) = between(answer(quick, TEXT, GZIP), answer(small, TEXT, GZIP))
    assert (found.place, found.grade) == ("body.raw", Grade.COSMETIC)
    other = gzip.compress(b'{"a":2}', mtime=0)
    assert places(answer(gzip.compress(b'{"a":1}', mtime=0), TEXT, GZIP), answer(other, TEXT, GZIP)) == ["body.json:/a"]


def test_a_coding_that_is_broken_unknown_or_a_bomb_leaves_the_bytes_as_they_are() -> None:
    bomb = gzip.compress(b"\0" * (65 * 1024 * 1024))
    for body, coding in ((b"no gzip", "gzip"), (gzip.compress(b"x")[:-3], "gzip"), (b"x", "br"), (bomb, "gzip")):
        assert decode(answer(body, ("Content-Encoding", coding))) == body
    members = gzip.compress(b"") * 2000
    assert decode(answer(members, GZIP)) == members


def test_codings_are_removed_in_the_order_they_were_applied() -> None:
    body = gzip.compress(zlib.compress(b"text"))
    assert decode(answer(body, ("Content-Encoding", "deflate"), ("Content-Encoding", "gzip"))) == b"text"
    assert decode(answer(gzip.compress(b"a") + gzip.compress(b"b"), GZIP)) == b"ab"


def echo(run: str, authority: str) -> Transcript:
    body = f'{{"host":"{authority}","q":"x{run}"}}'.encode()
    location = f"http://{authority}/login?next=http%3A%2F%2F{authority.replace(':', '%3A')}%2F{run}"
    length = ("Content-Length", str(len(body)))
    found: Answer = answer(body, length, ("Location", location))
    return transcript(answered(found), ended(surplus=run.encode()), run=run, authority=authority)


def test_the_run_and_the_authority_are_no_difference() -> None:
    assert between(echo("k3j2", "127.0.0.1:8000"), echo("zz11999", "localhost:80")) == ()


@pytest.mark.parametrize("text", ["my%s", "%s2", "%s0/a"])
def test_an_authority_is_not_found_inside_a_longer_one(text: str) -> None:
    old, new = (
        transcript(answered(answer((text % name).encode(), TEXT)), authority=name) for name in ("a.test", "b.test")
    )
    assert places(old, new) == ["body"]


def test_without_names_nothing_is_replaced() -> None:
    assert places(answer(b"a", TEXT), answer(b"b", TEXT)) == ["body"]


def test_content_too_long_to_be_kept_is_compared_by_its_beginning_its_length_and_its_digest() -> None:
    old, new = (replace(answer(b"begin", TEXT), whole=Whole(99, digest * 64)) for digest in "ab")
    assert places(old, old) == []
    assert places(old, new) == ["body.whole"]
    assert places(old, replace(old, whole=None)) == ["body.whole"]
    assert places(old, replace(new, body=b"other")) == ["body"]
