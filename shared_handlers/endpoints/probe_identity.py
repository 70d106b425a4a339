"""Probe endpoints that let tests be somebody without a provider (mode testing only)."""

from __future__ import annotations

from shared_handlers.errors import HTTPError
from shared_handlers.message import Request, Response, json_response
from shared_handlers.routes import Route
from shared_handlers.services import Services
from shared_handlers.user import User

_NOT_STORED = ("Cache-Control", "no-store")


def routes(services: Services) -> tuple[Route, ...]:
    """Logging in by name, and what only users may see."""
    guard = services.guard

    async def login(request: Request) -> Response:
        """A token and a session of whoever the path names, with the scopes of `?scope=`."""
        scopes = frozenset(filter(None, dict(request.query).get("scope", "").split(" ")))
        name = request.params["user"]
        user = User(name, name.partition("-")[0].title(), f"{name}@example.org", "probe", scopes)
        try:
            issued = await guard.tokens.issue(user)
        except ValueError:
            raise HTTPError(400, "No token could name this user.") from None
        cookie = await guard.sessions.begin(user, request)
        token = {"access_token": issued, "token_type": "Bearer", "expires_in": guard.tokens.seconds}
        return json_response(token | {"user_info": user.info}, headers=[_NOT_STORED, cookie])

    return (
        Route("POST", "/probe/login/{user}", login, "probe.login", waits=True),
        Route("GET", "/probe/whoami", _me, "probe.whoami", access="user"),
        Route("POST", "/probe/whoami", _me, "probe.whoami", access="user"),
        Route("GET", "/probe/admin", _me, "probe.admin", access="user", scope="admin"),
    )


async def _me(request: Request) -> Response:
    assert request.user is not None  # noqa: S101  (the door lets nobody else through)
    content = await request.body.read()
    return json_response({"user": request.user.info, "bytes": len(content)}, headers=[_NOT_STORED])
