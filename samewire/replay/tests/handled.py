"""Servers made of a function from a request to the bytes of its answer, and short ways to replay on two of them."""

from __future__ import annotations

import json
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from samewire.address import Address
from samewire.config import Config
from samewire.engine import Session
from samewire.launch import Running
from samewire.replay import Plan, replay
from samewire.result import DiffResult
from samewire.tests.scripted import Script
from samewire.traffic import Record, Skipped


class Asked(NamedTuple):
    method: str
    target: str
    fields: dict[str, str]
    body: bytes


Handler = Callable[[Asked], bytes]


def handled(handler: Handler) -> Script:
    """A connection that goes on until an answer says that it ends, or is empty."""

    async def script(reader: StreamReader, writer: StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            start, *lines = head.decode("latin-1").split("\r\n")[:-2]
            fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(fields.get("content-length", 0)))
            method, target, _ = start.split(" ")
            answer = handler(Asked(method, target, fields, body))
            writer.write(answer)
            await writer.drain()
            if not answer or b"Connection: close" in answer:
                return

    return script


def text(body: bytes | str, *lines: str, status: str = "200 OK") -> bytes:
    data = body.encode() if isinstance(body, str) else body
    fields = "".join(f"{line}\r\n" for line in lines)
    return f"HTTP/1.1 {status}\r\n{fields}Content-Length: {len(data)}\r\n\r\n".encode() + data


def as_json(value: Any, *lines: str, status: str = "200 OK") -> bytes:
    return text(json.dumps(value), "Content-Type: application/json", *lines, status=status)


def running(address: Address, name: str = "old", *, disposable: bool = False) -> Running:
    return Running(name, f"http://{address.authority}", address, "/", None, disposable)


async def replayed(
    old: Address, new: Address, items: Iterable[Record | Skipped], config: Config | None = None, **options: Any
) -> DiffResult:
    """What a replay of these records finds."""
    config = config or Config()
    options = {"concurrency": 4, "seed": 1, "timeout": 2.0, **options}
    plan = Plan((("traffic", items),), **options)
    return await replay(Session(config), config, running(old), running(new, "new"), plan, lambda done, differing: None)


def gets(count: int, target: str = "/items/{}") -> list[Record]:
    return [Record(f"traffic:{number}", target=target.format(number)) for number in range(1, count + 1)]
