"""A mold finds what parsing finds."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from samewire.compare.bodies import compare_bodies
from samewire.compare.views import View
from samewire.exchange import Answer, Framing
from samewire.replay.mold import Molded

scalars = st.one_of(
    st.sampled_from(["", "a", "b-1", 'q"', "\\", "é", "\n", "http://h/"]), st.integers(-3, 12), st.none(),
    st.sampled_from([1.5, 1e30, -0.0]), st.booleans(),
)  # fmt: skip
keys = st.sampled_from(["a", "id", "token", "x/y", "cookie", "1"])
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
)
kinds = st.sampled_from(["application/json", "application/json", "text/event-stream", "multipart/mixed", ""])
texts = st.sampled_from(
    [b'"a"', b'"b-2"', b'""', b'"q\\""', b'"\\u0061"', b"1", b"1.0", b"12", b"-0", b"0", b"1e2", b"null", b"[]", b"{", b'"', b"0x", b"1.", b'\xff"',
     b'"a","b":"c"']
)  # fmt: skip


def view(content: bytes, kind: str) -> View:
    answer = Answer("HTTP/1.1", 200, "OK", (("Content-Type", kind),), Framing.LENGTH, content)
    return View(answer, answer.fields, (), content, content, kind)


def written(document: object, lexeme: bytes, *, ascii_only: bool) -> bytes:
    """The document with each `id-here` replaced."""
    return json.dumps(document, ensure_ascii=ascii_only).encode().replace(b'"id-here"', lexeme)


@settings(deadline=None, max_examples=400)
@given(documents, keys, st.lists(texts, min_size=4, max_size=4), kinds, kinds, st.booleans())
@example({"a": 1}, "token", [b'"a"', b'"b"', b'"c"', b'"d"'], "application/json", "application/json", True)
def test_what_a_mold_finds_is_what_parsing_finds(
    inner: object, key: str, lexemes: list[bytes], kind: str, other: str, ascii_only: bool
) -> None:
    document = {"list": ["id-here", inner], "pair": ["cookie", "id-here"], key: "id-here", "z": {"id": "id-here"}}
    molded = Molded()
    first, second, third, fourth = (written(document, lexeme, ascii_only=ascii_only) for lexeme in lexemes)
    pairs = [(first, second, kind), (third, fourth, kind), (first, fourth, other), (third, second, kind)]
    for mine, theirs, said in pairs:
        old, new = view(mine, said), view(theirs, said)
        assert molded.compare(old, new) == compare_bodies(old, new)


@settings(deadline=None, max_examples=400)
@given(documents, documents, texts, texts, st.integers(0, 80), st.binary(max_size=3))
def test_contents_of_another_make_are_not_pressed_into_a_mold(
    inner: object, other: object, lexeme: bytes, changed: bytes, at: int, noise: bytes
) -> None:
    molded = Molded()
    taught = [written({"a": inner, "id": "id-here"}, text, ascii_only=True) for text in (b'"x"', b'"y"')]
    molded.compare(*(view(content, "application/json") for content in taught))
    mine = written({"a": inner, "id": "id-here"}, lexeme, ascii_only=True)
    theirs = written({"a": other, "id": "id-here"}, changed, ascii_only=True)
    broken = mine[:at] + noise + mine[at + 1 :]
    for pair in ((mine, theirs), (mine, broken), (broken, broken[::-1])):
        old, new = (view(content, "application/json") for content in pair)
        assert molded.compare(old, new) == compare_bodies(old, new)


def test_after_the_first_pair_of_a_route_scalars_are_found_without_parsing() -> None:
    molded = Molded()
    sides = [view(b'{"id":"%d","n":[1,%d],"t":0}' % (n, n), "application/json") for n in range(7)]
    molded.compare(sides[0], sides[1])
    mold = molded._mold
    assert mold is not None
    found = mold.deltas(sides[2], sides[3])
    assert found is not None
    assert [delta.place for delta in found] == ["body.json:/id", "body.json:/n/1"]
    assert mold.deltas(sides[2], view(b'{"id":"1","n":[1,1],"t":1}', "application/json")) is None
