from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from samewire.address import Address
from samewire.cases.model import Case
from samewire.exchange import Answered, End, Ended
from samewire.run import run_case
from samewire.tests.certificates import NEEDS_OPENSSL
from samewire.tests.scripted import answering, sized

pytestmark = NEEDS_OPENSSL
CASE = Case.model_validate(
    {"id": "X-1", "title": "t", "why": "w", "steps": [{"send": {"target": "/"}}, {"receive": {"status": 200}}]}
)
LARGE = b"x" * 300_000


@pytest.fixture
async def address(certificate: Path) -> AsyncIterator[Address]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await answering(sized(LARGE), b"HTTP/1.1 200 OK\r\n\r\nlast")(reader, writer)
        writer.close()

    async with await asyncio.start_server(script, "127.0.0.1", 0, ssl=context) as server:
        yield Address("https", "127.0.0.1", server.sockets[0].getsockname()[1])


async def test_an_exchange_over_tls_is_observed_as_one_in_clear(
    address: Address, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    seen = await run_case(CASE, "target", address)
    assert seen.error == ""
    answered, ended = seen.observations
    assert isinstance(answered, Answered)
    assert answered.answer is not None
    assert (answered.answer.body, answered.failure) == (LARGE, "")
    assert answered.answer.chunks[-1].at >= answered.answer.head_at > 0
    assert ended == Ended(None, "main", End.REUSABLE)


async def test_a_close_notify_ends_content_as_fin_does(
    address: Address, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    twice = CASE.model_copy(update={"steps": CASE.steps * 2})
    _, answered, ended = (await run_case(twice, "target", address)).observations
    assert isinstance(answered, Answered)
    assert answered.answer is not None
    assert (answered.answer.body, answered.answer.complete, answered.failure) == (b"last", True, "")
    assert ended == Ended(None, "main", End.CLOSED)


async def test_a_certificate_that_nobody_vouches_for_is_the_transcripts_error(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    seen = await run_case(CASE, "target", address)
    assert seen.observations == ()
    assert "certificate verify failed" in seen.error.lower()


async def test_a_server_that_speaks_no_tls_is_the_transcripts_error() -> None:
    async def plain(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        seen = await run_case(CASE, "target", Address("https", "127.0.0.1", server.sockets[0].getsockname()[1]))
    assert seen.error.startswith("cannot connect to")
