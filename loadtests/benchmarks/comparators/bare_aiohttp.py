"""A bare aiohttp handler that does the visible work of `/health`: what our aiohttp host is measured against."""

from __future__ import annotations

import asyncio
import os
import socket

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from loadtests.benchmarks.comparators import visible

_ID = "request-id"


class AccessLogger(AbstractAccessLogger):
    """The JSON line, through aiohttp's own hook."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        visible.log(
            response.headers["X-Request-ID"], request.remote or "", request.method, request.path_qs, response.status,
            response.body_length, time, request.headers.get("User-Agent", ""), "bare",
        )  # fmt: skip


async def health(request: web.Request) -> web.Response:
    return web.Response(body=visible.health("bare"), headers=_fields(request), content_type="application/json")


async def file(request: web.Request) -> web.FileResponse:
    return web.FileResponse(os.environ["BENCH_FILE"], headers=_fields(request))


async def events(request: web.Request) -> web.StreamResponse:
    """Fifty events, each written by itself, as aiohttp's documentation does it."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **_fields(request)})
    await response.prepare(request)
    for number in range(1, 51):
        await response.write(b"event: tick\nid: %d\ndata: event %d\ndata: of 50\n\n" % (number, number))
    await response.write_eof()
    return response


def _fields(request: web.Request) -> dict[str, str]:
    return visible.fields(visible.request_id(request.headers.get("X-Request-ID")))


async def serve() -> None:
    application = web.Application()
    application.router.add_get("/health", health)
    application.router.add_get("/file", file)
    application.router.add_get("/events", events)
    runner = web.AppRunner(application, access_log_class=AccessLogger, keepalive_timeout=75)
    await runner.setup()
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    await web.SockSite(runner, listening).start()
    print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
