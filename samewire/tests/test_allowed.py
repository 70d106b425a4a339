"""What may change state is spared a target that is not disposable, by what a case says of itself or else by its methods."""

from __future__ import annotations

import pytest

from samewire.allowed import allowed, may_change
from samewire.cases import Case, case, expect, get, request
from samewire.cases.build import raw
from samewire.cases.model import Step
from samewire.config import Config
from samewire.engine import Session, diff
from samewire.result import Verdict
from samewire.tests.scripted import Serve
from samewire.tests.test_engine import TODAY, Counting, asked, quiet, running


def of(*steps: Step, unsafe: bool | None = None) -> Case:
    return case("A-1", "title", "why", *steps, unsafe=unsafe)


@pytest.mark.parametrize(
    "steps",
    [
        (request("POST", "/a"), expect(201)),
        (get("/"), expect(200), request("DELETE", "/a"), expect(204)),
        (raw("PUT /a HTTP/1.1\r\n\r\n"),),
        (raw("GET / HTTP/1.1\r\n\r\nDELETE /a HTTP/1.1\r\n\r\n"),),
        (raw("DEL"), raw("ETE /a HTTP/1.1\r\n\r\n")),
        (request("GET", "/", headers={"Content-Length": "0"}, text="DELETE /a HTTP/1.1\r\n\r\n"), expect(200)),
    ],
)
def test_a_case_that_sends_another_method_than_safe_ones_may_change_state(steps: tuple[Step, ...]) -> None:
    assert may_change(of(*steps))
    assert not may_change(of(*steps, unsafe=False))


@pytest.mark.parametrize(
    "steps",
    [
        (get("/"), expect(200), request("OPTIONS", "*"), expect(204), request("HEAD", "/"), expect(200)),
        (raw("GET / HT"), raw("TP/1.1\r\nHost: a\r\n\r\n"), expect(200), get("/"), expect(200)),
    ],
)
def test_one_of_safe_methods_alone_does_not_unless_it_says_so(steps: tuple[Step, ...]) -> None:
    assert not may_change(of(*steps))
    assert may_change(of(*steps, unsafe=True))


async def test_a_post_is_not_sent_to_a_target_that_is_not_disposable(serve: Serve) -> None:
    server = Counting()
    old, new = [running(await serve(server.script), name, disposable=name == "old") for name in ("old", "new")]
    found = await diff(Session(Config(), TODAY), old, new, [of(request("POST", "/a"), expect(200))], quiet)
    assert (asked(server), found.skipped, found.verdict, found.exit_status) == ([], ("A-1",), Verdict.INCONCLUSIVE, 3)


async def test_where_it_is_allowed_it_is_sent_once_to_each(serve: Serve) -> None:
    one, other = Counting(), Counting()
    old, new = [running(await serve(to.script), name, disposable=False) for to, name in ((one, "old"), (other, "new"))]
    posted = [of(request("POST", "/a"), expect(200))]
    found = await diff(Session(Config(allow_unsafe=True), TODAY), old, new, posted, quiet)
    assert (asked(one), asked(other)) == (["/a"], ["/a"])
    assert (found.asked_once, found.exit_status) == (("A-1",), 0)


async def test_on_disposable_targets_a_case_is_what_it_says_of_itself(serve: Serve) -> None:
    address = await serve(Counting().script)
    posts = [of(request("POST", "/a"), expect(200)), of(request("POST", "/a"), expect(200), unsafe=True)]
    assert allowed(posts, [running(address)]).cases == posts
