"""One request and its final answer."""

from __future__ import annotations

import time
from collections.abc import Coroutine
from typing import Any, cast

from legacy.connection import Connection
from legacy.content import Content
from legacy.delivery import Delivery
from legacy.fields import fields
from legacy.head import Head
from legacy.site import Site
from legacy.stream import Gone, Late, Stream
from legacy.websocket import talk
from legacy.writer import WITHOUT_CONTENT, Framing
from legacy.writer import head as encode_head
from shared_handlers.body import NO_BODY, LazyBody
from shared_handlers.errors import HTTPError, Unsound
from shared_handlers.message import File, Request, Response, Upgrade
from shared_handlers.routes import Resource

CLIENT_LEFT = 499
TOO_LARGE = 413
_ANSWERS = (Response, Upgrade)


async def exchange(site: Site, connection: Connection, stream: Stream, head: Head) -> bool:
    """Answer the request of `head`, and record it; True when the connection can take another one."""
    started = time.monotonic()
    content = None
    if head.length == 0:
        request, resource = site.request(head, NO_BODY, stream.peer)
    else:
        content = Content(head, connection, stream, site.server.body_timeout)
        body = LazyBody(
            content, length=head.length, limit=site.server.max_body, coding=head.headers.get("Content-Encoding")
        )
        request, resource = site.request(head, body, stream.peer)
    delivery = Delivery(stream, site.host)
    status = CLIENT_LEFT
    keep = False
    try:
        answer = await _answer(site, connection, stream, request, resource, whole=content is None or content.arrived)
        if isinstance(answer, Upgrade) and not connection.between:
            answer = site.pipeline.failure(HTTPError(400, "An upgrade can't come with content."), request.id)
        if isinstance(answer, Upgrade):
            status = 101
            await talk(site, stream, connection.unused(), request, answer)
        else:
            status = answer.status
            keep = await _deliver(site, connection, stream, request, answer, content, delivery)
    except Gone:
        status = CLIENT_LEFT
        raise
    finally:
        site.record(request, resource, status, delivery.sent, time.monotonic() - started)
    return keep and connection.reusable and (content is None or content.ended or await content.skip())


async def _answer(
    site: Site, connection: Connection, stream: Stream, request: Request, resource: Resource | None, *, whole: bool
) -> Response | Upgrade:
    """What the policies and the endpoint give: whatever goes wrong there becomes a problem.

    `whole` says that the request's content is here.
    """
    try:
        early = site.pipeline.before(request, resource)
        if early is not None:
            return early
        assert resource is not None  # noqa: S101  (or there would be an early answer)
        endpoint, waits = resource.of(request.method)
        # An endpoint is an async function: its awaitable is a coroutine.
        work = cast(Coroutine[Any, Any, object], endpoint(request))
        answer = await stream.run(work, within=site.server.timeout, waits=waits or not whole)
        if not isinstance(answer, _ANSWERS):
            raise TypeError(f"the endpoint gave {type(answer).__name__}, not a Response or an Upgrade")
        return answer
    except Gone:
        raise
    except Late:
        return site.pipeline.failure(HTTPError(504, "The answer took too long."), request.id)
    except Exception as error:
        if isinstance(error, Unsound):
            connection.reusable = False
        return site.pipeline.failure(error, request.id)


async def _deliver(
    site: Site, connection: Connection, stream: Stream, request: Request, response: Response,
    content: Content | None, delivery: Delivery,
) -> bool:  # fmt: skip
    """Send the answer; True when the connection can take another request."""
    body = response.body
    framing = _framing(request, response)
    keep = connection.reusable and not site.host.draining and framing != "close"
    if keep and content is not None and (framing == "none" or isinstance(body, bytes | File)):
        skippable = content.skip_arrived() and (content.ended or response.status != TOO_LARGE)
        keep = skippable and connection.reusable
    own, added = fields(site, request, response)
    head = encode_head(response.status, request.version, own, framing, _connection(request, response, keep), added)
    try:
        await delivery.send(head, body, framing, bodiless=framing == "none" or request.method == "HEAD")
    except Gone:
        raise
    except Exception as error:
        # The head has been sent: all that can be done is not to let the answer look whole (RFC 9112 section 8).
        site.pipeline.log.failure("stream failed", error, request_id=request.id)
        stream.abort(reset=framing == "close")
        return False
    return keep


def _framing(request: Request, response: Response) -> Framing:
    """RFC 9112 section 6: to HTTP/1.0 a stream ends with the connection."""
    if response.status in WITHOUT_CONTENT:
        return "none"
    body = response.body
    if isinstance(body, bytes):
        return len(body)
    if isinstance(body, File):
        return body.length
    return "chunked" if request.version >= (1, 1) else "close"


def _connection(request: Request, response: Response, keep: bool) -> str:
    """RFC 9112 section 9.3: only what is not the version's own default is said."""
    if response.status == 426:
        return "upgrade" if keep else "upgrade, close"
    if request.version == (1, 0):
        return "keep-alive" if keep else ""
    return "" if keep else "close"
