"""The few requests of traffic that others are derived from, and what they show on real servers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from samewire.cases.model import Send
from samewire.config import Config
from samewire.engine import Session
from samewire.relating import traffic_related
from samewire.relations import RelationSettings
from samewire.replay.replayer import Plan
from samewire.result import DiffResult
from samewire.sampling import Sample
from samewire.tests.scripted import Serve
from samewire.tests.test_relating import file_server, quiet, running, spoiled
from samewire.traffic import Record, Skipped


def sampled(*records: Record | Skipped, **settings: object) -> list[str]:
    """The targets of what is kept once all have passed, and that all have passed."""
    sample = Sample(RelationSettings.model_validate(settings))
    ((name, passing),) = sample.watching(Plan((("traffic", records),))).sources
    assert (name, tuple(passing)) == ("traffic", records)
    sent = [case.steps[0] for case in sample.cases()]
    return [step.send.target for step in sent if isinstance(step, Send) and hasattr(step.send, "target")]


def test_plain_gets_are_kept_once_each_and_others_pass() -> None:
    given = (
        Record("t:1", target="/a"),
        Record("t:2", target="/a"),
        Record("t:3", target="/a", fields=(("Accept", "text/html"),)),
        Record("t:4", "POST", "/b", body=b"x"),
        Record("t:5", raw=b"GET / HTTP/1.1\r\n\r\n"),
        Skipped("t:6", "no request"),
    )
    assert sampled(*given) == ["/a", "/a"]
    assert sampled(*given, enabled=False) == []


def test_what_is_kept_is_bounded_by_route_and_in_all_however_long_the_traffic_is() -> None:
    items = [Record(f"t:{number}", target=f"/items/{number}") for number in range(50)]
    pages = [Record(f"p:{number}", target=f"/page-{chr(97 + number)}") for number in range(20)]
    assert sampled(*items, *pages, of_one_path=2, at_most=5) == [
        "/items/0",
        "/items/1",
        "/page-a",
        "/page-b",
        "/page-c",
    ]


def test_the_traffic_is_still_read_lazily() -> None:
    def endless() -> Iterator[Record]:
        while True:
            yield Record("t:1")

    sample = Sample(RelationSettings())
    ((_, passing),) = sample.watching(Plan((("endless", endless()),))).sources
    assert next(iter(passing)) == Record("t:1")


async def test_a_request_of_traffic_has_its_relations_on_each_side(serve: Serve) -> None:
    wrong = spoiled("HEAD", "", b"Length: 10", b"Length: 0")
    servers = await running(serve, file_server(), "old"), await running(serve, wrong, "new")
    sample = Sample(RelationSettings())
    for _, records in sample.watching(Plan((("traffic", (Record("t:1", target="/file"),)),))).sources:
        assert len(list(records)) == 1
    found = await traffic_related(
        Session(Config(), date(2026, 1, 2)),
        *servers,
        sample.cases(),
        DiffResult("old", "new", (), unchanged=1),
        RelationSettings(which=("head", "if-none-match")),
        quiet,
    )
    assert [(pair.case, len(pair.new.failures)) for pair in found.pairs] == [
        ("REL-1.head", 1),
        ("REL-1.if-none-match", 0),
    ]
    assert {one.target for one in found.relations} == {"old", "new"}
