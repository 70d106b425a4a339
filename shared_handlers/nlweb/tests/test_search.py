"""What a question finds in the index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared_handlers.nlweb import database, http_status, python_docs
from shared_handlers.nlweb.items import Item, Site, tech_article
from shared_handlers.nlweb.search import EXCERPT, Hit, read_sites, search

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.fixture(scope="module")
def content() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        items = [*python_docs.items(), *http_status.items()]
        database.create(connection, [python_docs.SITE, http_status.SITE], items)
        yield connection


def names(hits: list[Hit]) -> list[str]:
    return [hit.name for hit in hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("What does 404 mean?", "404 Not Found"),
        ("too many requests", "429 Too Many Requests"),
        ("How do I parse JSON?", "json module"),
        ("asynchronous programming with coroutines", "Coroutines"),
        ("redirecting permanently", "308 Permanent Redirect"),
        ("HTTPStatus of a teapot", "418 I'm a Teapot"),
    ],
)
def test_a_question_finds_the_item_that_answers_it(content: sqlite3.Connection, query: str, first: str) -> None:
    assert names(search(content, query, ()))[0] == first


def test_the_built_in_sites_have_what_every_python_has(content: sqlite3.Connection) -> None:
    counts = dict(content.execute("SELECT site.name, count(*) FROM item JOIN site ON site.id = site_id GROUP BY 1"))
    assert counts["http_status"] >= 62
    assert counts["python_docs"] >= 200


@pytest.mark.parametrize(
    "query",
    [
        '"', "'", "*", "a*", "NEAR(json, 2)", "json AND", "NOT json", "OR", "name : json", "{name body} : x", "^json",
        "-json", "json + xml", "(json", "json) OR (xml", '"json" OR "xml', "site : site1", "json; DROP TABLE item; --",
        "\0", "json\0xml", "rank MATCH 'bm25()'", "%", "?1", ":a", "word " * 1000, "x" * 10_000,
    ],
)  # fmt: skip
def test_syntax_in_a_question_is_only_words(content: sqlite3.Connection, query: str) -> None:
    for hit in search(content, query, ("site1",)):
        assert hit.site == python_docs.SITE.name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(query="the and of")
@given(query=TEXTS)
def test_every_text_gives_ordered_scores_from_0_to_100(content: sqlite3.Connection, query: str) -> None:
    hits = search(content, query, ())
    assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.url))
    assert all(0 < hit.score <= 100 for hit in hits)
    assert hits == search(content, query, ())


def test_fewer_results_are_the_first_of_more(content: sqlite3.Connection) -> None:
    many = search(content, "http request", (), 50)
    assert len(many) == 50
    assert search(content, "http request", (), 7) == many[:7]


def test_only_the_chosen_sites_are_searched(content: sqlite3.Connection) -> None:
    tokens = {site.name: token for site, token in read_sites(content).items()}
    assert {hit.site for hit in search(content, "request", (tokens["http_status"],))} == {"http_status"}
    assert {hit.site for hit in search(content, "request", tuple(tokens.values()))} == set(tokens)


def test_equal_scores_are_in_order_of_url() -> None:
    site = Site("s", "http://s/", "")
    items = [tech_article(site, f"http://s/{letter}", "same", "the same words") for letter in "cab"]
    assert [hit.url[-1] for hit in search(filled(site, items), "words", ())] == ["a", "b", "c"]


def test_a_word_in_every_one_of_many_items_takes_bounded_work() -> None:
    site = Site("s", "http://s/", "")
    items = [tech_article(site, f"http://s/{n}", "common", f"common rare{n}") for n in range(3000)]
    connection = filled(site, items)
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    connection.set_progress_handler(count, 100)
    assert len(search(connection, "common", ())) == 50
    bound, steps = steps, 0
    assert search(connection, "common rare2999", ())[0].url == "http://s/2999"
    assert steps < bound


def test_a_later_item_of_the_same_url_replaces_the_earlier() -> None:
    site = Site("s", "http://s/", "")
    items = [tech_article(site, "http://s/1", name, "text") for name in ("earlier", "later")]
    assert names(search(filled(site, items), "text", ())) == ["later"]


def test_a_hit_has_only_the_beginning_of_a_long_text() -> None:
    site = Site("s", "http://s/", "")
    hit = search(filled(site, [tech_article(site, "http://s/1", "long", "word " * 5000)]), "word", ())[0]
    assert len(hit.text) == EXCERPT
    assert len(hit.description) <= 500


def filled(site: Site, items: list[Item]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    database.create(connection, [site], items)
    return connection
