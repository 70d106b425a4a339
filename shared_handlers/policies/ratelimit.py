"""Token buckets: how many requests a client, and a user, may make; counted in each process.

The algorithm is GCRA, a token bucket that needs one number a key; it and the bounded memory are throttled-py's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta

from throttled import RateLimiterType, RateLimitResult, Throttled, rate_limiter, store

from shared_handlers.errors import HTTPError
from shared_handlers.message import Endpoint, Field, Request, Response, Upgrade
from shared_handlers.routes import Route

MOST_KEYS = 100_000
"""Clients that are remembered; whoever asked longest ago is forgotten first, as if it had never asked."""
Key = Callable[[Request], str]


class Limiter:
    """One kind of bucket, and one bucket of it for each key."""

    __slots__ = ("_name", "_policy", "_throttled")

    def __init__(self, name: str, requests: int, seconds: int, burst: int) -> None:
        """`requests` in `seconds` on average, `burst` of them at once; `name` is what clients are shown."""
        quota = rate_limiter.Quota(rate_limiter.Rate(timedelta(seconds=seconds), requests), burst)
        self._name = name
        self._policy: Field = ("RateLimit-Policy", f'"{name}";q={burst};w={seconds}')
        self._throttled = Throttled(
            using=RateLimiterType.GCRA.value, quota=quota, store=store.MemoryStore(options={"MAX_SIZE": MOST_KEYS})
        )

    def around(self, endpoint: Endpoint, key: Key) -> Endpoint:
        """The endpoint behind this limit. HTTPError 429 (RFC 6585 section 4) says in Retry-After when to come again."""

        async def limited(request: Request) -> Response | Upgrade:
            found = self._throttled.limit(key(request))
            fields = self._fields(found)
            if found.limited:
                wait = max(1, math.ceil(found.state.retry_after))
                raise HTTPError(
                    429,
                    f"There were too many requests: come again in {wait} s.",
                    (("Retry-After", str(wait)), ("Cache-Control", "no-store"), *fields),
                )
            try:
                answer = await endpoint(request)
            except HTTPError as error:
                error.headers = (*error.headers, *fields)
                raise
            if isinstance(answer, Upgrade):
                return answer
            return Response(answer.status, (*answer.headers, *fields), answer.body)

        return limited

    def _fields(self, found: RateLimitResult) -> tuple[Field, ...]:
        """draft-ietf-httpapi-ratelimit-headers: what is left, and after how many seconds all of it is there again."""
        left, reset = max(0, found.state.remaining), math.ceil(round(found.state.reset_after, 3))
        return self._policy, ("RateLimit", f'"{self._name}";r={left};t={reset}')


class Limits:
    """The limits of the service: of each client's address, and of each user behind the door."""

    __slots__ = ("_clients", "_users")

    def __init__(self, requests: int, seconds: int, burst: int) -> None:
        self._clients = Limiter("client", requests, seconds, burst)
        self._users = Limiter("user", requests, seconds, burst)

    def of_clients(self, route: Route) -> Route:
        """The route behind the limit of addresses."""
        return route._replace(endpoint=self._clients.around(route.endpoint, _client))

    def of_users(self, route: Route) -> Route:
        """The route, to which only users come, behind the limit of users."""
        return route._replace(endpoint=self._users.around(route.endpoint, _user))


def _client(request: Request) -> str:
    return request.client


def _user(request: Request) -> str:
    assert request.user is not None  # noqa: S101  (the door lets nobody else through)
    return request.user.key
