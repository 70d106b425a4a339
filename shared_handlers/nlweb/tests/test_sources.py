"""Items from files."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest

from shared_handlers.logs import Log
from shared_handlers.nlweb.content import open_index
from shared_handlers.nlweb.items import Item
from shared_handlers.nlweb.sources import SourceError, items_in, read_items
from shared_handlers.nlweb.store import StoreError
from shared_handlers.settings import Nlweb, Source

ROBIN = {"@type": "Article", "url": "http://birds/robin", "name": "Robin", "description": "A small bird."}
RSS = """<rss version="2.0"><channel><title>Birds</title>
<item><title>Robin</title><link>http://birds/robin</link><description>A small bird.</description></item>
</channel></rss>"""
BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>'


def items(folder: Path, content: str, format: Literal["jsonl", "jsonld", "rss"]) -> list[Item]:
    file = folder / "items"
    file.write_text(content)
    return list(read_items("birds", file, format))


def json(value: Any) -> str:
    return orjson.dumps(value).decode()


def test_a_json_line_keeps_its_schema_object(tmp_path: Path) -> None:
    [item] = items(tmp_path, f"{json(ROBIN)}\n\n", "jsonl")
    assert item[:4] == ("birds", "http://birds/robin", "Robin", "A small bird.")
    assert orjson.loads(item.schema_object) == ROBIN


@pytest.mark.parametrize("content", [json(ROBIN), json([ROBIN]), json({"@graph": [ROBIN]})])
def test_json_ld_is_an_object_an_array_or_a_graph(tmp_path: Path, content: str) -> None:
    assert [item.name for item in items(tmp_path, content, "jsonld")] == ["Robin"]


def test_an_rss_item_becomes_an_article(tmp_path: Path) -> None:
    [item] = items(tmp_path, RSS, "rss")
    assert item[:4] == ("birds", "http://birds/robin", "Robin", "A small bird.")
    assert orjson.loads(item.schema_object)["@type"] == "Article"


@pytest.mark.parametrize(
    ("content", "format", "said"),
    [
        (f"{json(ROBIN)}\n{{", "jsonl", "line 2: not JSON"),
        (f"{json(ROBIN)}\n3", "jsonl", "line 2: not a JSON object"),
        ('{"name": "x"}', "jsonl", "line 1: has no url"),
        ('{"url": "x"}', "jsonl", "line 1: has no name"),
        ("3", "jsonld", "neither an object"),
        (json([ROBIN, {}]), "jsonld", "item 2: has no url"),
        ("<rss>", "rss", "not RSS"),
        ("<a>" * 101, "rss", "elements in more than 100 others"),
        ("<rss><item><title>x</title></item></rss>", "rss", "item 1: has no url"),
        (BOMB, "rss", "not RSS"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, content: str, format: Literal["jsonl", "jsonld", "rss"], said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        items(tmp_path, content, format)


@pytest.mark.parametrize(
    ("content", "format", "calls"),
    [
        ("\n" * 1000, "jsonl", 1000),
        (f"{json(ROBIN)}\n" * 10, "jsonl", 10),
        (json([ROBIN] * 10), "jsonld", 10),
        (f"<rss>{'<x/>' * 999}</rss>", "rss", 1000),
    ],
)
def test_reading_asks_at_each_step_whether_to_go_on(
    tmp_path: Path, content: str, format: Literal["jsonl", "jsonld", "rss"], calls: int
) -> None:
    file = tmp_path / "items"
    file.write_text(content)
    counted: list[int] = []
    with file.open("rb") as opened:
        assert len(list(items_in("birds", opened, format, "x", lambda: counted.append(1)))) in (0, 10)
    assert len(counted) == calls


def test_of_a_feed_one_item_is_in_memory_at_a_time(tmp_path: Path) -> None:
    item = RSS.partition("<item>")[2].partition("</item>")[0]
    noise = "<x><y/></x>" * 20

    def peak(count: int) -> int:
        file = tmp_path / "items"
        file.write_text(f"<rss><channel>{f'{noise}<item>{item}</item>' * count}</channel></rss>")
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_items("birds", file, "rss")) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(2000) < 2 * peak(200)


async def test_a_configured_source_is_a_site_beside_the_built_in_ones(tmp_path: Path) -> None:
    file = tmp_path / "birds.jsonl"
    file.write_text(json(ROBIN))
    source = Source(site="birds", path=file, url="http://birds/", description="Birds.")
    index = open_index(Nlweb(store=tmp_path / "store", sources=(source,)), Log())
    try:
        assert list(index.sites) == ["birds", "http_status", "python_docs"]
        [hit] = await index.search("robins", ("birds",))
        assert (hit.url, hit.site_url) == ("http://birds/robin", "http://birds/")
    finally:
        index.close()


async def test_a_source_that_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "birds.jsonl"
    settings = Nlweb(store=tmp_path / "store", sources=(Source(site="birds", path=file),), sites=("birds",))
    for name in ("Robin", "Wren"):
        file.write_text(json(ROBIN | {"name": name}))
        index = open_index(settings, Log())
        try:
            assert [hit.name for hit in await index.search("small bird", ("birds",))] == [name]
        finally:
            index.close()


def test_a_source_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    source = Source(site="birds", path=tmp_path / "none")
    with pytest.raises(StoreError, match=r"nlweb\.sources: .*none cannot be read"):
        open_index(Nlweb(store=tmp_path, sources=(source,)), Log())
