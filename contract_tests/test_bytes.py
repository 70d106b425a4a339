"""How a request is cut into writes makes no difference."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.contract import Contract
from samewire.address import Address
from samewire.cases import Case, Raw, Request
from samewire.cases.collection import collect
from samewire.cases.model import Delivery, Receive, Send
from samewire.compare import Rule, compare
from samewire.exchange import Transcript
from samewire.launch import Running
from samewire.noise import learn
from samewire.result import Difference
from samewire.run import run_case

LONGEST = 2000
"""Bytes of a message; byte by byte, longer ones only take longer."""


@cache
def valid() -> tuple[Case, ...]:
    """The cases of short requests that are answered by 2xx or 3xx, one after the other."""
    cases = collect(Path(__file__).parent / "cases")
    return tuple(case for case in cases if all(_is_valid(step) for step in case.steps))


@cache
def refused() -> tuple[Case, ...]:
    """The cases of short messages that are refused, whatever else is asked in them.

    Not those that may be answered before what is wrong with them, or the rest of their content, has come.
    """
    cases = collect(Path(__file__).parent / "cases")
    return tuple(case for case in cases if _is_refused(case) and all(_is_short(step) for step in case.steps))


def _is_refused(case: Case) -> bool:
    asked = [_statuses(step) for step in case.steps if isinstance(step, Receive)]
    if any(min(statuses) < 400 <= max(statuses) for statuses in asked):
        return False
    return any(min(statuses) >= 400 for statuses in asked)


def _is_short(step: object) -> bool:
    match step:
        case Send(send=Raw(bytes=bytes), part="all"):
            return len(bytes) < LONGEST
        case Send(send=Request(method="GET")):
            return True
    return not isinstance(step, Send)


def _statuses(step: Receive) -> tuple[int, ...]:
    expected = step.receive.status
    return (expected,) if isinstance(expected, int) else tuple(expected)


def _is_valid(step: object) -> bool:
    match step:
        case Send(send=Request(text=text, base64=base64)):
            return len(text or "") + len(base64 or "") < LONGEST
        case Send(send=Raw(bytes=bytes)):
            return len(bytes) < LONGEST
        case Receive(receive=expected):
            return all(200 <= status < 400 for status in _statuses(step)) and expected.complete
    return False


def _cut(case: Case, delivery: Delivery) -> Case:
    steps = (
        step.model_copy(update={"delivery": delivery}) if isinstance(step, Send) and step.part == "all" else step
        for step in case.steps
    )
    return case.model_copy(update={"steps": tuple(steps)})


async def _asked(server: Running, *cases: Case) -> list[Transcript]:
    return [await run_case(case, server.name, server.address, probe=server.probe) for case in cases]


UPTIME = Rule(place="body.json:/uptime_seconds", check="number", within=60)
"""In so short a time as is between two askings here, it can't be told from a figure that jitters."""
_MORE = 4
_BYTE_BY_BYTE: Delivery = "byte by byte"
_REQUEST = b"POST /probe/upload?a=1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
mutated = st.builds(
    lambda at, length, piece: _REQUEST[:at] + piece + _REQUEST[at + length :],
    st.integers(0, len(_REQUEST)),
    st.integers(0, 8),
    st.binary(max_size=4),
)
deliveries: st.SearchStrategy[Delivery] = st.one_of(
    st.just(_BYTE_BY_BYTE),
    st.sets(st.integers(1, 400), min_size=1, max_size=6).map(lambda cuts: tuple(sorted(cuts))),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_valid_request_in_pieces_equals_the_same_at_once(
    data: st.DataObject, held: Contract, server: Running
) -> None:
    assert _differing(data.draw(st.sampled_from(valid())), data.draw(deliveries), held, server) == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_refused_in_pieces_is_refused_as_it_is_at_once(
    data: st.DataObject, held: Contract, server: Running
) -> None:
    assert _differing(data.draw(st.sampled_from(refused())), data.draw(deliveries), held, server) == ()


@pytest.mark.soak
def test_everything_that_is_refused_is_refused_byte_by_byte(held: Contract, server: Running) -> None:
    differing = {case.id: _differing(case, _BYTE_BY_BYTE, held, server) for case in refused()}
    assert {id: found for id, found in differing.items() if found} == {}


def _differing(case: Case, delivery: Delivery, held: Contract, server: Running) -> tuple[Difference, ...]:
    at_once, again, in_pieces = held.run(_asked(server, case, case, _cut(case, delivery)))
    assert at_once.error == in_pieces.error == ""
    rules = (*held.config.rules, UPTIME)
    found = compare(at_once, in_pieces, rules, learn((at_once, again), rules))
    if found:  # two samples may show less than all letters of a token
        more = held.run(_asked(server, *[case] * _MORE))
        found = compare(at_once, in_pieces, rules, learn((at_once, again, *more), rules))
    return found


def test_there_are_valid_cases_of_many_areas() -> None:
    areas = {case.id.partition("-")[0] for case in valid()}
    assert areas >= {"ASK", "BOD", "ERR", "HDO", "HDR", "KAL", "MET", "QRY", "ROU", "SSE", "STA", "STR"}
    assert len(valid()) > 200
    assert {case.id.partition("-")[0] for case in refused()} >= {"SMG", "STR", "HDO", "EXP", "VER", "KAL"}
    assert len(refused()) > 100


@pytest.mark.parametrize("case", [case for case in valid() if case.id in ("STR-01", "KAL-07.content", "ASK-10.form")])
def test_it_is_cut_indeed(case: Case) -> None:
    assert [step.delivery for step in _cut(case, (5,)).steps if isinstance(step, Send)].count((5,)) >= 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(min_size=1, max_size=300), mutated))
def test_no_bytes_do_worse_than_being_refused(data: bytes, held: Contract, server: Running) -> None:
    answer = held.run(_thrown(data, server.address))
    assert answer == b"" or re.match(rb"HTTP/1\.[01] (?:[1-4]\d\d|50[15]) ", answer), (data, answer[:300])
    assert held.run(_thrown(b"GET /health HTTP/1.0\r\n\r\n", server.address)).startswith(b"HTTP/1.0 200 ")


async def _thrown(data: bytes, address: Address) -> bytes:
    """All that comes back when these bytes are all that is sent; TimeoutError when the connection does not end."""
    reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        writer.write(data)
        writer.write_eof()
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()
