"""Faults against a real server: what is caught, what a weakened comparison misses, what no case exercises."""

from __future__ import annotations

from asyncio import StreamReader, StreamWriter
from typing import Any

import pytest

from samewire.address import Address
from samewire.cases.model import Case
from samewire.compare import Rule
from samewire.config import Config
from samewire.engine import Session
from samewire.launch import Running
from samewire.prove.catalogue import FAULTS
from samewire.prove.proving import SAMPLE, prove_sample
from samewire.prove.result import Outcome, Proof, ProofResult
from samewire.prove.trials import Trials, prove
from samewire.prove.words import lines, verdict_line
from samewire.tests.scripted import Serve

JSON = b'{"count": 1, "names": ["a", "b"]}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Trace: %d\r\nContent-Length: %d\r\n\r\n%b"
TRAILED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Digest: abc\r\n\r\n"
FOUND: dict[str, Any] = {"receive": {"status": 200}}


async def server(reader: StreamReader, writer: StreamWriter) -> None:
    """No Date anywhere; JSON, a chunked answer with trailers at `/trailers`, an error for what has no Host."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"\r\nHost:" not in head:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            return
        writer.write(TRAILED if b"/trailers" in head else ANSWER % (len(head), len(JSON), JSON))
        if b"Connection: close" in head:
            return


def running(name: str, address: Address) -> Running:
    return Running(name, f"http://{address.authority}", address, "/", None, disposable=True)


def case(id: str, *steps: dict[str, Any]) -> Case:
    return Case.model_validate({"id": id, "title": "t", "why": "w", "steps": steps, "timeout": 2.0})


CASES = (
    case("X-1", {"send": {"target": "/"}}, FOUND),
    case("X-2", {"send": {"target": "/trailers"}}, FOUND),
    case("X-3", {"send": {"bytes": "GET / HTTP/1.1\r\n\r\n"}}, {"receive": {"status": 400}}),
)


async def proved(serve: Serve, *names: str, config: Config | None = None) -> dict[str, Proof]:
    old, new = running("old", await serve(server)), running("new", await serve(server))
    trials = Trials(Session(config or Config()), old, new)
    await trials.rehearse(CASES, lambda _: None)
    assert trials.unequal == []
    faults = [fault for fault in FAULTS if fault.name in names]
    assert len(faults) == len(names)
    return {proof.fault.name: proof for proof in await prove(trials, faults, lambda _: None)}


@pytest.mark.parametrize(
    ("name", "case_id", "place"),
    [
        ("status.200-to-500", "*", "status"),
        ("fields.content-type-lost", "X-1", "header.content-type"),
        ("json.number", "X-1", "body.json:/count"),
        ("json.element-lost", "X-1", "body.json:/names/1"),
        ("framing.trailers-lost", "X-2", "trailer.x-digest"),
        ("framing.last-chunk-lost", "X-2", "complete"),
        ("connection.reset-at-once", "X-1", "answer"),
        ("leniency.no-host", "X-3", "status"),
        ("request.field-added", "X-1", "header.x-trace"),
    ],
)
async def test_a_fault_is_caught_where_it_is(name: str, case_id: str, place: str, serve: Serve) -> None:
    proof = (await proved(serve, name))[name]
    assert (proof.outcome, proof.by) == (Outcome.CAUGHT, "comparison")
    if name != "connection.reset-at-once":
        assert (case_id in ("*", proof.case), proof.place) == (True, place)


async def test_a_rule_that_excuses_too_much_makes_a_fault_missed(serve: Serve) -> None:
    lax = Config.model_validate({"rules": [Rule(place="body.json:/count", check="integer")]})
    found = await proved(serve, "json.number", "json.number-as-text", config=lax)
    assert found["json.number"].outcome is Outcome.MISSED
    assert found["json.number"].case == "X-1"
    assert found["json.number-as-text"].outcome is Outcome.CAUGHT


async def test_what_no_case_exercises_is_said_and_is_no_miss(serve: Serve) -> None:
    proof = (await proved(serve, "websocket.dropped"))["websocket.dropped"]
    assert (proof.outcome, proof.tried, proof.right) == (Outcome.NOT_EXERCISED, 0, True)


async def test_harmless_changes_are_not_reported(serve: Serve) -> None:
    found = await proved(serve, "harmless.chunks-cut", "harmless.segments", "harmless.colon")
    assert {proof.outcome for proof in found.values()} == {Outcome.QUIET}


async def test_the_sample_needs_few_cases_and_says_its_share_in_a_line(serve: Serve) -> None:
    old, new = running("old", await serve(server)), running("new", await serve(server))
    result = await prove_sample(Session(Config()), old, new, CASES, lambda _: None)
    assert len(result.proofs) == len(SAMPLE)
    assert result.wrong == ()
    assert result.exercised == result.caught >= 8
    assert verdict_line(result).startswith(f"gate: {result.caught} of {result.caught} injected faults caught (100 %)")


def made(*outcomes: tuple[str, Outcome]) -> ProofResult:
    known = {fault.name: fault for fault in FAULTS}
    return ProofResult(
        "old", "new", tuple(Proof(known[name], outcome, 3, "X-1", "status") for name, outcome in outcomes)
    )


@pytest.mark.parametrize(
    ("result", "status", "line"),
    [
        (made(("json.key", Outcome.CAUGHT)), 0, "gate: 1 of 1 injected faults caught (100 %)"),
        (
            made(("json.key", Outcome.CAUGHT), ("json.text", Outcome.MISSED)),
            1,
            "gate: 1 of 2 injected faults caught (50 %), 1 missed",
        ),
        (
            made(("json.key", Outcome.CAUGHT), ("harmless.colon", Outcome.REPORTED)),
            1,
            "gate: 1 of 1 injected faults caught (100 %), 1 false alarm",
        ),
        (
            made(("json.key", Outcome.NOT_EXERCISED)),
            3,
            "gate: no evidence, none of the injected faults was exercised by the given cases",
        ),
        (ProofResult("old", "new", (), not_started=("old: no",)), 4, "gate: not tried, a target did not start"),
    ],
)
def test_the_exit_status_and_the_verdict_say_the_same(result: ProofResult, status: int, line: str) -> None:
    assert result.exit_status == status
    assert verdict_line(result) == line


def test_of_a_missed_fault_the_case_that_would_catch_it_is_shown() -> None:
    told = "\n".join(lines(made(("json.text", Outcome.MISSED))))
    assert "json.text: a text has a letter more: missed by 3 cases, first X-1" in told
    assert "it takes an answer in JSON with a text; in YAML:\n    - id: OWN-01\n" in told
