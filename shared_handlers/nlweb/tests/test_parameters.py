"""Parameters from query string, form and JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from shared_handlers.body import NO_BODY, LazyBody
from shared_handlers.errors import HTTPError
from shared_handlers.host import HostState
from shared_handlers.message import Request
from shared_handlers.nlweb.question import Question, read_question
from shared_handlers.parameters import Parameters, read_parameters

SITES = ("birds", "trees")
FORM = "application/x-www-form-urlencoded"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
scalars = texts | st.integers(-(2**63), 2**63) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)


class Content:
    def __init__(self, content: bytes) -> None:
        self._pieces = [content, b""]

    async def chunk(self) -> bytes:
        return self._pieces.pop(0)


async def read(query: str = "", content: bytes = b"", kind: str = FORM) -> Parameters:
    body = LazyBody(Content(content), length=len(content), limit=1 << 24) if content else NO_BODY
    headers = CIMultiDictProxy(CIMultiDict({"Content-Type": kind}))
    request = Request(
        method="POST", target="/", path="/", query_string=query, version=(1, 1), headers=headers, params={},
        body=body, peer="", scheme="http", host=HostState("legacy"), id="",
    )  # fmt: skip
    return await read_parameters(request)


async def question(query_string: str = "", /, **members: Any) -> Question:
    content = orjson.dumps(members) if members else b""
    return read_question(await read(query_string, content, "application/json"), SITES)


def text_in_query(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


@given(value=scalars | st.lists(scalars, max_size=5))
async def test_a_json_member_means_what_its_text_means_in_a_query_and_in_a_form(value: Any) -> None:
    encoded = urlencode({"prev": text_in_query(value), "query": "x"})
    asked = [
        await read(encoded),
        await read("", encoded.encode()),
        await read("query=x", orjson.dumps({"prev": value}), "application/json"),
    ]
    outcomes = []
    for parameters in asked:
        try:
            outcomes.append(parameters.listed("prev"))
        except HTTPError as error:
            outcomes.append((error.detail,))
    assert outcomes[0] == outcomes[1] == outcomes[2]


@pytest.mark.parametrize(
    ("query", "prev"),
    [
        ("", ()),
        ("prev=", ()),
        ("prev=[]", ()),
        ("prev=one", ("one",)),
        ("prev=one,two", ("one", "two")),
        ("prev=one%2C+really&prev=two", ("one, really", "two")),
        ('prev=["one, really","two"]', ("one, really", "two")),
        ("prev=[1,true]", ("1", "true")),
        ("prev=,%20,", ()),
    ],
)
async def test_earlier_questions_come_as_array_repeats_or_comma_list(query: str, prev: tuple[str, ...]) -> None:
    assert (await question(f"query=x&{query}")).prev == prev


@pytest.mark.parametrize(
    ("query", "sites"),
    [
        ("", SITES),
        ("site=all", SITES),
        ("site=trees", ("trees",)),
        ("site=trees,birds", SITES),
        ("site=trees&site=birds", SITES),
        ('site=["trees"]', ("trees",)),
        ("site=trees,all", SITES),
        ("site=trees,trees", ("trees",)),
    ],
)
async def test_sites_come_as_name_repeats_or_comma_list(query: str, sites: tuple[str, ...]) -> None:
    assert (await question(f"query=x&{query}")).sites == sites


async def test_the_body_wins_over_the_query_string_name_by_name() -> None:
    asked = await question("query=outer&num=3&prev=a&prev=b", query="inner", prev=["c"])
    assert (asked.query, asked.num, asked.prev) == ("inner", 3, ("c",))


async def test_a_null_member_is_not_given() -> None:
    assert (await question("query=outer&num=3", query="inner", num=None)).num == 3


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "query"),
        ("query=", "query"),
        ("query=+%09", "query"),
        ("query=a&query=b", "query"),
        (f"query={'x' * 10_001}", "query"),
        ("query=x&num=0", "num"),
        ("query=x&num=51", "num"),
        ("query=x&num=ten", "num"),
        ("query=x&num=", "num"),
        ("query=x&num=1.0", "num"),
        ("query=x&num=-1", "num"),
        ("query=x&num=%D9%A1", "num"),
        ("query=x&generate_mode=List", "generate_mode"),
        ("query=x&generate_mode=", "generate_mode"),
        ("query=x&site=fish", "site"),
        ("query=x&site=birds,fish", "site"),
        ("query=x&prev=[1,", "prev"),
        ("query=x&prev=[{}]", "prev"),
        (f"query=x&prev={',' * 101}", "prev"),
        (f"query=x&query_id={'x' * 201}", "query_id"),
        (f"query=x&thread_id={'x' * 201}", "thread_id"),
    ],
)
async def test_a_wrong_parameter_is_a_400_that_names_it(query: str, name: str) -> None:
    with pytest.raises(HTTPError) as raised:
        await question(query)
    assert raised.value.status == 400
    assert repr(name) in raised.value.detail


@pytest.mark.parametrize("value", [{}, [[]], [None], {"a": 1}])
async def test_an_object_or_a_list_in_a_list_is_a_400_that_names_the_parameter(value: Any) -> None:
    with pytest.raises(HTTPError) as raised:
        await question(query="x", site=value)
    assert raised.value.status == 400
    assert "'site'" in raised.value.detail


@pytest.mark.parametrize("content", [b"[]", b"3", b'"query"', b"null", b"{", b'{"query": "\\ud800"}', b'{"num": NaN}'])
async def test_a_body_that_is_no_object_of_parameters_is_a_400(content: bytes) -> None:
    with pytest.raises(HTTPError) as raised:
        await read("query=x", content, "application/json")
    assert raised.value.status == 400


async def test_another_media_type_is_a_415() -> None:
    with pytest.raises(HTTPError) as raised:
        await read("query=x", b"query=x", "text/plain")
    assert raised.value.status == 415


@pytest.mark.parametrize(("mode", "read_as"), [("none", "list"), ("list", "list"), ("summarize", "summarize")])
async def test_none_is_another_name_for_list(mode: str, read_as: str) -> None:
    assert (await question(f"query=x&generate_mode={mode}")).mode == read_as


async def test_a_query_id_is_kept_or_made() -> None:
    made = [(await question("query=x")).query_id for _ in range(2)]
    assert (await question("query=x&query_id=mine")).query_id == "mine"
    assert made[0] != made[1]


@given(st.dictionaries(texts, scalars | st.lists(scalars, max_size=3) | st.none(), max_size=4))
async def test_every_object_is_a_question_or_an_http_error(members: dict[str, Any]) -> None:
    try:
        status = 200 if (await question("", **{"query": "x"} | members)).query else 0
    except HTTPError as error:
        status = error.status
    assert status in (200, 400)
