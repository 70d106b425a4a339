"""A bare aiohttp handler that does the visible work of `/health`: what our aiohttp host is measured against."""

from __future__ import annotations

import asyncio
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
    fields = visible.fields(visible.request_id(request.headers.get("X-Request-ID")))
    return web.Response(body=visible.health("bare"), headers=fields, content_type="application/json")


async def serve() -> None:
    application = web.Application()
    application.router.add_get("/health", health)
    runner = web.AppRunner(application, access_log_class=AccessLogger, keepalive_timeout=75)
    await runner.setup()
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    await web.SockSite(runner, listening).start()
    print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
