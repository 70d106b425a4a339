"""A question read in the light of earlier ones."""

from __future__ import annotations

import pytest

from shared_handlers.nlweb.context import decontextualized


@pytest.mark.parametrize(
    ("query", "prev", "read_as"),
    [
        ("how do I write it to a file?", ["what is the json module"], "how do I write it to a file (json module)"),
        ("and for 404?", ["which status means moved"], "and for 404 (status moved)"),
        ("performance", ["threads in python", "asyncio or threads"], "performance (asyncio threads)"),
        ("which ones are those?", ["redirect codes", "and?"], "which ones are those (redirect codes)"),
        ("what is a decorator in a class body", ["json"], "what is a decorator in a class body"),
        ("json", ["json"], "json"),
        ("json", [], "json"),
    ],
)
def test_only_a_question_that_leans_on_earlier_ones_borrows_their_words(
    query: str, prev: list[str], read_as: str
) -> None:
    assert decontextualized(query, prev) == read_as
