"""The proxy without a fault: whatever a server does, a case sees the same as without the proxy."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from typing import Any

import pytest

from samewire.access import Access, Trust
from samewire.address import Address
from samewire.compare import compare
from samewire.exchange import End, Ended, Transcript
from samewire.prove.channel import Cut, Tamper
from samewire.prove.recording import Side
from samewire.prove.relay import Relay, relayed
from samewire.prove.rewriters import Ends
from samewire.tests.certificates import NEEDS_OPENSSL
from samewire.tests.scripted import (
    CHUNKED,
    CLOSE,
    GET,
    RECEIVE,
    Script,
    Serve,
    answered,
    answering,
    observe,
    reset,
    sized,
)
from samewire.wire.connection import connect

LIMIT = 10.0


async def through(address: Address, *steps: dict[str, Any], tamper: Tamper | None = None) -> tuple[Transcript, Relay]:
    async with relayed(address, tamper or Tamper(), "/") as relay:
        return await observe(relay.address, *steps), relay


async def half_closed(reader: StreamReader, writer: StreamWriter) -> None:
    """Answers only when the client has ended its side."""
    await reader.read()
    writer.write(sized(b"at last"))
    await writer.drain()


async def resets(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await reset(reader, writer)


async def continues(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(5)
    writer.write(sized(body, CLOSE))
    await writer.drain()


async def both_at_once(reader: StreamReader, writer: StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    writer.write(sized(b"one") + sized(b"two", CLOSE))
    await writer.drain()


SERVERS: dict[str, tuple[Script, list[dict[str, Any]]]] = {
    "sized": (answering(sized(b"hello")), [GET, RECEIVE]),
    "chunked": (answering(CHUNKED + b"5;a=b\r\nhello\r\n0\r\nX-A: b\r\n\r\n"), [GET, RECEIVE]),
    "delimited by its end": (answering(b"HTTP/1.1 200 OK\r\n\r\nhello"), [GET, RECEIVE]),
    "cut off": (answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), [GET, RECEIVE]),
    "no answer": (answering(b""), [GET, RECEIVE]),
    "nonsense": (answering(b"\x00\xff\r\n\r\n"), [GET, RECEIVE]),
    "bytes after the end": (answering(sized(b"hello", CLOSE) + b"more"), [GET, RECEIVE]),
    "reset": (resets, [GET, RECEIVE]),
    "half-close": (half_closed, [GET, {"finish": "half"}, RECEIVE]),
    "pipelined": (both_at_once, [GET, GET, RECEIVE, RECEIVE]),
    "byte by byte": (answering(sized(b"hello")), [{**GET, "delivery": "byte by byte"}, RECEIVE]),
    "malformed request": (answering(sized(b"hello")), [{"send": {"bytes": "nonsense\n\r\n\r\n"}}, RECEIVE]),
    "expectation": (
        continues,
        [
            {"send": {"method": "POST", "text": "hello", "headers": {"Expect": "100-continue"}}, "part": "head"},
            {"awaits": "interim"},
            {"send": {"method": "POST", "text": "hello"}, "part": "body"},
            {"receive": {"status": 200, "interim": [100]}},
        ],
    ),
}


@pytest.mark.parametrize("name", SERVERS)
async def test_a_case_sees_the_same_through_the_proxy(name: str, serve: Serve) -> None:
    script, steps = SERVERS[name]
    address = await serve(script)
    direct = await observe(address, *steps)
    proxied, _ = await through(address, *steps)
    assert direct.observations
    assert compare(direct, proxied, ()) == ()


async def test_each_chunk_is_passed_on_before_the_next_is_made(serve: Serve) -> None:
    seen = asyncio.Event()

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(CHUNKED + b"5\r\nfirst\r\n")
        async with asyncio.timeout(LIMIT):
            await seen.wait()
        writer.write(b"6\r\nsecond\r\n0\r\n\r\n")
        await writer.drain()

    async with relayed(await serve(script), Tamper(), "/") as relay:
        reader, writer = await asyncio.open_connection(relay.address.host, relay.address.port)
        with contextlib.closing(writer):
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            async with asyncio.timeout(LIMIT):
                await reader.readuntil(b"first\r\n")
                seen.set()
                assert await reader.read() == b"6\r\nsecond\r\n0\r\n\r\n"


async def test_a_client_that_leaves_is_gone_for_the_server_too(serve: Serve) -> None:
    left = asyncio.Event()

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await reader.read()
        finally:
            left.set()

    async with relayed(await serve(script), Tamper(), "/") as relay:
        _, writer = await asyncio.open_connection(relay.address.host, relay.address.port)
        writer.write(b"GET")
        await writer.drain()
        writer.transport.abort()
        async with asyncio.timeout(LIMIT):
            await left.wait()


@pytest.mark.parametrize("leave", ["in order", "with bytes unread"])
async def test_a_client_that_leaves_a_stream_which_never_ends_is_gone_for_the_server_too(
    leave: str, serve: Serve
) -> None:
    refused = asyncio.Event()

    async def flood(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"x" * 65536)
                await writer.drain()
        refused.set()

    async with relayed(await serve(flood), Tamper(), "/") as relay, asyncio.timeout(LIMIT):
        client = await connect(relay.address)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(client, b"GET / HTTP/1.1\r\n\r\n")
        await loop.sock_recv(client, 1)
        if leave == "in order":
            client.shutdown(socket.SHUT_WR)
            while not await _told(relay):
                await loop.sock_recv(client, 65536)
        client.close()
        await refused.wait()


async def _told(relay: Relay) -> bool:
    """Whether the proxy has seen that the client ended its side."""
    await asyncio.sleep(0)
    return any(event.what is Cut.FIN for recording in relay.recordings for event in recording.came)


async def test_a_server_that_does_not_listen_is_a_connection_that_fails(serve: Serve) -> None:
    async with relayed(Address("http", "127.0.0.1", 1), Tamper(), "/") as relay:
        transcript = await observe(relay.address, GET, RECEIVE)
    assert transcript.error or answered(transcript).failure in ("closed", "reset")


@NEEDS_OPENSSL
async def test_a_target_over_tls_is_reached_by_the_proxy_in_its_own_name(certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    heads: list[bytes] = []

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(sized(b"hello", CLOSE))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(script, "127.0.0.1", 0, ssl=context) as server:
        access = Access(headers=(("X-Team", "a"),), trust=Trust(ca_file=str(certificate)), http="2")
        address = Address("https", "localhost", server.sockets[0].getsockname()[1], access=access)
        transcript, _ = await through(address, GET, RECEIVE)
    seen = answered(transcript).answer
    assert seen is not None
    assert seen.body == b"hello"
    assert heads == [f"GET / HTTP/1.1\r\nHost: {address.authority}\r\nX-Team: a\r\n\r\n".encode()]


async def test_a_target_at_a_unix_socket_is_reached_by_the_proxy(tmp_path: Path) -> None:
    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        await answering(sized(b"hello", CLOSE))(reader, writer)
        writer.close()

    path = str(tmp_path / "server.sock")
    async with await asyncio.start_unix_server(script, path):
        transcript, _ = await through(Address("http", "localhost", 80, socket=path), GET, RECEIVE)
    assert answered(transcript).answer is not None


async def test_what_passes_is_written_down_in_its_order(serve: Serve) -> None:
    _, relay = await through(await serve(answering(sized(b"hello"))), GET, RECEIVE)
    (recording,) = relay.recordings
    sides = [event.side for event in recording.came]
    assert sides[:2] == [Side.CLIENT, Side.SERVER]
    assert b"hello" in b"".join(event.what for event in recording.came if isinstance(event.what, bytes))


@pytest.mark.parametrize(
    ("cut", "ending"), [(Cut.GONE, End.CLOSED), (Cut.RESET, End.RESET)], ids=["closed in order", "reset"]
)
async def test_a_fault_can_cut_a_connection_after_an_answer(cut: Cut, ending: End, serve: Serve) -> None:
    address = await serve(answering(sized(b"hello"), close=False))
    tamper = Tamper(answers=lambda: Ends(lambda _: (cut,)))
    transcript, _ = await through(address, GET, RECEIVE, {"end": "closed"}, tamper=tamper)
    (ended,) = (seen for seen in transcript.observations if isinstance(seen, Ended))
    assert ended.end == ending


async def test_a_fault_whose_own_code_fails_is_no_finding_but_an_error(serve: Serve) -> None:
    def broken(_: bytes) -> bytes:
        raise RuntimeError("a bug of ours")

    with pytest.raises(RuntimeError, match="a bug of ours"):
        await through(await serve(answering(sized(b"hello"))), GET, RECEIVE, tamper=Tamper(sent=broken))
