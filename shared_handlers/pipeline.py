"""The policies in their one order; each server applies them with its own means."""

from __future__ import annotations

from multidict import istr

from shared_handlers import grammar
from shared_handlers.errors import HTTPError
from shared_handlers.forwarded import Proxies
from shared_handlers.logs import Log
from shared_handlers.message import Field, Headers, Request, Response
from shared_handlers.metrics import Metrics
from shared_handlers.policies import access, cors, problems, request_id
from shared_handlers.routes import ANY_METHOD, METHODS, Resource
from shared_handlers.settings import Settings

_SERVER_WIDE = ", ".join(METHODS)
# An istr is looked up without being lowered first.
_REQUEST_ID = istr("X-Request-ID")
_EXPECT = istr("Expect")
_USER_AGENT = istr("User-Agent")
_TRACEPARENT = istr("traceparent")
_HTTP11 = (1, 1)
_NOT_SNIFFED: Field = ("X-Content-Type-Options", "nosniff")


class Pipeline:
    """What is decided for every request before and after its endpoint: pure, and the same on every server."""

    __slots__ = ("_cors", "_debug", "_max_body", "_proxied", "_proxies", "_skipped", "log", "metrics")

    def __init__(self, settings: Settings, log: Log, metrics: Metrics) -> None:
        self.log = log
        self.metrics = metrics
        self._cors = cors.Policy.of(settings)
        self._debug = settings.mode == "development"
        self._max_body = settings.server.max_body
        self._proxies = Proxies(settings.ratelimit.proxies)
        self._proxied = bool(settings.ratelimit.proxies)
        self._skipped = frozenset(settings.server.logging.skip_paths)

    def identify(self, headers: Headers) -> str:
        """The request's id: the client's `X-Request-ID` where it is acceptable, else a new one."""
        return request_id.choose(headers.get(_REQUEST_ID))

    def before(self, request: Request, resource: Resource | None) -> Response | None:
        """What is decided ahead of the endpoint: an answer that replaces it, or None to go on.

        `resource` is None when nothing matches the path. Raises HTTPError for a request that must not reach an
        endpoint: 400, 404, 405, 413, 417, 501, 505.
        """
        grammar.check(request)
        if self._proxied:
            self._proxies.restore(request)
        method = request.method
        if method == "OPTIONS":
            preflight = self._cors.preflight(request, resource)
            if preflight is not None:
                return preflight
            if request.target == "*":
                return Response(204, (("Allow", _SERVER_WIDE),))
        if resource is None:
            raise HTTPError(404, "There is nothing at this path.")
        if method not in resource.endpoints and ANY_METHOD not in resource.endpoints:
            raise _not_allowed(method, resource)
        if _EXPECT in request.headers:
            grammar.check_expectation(request.version, request.headers)
        limit = self._max_body
        if resource.max_body and method in resource.max_body:
            limit = resource.max_body[method]
            request.body.allow(limit)
        length = request.body.length
        if length is not None and length > limit:
            raise HTTPError(413, f"The content is longer than {limit} bytes.")
        return None

    def after(self, request: Request, vary: str | None) -> tuple[Field, ...]:
        """The fields that every final answer to `request` gets, errors and streams included.

        Each replaces the answer's own field of that name; `vary` is the answer's own `Vary`, which is kept in it.
        """
        return (("X-Request-ID", request.id), _NOT_SNIFFED, *self._cors.fields(request.headers, vary))

    def failure(self, error: Exception, request_id: str) -> Response:
        """The problem that answers `error`; anything but an HTTPError is a 500 and is logged with its traceback."""
        if not isinstance(error, HTTPError):
            self.log.failure("endpoint failed", error, request_id=request_id)
        return problems.problem(error, request_id, debug=self._debug)

    def unparsed(self, error: HTTPError) -> tuple[str, Response]:
        """The answer, with all its fields, to bytes that never became a request; and the id made for it.

        A 400 tells no more than that: what exactly is wrong is for the log, and no two parsers say it alike.
        """
        id = request_id.choose(None)
        if error.status == 400:
            error = HTTPError(400, "The request is malformed.")
        answer = problems.problem(error, id, debug=False)
        fields = (("X-Request-ID", id), _NOT_SNIFFED, *self._cors.fields(None, None))
        return id, Response(answer.status, (*answer.headers, *fields), answer.body)

    # What follows takes a dozen arguments by position, for to put them into an object first would cost a microsecond.

    def record(self, request: Request, resource: Resource | None, status: int, sent: int, seconds: float) -> None:
        """Count the exchange and write its access record: once for every final answer.

        The status is 499 when the client left before it had the whole answer; `sent` is bytes of content, without
        head and framing.
        """
        version = request.version
        self.metrics.observe(request.method, "" if resource is None else resource.pattern, status, sent, seconds)
        if request.path in self._skipped:
            return
        headers = request.headers
        self.log.access(
            access.record(
                request.id, request.peer, request.method, request.target,
                "HTTP/1.1" if version == _HTTP11 else "HTTP/{}.{}".format(*version),
                status, sent, seconds, headers.get(_USER_AGENT, ""), request.host.name, headers.get(_TRACEPARENT),
            )
        )  # fmt: skip

    def record_unparsed(self, id: str, peer: str, status: int, sent: int, seconds: float, server: str) -> None:
        """The same for an answer to bytes that never became a request."""
        self.metrics.observe("", "", status, sent, seconds)
        self.log.access(access.record(id, peer, "", "", "", status, sent, seconds, "", server))


def _not_allowed(method: str, resource: Resource) -> HTTPError:
    """501 for a method that no resource here has, else 405 (RFC 9110 sections 15.5.6 and 15.6.2)."""
    if method not in METHODS:
        return HTTPError(501, "This server does not support this method.")
    return HTTPError(405, f"This resource allows {resource.allow}.", (("Allow", resource.allow),))
