"""A small strict server with one known fault, or none: what fuzzing has to find."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from email.utils import formatdate
from urllib.parse import parse_qsl, unquote

FAULTS = (
    "lower-case value",
    "plus is no blank",
    "two Hosts",
    "bare LF",
    "both framings",
    "second answer lost",
    "HEAD with content",
    "404 for 405",
    "slash at the end",
    "range off by one",
    "431 for 400",
    "DELETE keeps",
)
_START = re.compile(rb"([A-Z]+) (/[!-~]*) HTTP/1\.1")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*")
_RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{1,9})")
_FILE = b"0123456789" * 3
_HEAD = 8000


class Refused(Exception):
    """The request is malformed; with the status that says so."""

    def __init__(self, status: int = 400) -> None:
        self.status = status


class Service:
    """Items that can be made and deleted, a file with ranges, an echo."""

    def __init__(self, fault: str = "") -> None:
        self._fault = fault
        self._items: dict[str, str] = {}
        self._made = 0

    @property
    def _too_large(self) -> int:
        return 431 if self._fault == "431 for 400" else 400

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection, to its end."""
        try:
            while await self._one(reader, writer):
                await writer.drain()
        except Refused as refused:
            _send(writer, refused.status, b"malformed", "Connection: close")
            await _linger(reader, writer)
        except (IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: StreamReader, writer: StreamWriter) -> bool:
        """One request and its answer; whether the connection goes on."""
        method, target, fields = await self._head(reader)
        body = await self._body(reader, fields)
        pipelined = bool(getattr(reader, "_buffer", b""))
        self._answer(writer, method, target, fields, body)
        if self._fault == "second answer lost" and pipelined:
            await self._head(reader)
        return ("connection", "close") not in [(name, value.lower()) for name, value in fields]

    async def _head(self, reader: StreamReader) -> tuple[str, str, list[tuple[str, str]]]:
        first = await self._line(reader)
        size = len(first)
        if size > _HEAD:
            raise Refused(self._too_large)
        start = _START.fullmatch(first)
        if start is None:
            raise Refused
        fields = []
        while line := await self._line(reader):
            size += len(line)
            match = _FIELD.fullmatch(line)
            if size > _HEAD:
                raise Refused(self._too_large)
            if match is None:
                raise Refused
            fields.append((match[1].decode().lower(), match[2].decode("latin-1")))
        hosts = [value for name, value in fields if name == "host"]
        if not hosts or (len(hosts) > 1 and self._fault != "two Hosts"):
            raise Refused
        return start[1].decode(), start[2].decode(), fields

    async def _line(self, reader: StreamReader) -> bytes:
        try:
            line = await reader.readuntil(b"\n")
        except LimitOverrunError:
            raise Refused(self._too_large) from None
        if line.endswith(b"\r\n"):
            return line[:-2]
        if self._fault != "bare LF":
            raise Refused
        return line[:-1]

    async def _body(self, reader: StreamReader, fields: list[tuple[str, str]]) -> bytes:
        lengths = [value for name, value in fields if name == "content-length"]
        codings = [value for name, value in fields if name == "transfer-encoding"]
        if codings and codings != ["chunked"]:
            raise Refused
        if codings and lengths and self._fault != "both framings":
            raise Refused
        if codings:
            return await self._chunks(reader)
        if len(lengths) > 1 or not re.fullmatch("[0-9]{1,6}", lengths[0] if lengths else "0"):
            raise Refused
        return await reader.readexactly(int(lengths[0])) if lengths else b""

    async def _chunks(self, reader: StreamReader) -> bytes:
        found = b""
        while True:
            size = await self._line(reader)
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,6}", size):
                raise Refused
            found += await reader.readexactly(int(size, 16))
            if await self._line(reader):
                raise Refused
            if not int(size, 16):
                return found

    def _answer(
        self, writer: StreamWriter, method: str, target: str, fields: list[tuple[str, str]], body: bytes
    ) -> None:
        path, _, query = target.partition("?")
        status, content, *lines = self._resource(method, unquote(path), query, dict(fields), body)
        _send(writer, status, content, *lines, bare=method == "HEAD" and self._fault != "HEAD with content")

    def _resource(
        self, method: str, path: str, query: str, fields: dict[str, str], body: bytes
    ) -> tuple[int, bytes, *tuple[str, ...]]:
        if self._fault == "slash at the end" and len(path) > 1:
            path = path.removesuffix("/")
        reads = method in ("GET", "HEAD")
        if path == "/" and reads:
            return 200, b"hello"
        if path == "/echo" and reads:
            return 200, self._echo(query, fields), "Content-Type: application/json"
        if path == "/file" and reads:
            return self._file(fields.get("range", ""))
        if path == "/items" and method in ("GET", "HEAD", "POST"):
            return self._collection(method, body)
        if path.startswith("/items/") and method in ("GET", "HEAD", "DELETE"):
            return self._item(method, path.removeprefix("/items/"))
        known = path in ("/", "/echo", "/file", "/items") or path.startswith("/items/")
        return (405, b"no such method") if known and self._fault != "404 for 405" else (404, b"not here")

    def _echo(self, query: str, fields: dict[str, str]) -> bytes:
        if self._fault == "plus is no blank":
            query = query.replace("+", "%2B")
        said = {name: value for name, value in fields.items() if name != "host"}
        if self._fault == "lower-case value":
            said = {name: value.lower() for name, value in said.items()}
        return json.dumps({"query": parse_qsl(query, encoding="latin-1"), "fields": said}).encode()

    def _file(self, wanted: str) -> tuple[int, bytes, *tuple[str, ...]]:
        match = _RANGE.fullmatch(wanted)
        if match is None or int(match[1]) > int(match[2]) or int(match[1]) >= len(_FILE):
            return 200, _FILE
        end = min(int(match[2]), len(_FILE) - 1) + (0 if self._fault == "range off by one" else 1)
        return 206, _FILE[int(match[1]) : end], f"Content-Range: bytes {match[1]}-{match[2]}/{len(_FILE)}"

    def _collection(self, method: str, body: bytes) -> tuple[int, bytes, *tuple[str, ...]]:
        if method != "POST":
            return 200, json.dumps(len(self._items)).encode(), "Content-Type: application/json"
        self._made += 1
        self._items[str(self._made)] = body.decode("latin-1")
        while len(self._items) > 50:
            del self._items[next(iter(self._items))]
        made = json.dumps({"id": self._made}).encode()
        return 201, made, f"Location: /items/{self._made}", "Content-Type: application/json"

    def _item(self, method: str, id: str) -> tuple[int, bytes]:
        if id not in self._items:
            return 404, b"not here"
        if method == "DELETE":
            if self._fault != "DELETE keeps":
                del self._items[id]
            return 204, b""
        return 200, self._items[id].encode()


def _send(writer: StreamWriter, status: int, content: bytes, *lines: str, bare: bool = False) -> None:
    lines = (f"Date: {formatdate(usegmt=True)}", *lines)
    sized = [] if status == 204 else [f"Content-Length: {len(content)}"]
    head = "\r\n".join((f"HTTP/1.1 {status} {_REASONS.get(status, 'Other')}", *lines, *sized, "", ""))
    writer.write(head.encode("latin-1") + (b"" if bare else content))


_REASONS = {200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content", 400: "Bad Request", 404: "Not Found"}


async def _linger(reader: StreamReader, writer: StreamWriter) -> None:
    """Close in order: what is not read when a socket is closed would make the kernel reset it, and lose the answer."""
    writer.write_eof()
    try:
        async with asyncio.timeout(2):
            while await reader.read(65536):
                pass
    except (TimeoutError, ConnectionError):
        pass


async def main(fault: str) -> None:
    """Serve until the process is ended."""
    server = await asyncio.start_server(Service(fault).serve, "127.0.0.1", 0)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
