"""The answer to bytes that never became a request, which is the last of its connection."""

from __future__ import annotations

import time

from aiohttp import hdrs, web

from aiohttp_server.exchange import Runtime
from shared_handlers.errors import HTTPError
from shared_handlers.hosting import SERVER


async def answer_unparsed(
    request: web.BaseRequest, runtime: Runtime, error: HTTPError, peer: str
) -> web.StreamResponse:
    """Send the problem and record it; `request` is aiohttp's stand-in for the one that there is not."""
    began = time.monotonic()
    id, response = unparsed(runtime, error)
    await response.prepare(request)
    await response.write_eof()
    bodiless = request.method == hdrs.METH_HEAD
    sent = len(response.body) if isinstance(response.body, bytes) and not bodiless else 0
    seconds = time.monotonic() - began
    runtime.pipeline.record_unparsed(id, peer, error.status, sent, seconds, runtime.host.name)
    return response


def unparsed(runtime: Runtime, error: HTTPError) -> tuple[str, web.Response]:
    """The problem as aiohttp sends it, and the id made for it."""
    id, answer = runtime.pipeline.unparsed(error)
    response = web.Response(status=answer.status, headers=answer.headers, body=answer.body)
    response.headers[hdrs.SERVER] = SERVER
    response.force_close()
    return id, response
