"""`/ask`: a question in natural language, answered as a stream of events or as one document."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

import orjson

from shared_handlers import sse
from shared_handlers.accept import VARY_ACCEPT
from shared_handlers.conversations.recording import Thread
from shared_handlers.errors import HTTPError
from shared_handlers.heartbeat import with_heartbeats
from shared_handlers.message import Endpoint, Request, Response, json_response
from shared_handlers.nlweb import Message, Question, message, read_question
from shared_handlers.nlweb.question import EVERY_SITE, asked_sites
from shared_handlers.parameters import Parameters, read_parameters
from shared_handlers.policies import credentials
from shared_handlers.policies.problems import problem_object
from shared_handlers.routes import Route
from shared_handlers.services import Services
from shared_handlers.user import User

FORBIDDEN = 403
_PRIVATE = ("Cache-Control", "no-store")
_JSON = (("Content-Type", "application/json"), VARY_ACCEPT)
_FAILED = "The question could not be answered."


def routes(services: Services) -> tuple[Route, ...]:
    """GET and POST `/ask`."""
    endpoint = _ask(services)
    return tuple(Route(method, "/ask", endpoint, "ask", waits=True) for method in ("GET", "POST"))


def _ask(services: Services) -> Endpoint:
    async def ask(request: Request) -> Response:
        """What the parameters ask for; HTTPError 400 names the one that is wrong. HEAD searches nothing."""
        parameters = await read_parameters(request)
        question = await _question(services, request, parameters)
        thread = await _thread(services, question, request)
        if parameters.streaming(request, otherwise=True):
            events = _events(services, question, thread, request.id)
            return Response(
                200, (*sse.FIELDS, VARY_ACCEPT), with_heartbeats(events, services.settings.nlweb.heartbeat_seconds)
            )
        # What an uploaded site says may be for who asks alone.
        private = () if services.index.sites.keys() >= set(question.sites) else (_PRIVATE,)
        if request.method == "HEAD":
            return Response(
                200, (*_JSON, *private), _nothing()
            )  # no length: finding it out is the work that HEAD saves
        document = await services.answerer.document(question)
        if thread is not None:
            await thread.record(document)
        return json_response(document, headers=(VARY_ACCEPT, *private))

    return ask


async def _question(services: Services, request: Request, parameters: Parameters) -> Question:
    """Sites that were uploaded, and who asks for them, are looked for only where a name is none of the configured ones."""
    known = services.index.sites
    others = asked_sites(parameters).difference(known, (EVERY_SITE,))
    if not others:
        return read_question(parameters, known)
    user = await _user(services, request)
    return read_question(parameters, known, await services.uploaded.visible(others, user and user.key))


async def _user(services: Services, request: Request) -> User | None:
    """Who asks, if anybody says so; to another site's page, which a cookie does not vouch for, everybody is a stranger."""
    try:
        return await services.guard.user(request)
    except HTTPError as error:
        if error.status == FORBIDDEN:
            return None
        raise


async def _thread(services: Services, question: Question, request: Request) -> Thread | None:
    """The conversation in which this is to be kept: HTTPError 401 when nobody says whose it is, 404 when it is not theirs.

    Only POST keeps anything (RFC 9110 section 9.2.1): any page can make a browser send a GET with its user's cookie.
    """
    if not question.thread_id or request.method == "HEAD":
        return None
    user = await services.guard.user(request)
    if user is None:
        raise credentials.missing()
    await services.conversations.get(user.key, question.thread_id)
    return Thread(services.conversations, user.key, question.thread_id) if request.method == "POST" else None


async def _nothing() -> AsyncGenerator[bytes, None]:
    return
    yield b""


async def _events(
    services: Services, question: Question, thread: Thread | None, request_id: str
) -> AsyncGenerator[bytes, None]:
    """The messages as events; after a failure `error` and `complete`, without which a browser would ask for ever."""
    answer = services.answerer.messages(question)
    try:
        async with aclosing(answer if thread is None else thread.recorded(question, answer)) as messages:
            async for step in messages:
                yield sse.event(orjson.dumps(step))
    except Exception as error:
        if not isinstance(error, HTTPError):
            services.log.failure("answering failed", error, request_id=request_id)
        for step in _failure(error, question.query_id, request_id):
            yield sse.event(orjson.dumps(step))


def _failure(error: Exception, query_id: str, request_id: str) -> Iterator[Message]:
    """What a client may know: an HTTPError's own words, of anything else that it happened."""
    status, detail = (error.status, error.detail) if isinstance(error, HTTPError) else (500, _FAILED)
    yield message("error", query_id, problem=problem_object(status, detail, request_id))
    yield message("complete", query_id)
