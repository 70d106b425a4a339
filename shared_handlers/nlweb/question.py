"""What is asked: the parameters of `/ask`, read and checked."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Literal, NamedTuple, cast

from shared_handlers.ascii import strip
from shared_handlers.parameters import Parameters, wrong

Mode = Literal["list", "summarize", "generate"]
EVERY_SITE = "all"
MAX_RESULTS = 50
_MODES = {"list": "list", "none": "list", "summarize": "summarize", "generate": "generate"}
_MAX_ID = 200


class Question(NamedTuple):
    """One question with all that goes with it."""

    query: str
    query_id: str
    sites: tuple[str, ...]
    """The names of the sites to search, sorted; never empty."""
    mode: Mode
    prev: tuple[str, ...]
    """The questions before this one, oldest first."""
    num: int
    """How many results are wanted, 1 to 50."""
    last_ans: str
    context_url: str
    item_to_remember: str
    thread_id: str


def asked_sites(parameters: Parameters) -> frozenset[str]:
    """The names in `site`, whether there are such sites or not."""
    return frozenset(strip(name) for value in parameters.listed("site") for name in value.split(","))


def read_question(parameters: Parameters, known: Collection[str], more: Collection[str] = ()) -> Question:
    """The question, its sites among the `known` ones; HTTPError 400 names the parameter that is wrong.

    `more` are sites that are asked only when they are named.
    """
    mode = parameters.choice("generate_mode", _MODES, "list")
    return Question(
        query=parameters.required("query"),
        query_id=read_query_id(parameters),
        sites=_sites(parameters, known, more),
        mode=cast(Mode, _MODES[mode]),
        prev=parameters.listed("prev"),
        num=parameters.number("num", 1, MAX_RESULTS, 10),
        last_ans=parameters.text("last_ans"),
        context_url=parameters.text("context_url"),
        item_to_remember=parameters.text("item_to_remember"),
        thread_id=parameters.text("thread_id", limit=_MAX_ID),
    )


def read_query_id(parameters: Parameters) -> str:
    """The client's `query_id`, 200 characters at most, or a new one."""
    return parameters.text("query_id", limit=_MAX_ID) or secrets.token_hex(16)


def _sites(parameters: Parameters, known: Collection[str], more: Collection[str]) -> tuple[str, ...]:
    named = asked_sites(parameters)
    unknown = sorted(named - {EVERY_SITE, *known, *more})
    if unknown:
        raise wrong(
            "site", f"names a site that is not here: {unknown[0][:_MAX_ID]!r}. Known are: {', '.join(sorted(known))}."
        )
    if EVERY_SITE in named or not named:
        named |= frozenset(known)
    return tuple(sorted(named - {EVERY_SITE}))
