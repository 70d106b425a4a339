"""A server whose answer varies in every way that is known, and one fault of a new version in each varying place."""

from __future__ import annotations

import json
import random
import time
import uuid
from asyncio import StreamReader, StreamWriter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

FAULTS = {
    "clock-field": "header.date",
    "clock-ahead": "header.expires",
    "clock-json": "body.json:/at",
    "clock-number": "body.json:/millis",
    "uuid": "body.json:/uuid",
    "token": "body.json:/token",
    "frozen": "body.json:/token",
    "prefix": "header.x-request-id",
    "echo-field": "body.json:/instance",
    "echo-request": "body.json:/port",
    "counter": "body.json:/count",
    "uptime": "body.json:/uptime",
    "jitter": "body.json:/score",
    "set-array": "body.json:/members",
    "set-list": "header.x-methods",
    "text": "body.json:/text",
    "template": "header.etag",
    "type": "body.json:/count",
    "nested": "body.json:/items/1/id",
}
"""Each fault, and the place it must be found at."""


class Varying:
    """The answers of one server; `fault` is what a new version does wrong."""

    def __init__(self, fault: str = "", seed: int = 1) -> None:
        self._fault = fault
        self._random = random.Random(seed)
        self._started = time.time() - 1000 * seed
        self._count = 100 * seed

    async def script(self, reader: StreamReader, writer: StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            fields, body = self._answer(head)
            content = json.dumps(body).encode()
            lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            writer.write(f"HTTP/1.1 200 OK\r\n{lines}Content-Length: {len(content)}\r\n\r\n".encode() + content)
            if b"Connection: close" in head:
                return

    def _answer(self, head: bytes) -> tuple[dict[str, str], dict[str, object]]:
        now, seconds = datetime.now(UTC), time.time()
        self._count += -1 if self._fault == "counter" else 1
        request, token = f"req-{self._hex(16)}", self._hex(24)
        host = next(line for line in head.decode().split("\r\n") if line.lower().startswith("host:"))
        port = host.rpartition(":")[2].strip()
        methods, members = self._shuffled("GET", "HEAD", "PUT", "PATCH"), self._shuffled("a", "b", "c", "d", "e")
        fields = {
            "Date": self._date(now, hour=self._fault == "clock-field"),
            "Expires": self._date(now + timedelta(hours=2), hour=self._fault == "clock-ahead"),
            "ETag": f'W/"{"b" if self._fault == "template" else "a"}-{int(seconds)}"',
            "X-Request-ID": request.removeprefix("req-") if self._fault == "prefix" else request,
            "X-Methods": ", ".join(methods[:-1] if self._fault == "set-list" else methods),
            "Content-Type": "application/json",
        }
        return fields, {
            "at": (now - timedelta(hours=self._fault == "clock-json")).isoformat(timespec="milliseconds"),
            "millis": int((seconds + 3600 * (self._fault == "clock-number")) * 1000),
            "uuid": str(uuid.UUID(int=self._random.getrandbits(128), version=1 if self._fault == "uuid" else 4)),
            "token": {"token": token[:12], "frozen": "0123456789abcdef01234567"}.get(self._fault, token),
            "instance": "c" * 20 if self._fault == "echo-field" else fields["X-Request-ID"],
            "port": "12345" if self._fault == "echo-request" else port,
            "count": str(self._count) if self._fault == "type" else self._count,
            "uptime": round(12.5 if self._fault == "uptime" else seconds - self._started, 3),
            "score": round(0.5 if self._fault == "jitter" else 0.81 + self._random.random() / 100, 6),
            "members": [*members[:-1], "f"] if self._fault == "set-array" else members,
            "text": f"{'Mad' if self._fault == 'text' else 'Made'} at {now.isoformat(timespec='seconds')} for you",
            "items": [{"id": self._hex(16)}, {"id": self._hex(8 if self._fault == "nested" else 16)}],
        }

    def _hex(self, length: int) -> str:
        return "".join(self._random.choices("0123456789abcdef", k=length))

    def _shuffled(self, *members: str) -> list[str]:
        return self._random.sample(members, len(members))

    def _date(self, at: datetime, *, hour: bool) -> str:
        return format_datetime(at + timedelta(hours=hour), usegmt=True)
