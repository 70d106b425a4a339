"""From aiohttp's request to the application's, and from its answer back: one function in, one out."""

from __future__ import annotations

from aiohttp import hdrs, web
from multidict import CIMultiDict, CIMultiDictProxy

from aiohttp_server.content import Content
from aiohttp_server.exchange import NO_CONTENT, Exchange, Runtime
from aiohttp_server.protocol import Connection
from aiohttp_server.streams import send_file, send_large, send_stream
from aiohttp_server.websocket import talk
from shared_handlers import grammar
from shared_handlers.body import NO_BODY, LazyBody
from shared_handlers.message import Body, File, Headers, Request, Response, Upgrade


def incoming(web_request: web.Request, runtime: Runtime) -> Request:
    """The request as endpoints see it; nothing of its content is read."""
    target = web_request.raw_path
    headers = web_request.headers
    if target.startswith("/"):
        path, _, query = target.partition("?")
    else:
        path, query, authority = grammar.parse_target(target)
        headers = _with_host(headers, authority)
    # No cast here, for it is a call; and by position below, for so many names would cost a microsecond.
    connection: Connection = web_request.protocol  # type: ignore[assignment]
    return Request(
        web_request.method, target, path, query, web_request.version, headers, web_request.match_info,
        _body(web_request, runtime) if web_request.body_exists else NO_BODY,
        connection.peer, connection.scheme, runtime.host, runtime.pipeline.identify(headers),
    )  # fmt: skip


async def outgoing(web_request: web.Request, answer: object) -> web.StreamResponse:
    """Send an endpoint's answer whose content is not at hand, or large.

    TypeError when the endpoint gave something else than an answer.
    """
    match answer:
        case Response(body=File() as file):
            return await send_file(web_request, answer, file)
        case Response(body=bytes() as body):
            return await send_large(web_request, answer, body)
        case Response():
            return await send_stream(web_request, answer)
        case Upgrade():
            return await talk(web_request, answer)
    raise TypeError(f"the endpoint gave {type(answer).__name__}, not a Response or an Upgrade")


def sized(web_request: web.Request, exchange: Exchange, answer: Response, body: bytes) -> web.Response:
    """An answer whose content is at hand, for aiohttp to send."""
    response = web.Response(status=answer.status, headers=answer.headers, body=body)
    headers = response.headers
    exchange.typed = hdrs.CONTENT_TYPE in headers
    if answer.status in NO_CONTENT:
        return response
    if web_request.method == hdrs.METH_HEAD:
        # As GET has it (RFC 9110 section 9.3.2); aiohttp leaves a zero out.
        headers[hdrs.CONTENT_LENGTH] = str(len(body))
    else:
        exchange.sent = len(body)
    return response


def _body(web_request: web.Request, runtime: Runtime) -> Body:
    limits = runtime.settings.server
    headers = web_request.headers
    return LazyBody(
        Content(web_request, limits.body_timeout),
        length=web_request.content_length,
        limit=limits.max_body,
        coding=headers.get(hdrs.CONTENT_ENCODING),
    )


def _with_host(headers: Headers, authority: str | None) -> Headers:
    """The authority of an absolute-form target stands in for the Host field (RFC 9112 section 3.2.2)."""
    if authority is None:
        return headers
    changed = CIMultiDict(headers)
    changed[hdrs.HOST] = authority
    return CIMultiDictProxy(changed)
