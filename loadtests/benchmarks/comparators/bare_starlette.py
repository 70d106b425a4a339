"""Starlette on uvicorn with httptools and uvloop, doing the visible work of `/health`: what legacy is measured against."""

from __future__ import annotations

import socket
import time

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from loadtests.benchmarks.comparators import visible


async def health(request: Request) -> Response:
    started = time.perf_counter()
    id = visible.request_id(request.headers.get("x-request-id"))
    response = Response(visible.health("starlette"), headers=visible.fields(id), media_type="application/json")
    agent = request.headers.get("user-agent", "")
    peer = request.client.host if request.client else ""
    visible.log(
        id, peer, request.method, request.url.path, 200, len(response.body), time.perf_counter() - started, agent,
        "starlette",
    )  # fmt: skip
    return response


def serve() -> None:
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    application = Starlette(routes=[Route("/health", health)])
    configuration = uvicorn.Config(application, http="httptools", loop="uvloop", access_log=False, log_level="warning")
    print(f"listening on http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    uvicorn.Server(configuration).run(sockets=[listening])


if __name__ == "__main__":
    serve()
