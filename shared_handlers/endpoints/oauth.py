"""`/oauth/…` and `/api/oauth/…`: signing in with a provider, and out again."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from shared_handlers.content import read_json
from shared_handlers.cookies import expired_cookie, set_cookie
from shared_handlers.errors import HTTPError
from shared_handlers.identity.tokens import InvalidToken
from shared_handlers.message import Field, Request, Response, json_response
from shared_handlers.oauth import Login, Logins, OAuthFailure
from shared_handlers.oauth.logins import SECONDS
from shared_handlers.policies import credentials
from shared_handlers.routes import Route, path_of
from shared_handlers.services import Services

if TYPE_CHECKING:
    from shared_handlers.oauth.client import Client

LOGIN, CALLBACK = "/oauth/login/{provider}", "/oauth/callback/{provider}"
_NOT_STORED: Field = ("Cache-Control", "no-store")
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")
"""A path of this site: `//host` and `/\\host` are other sites to a browser (WHATWG URL section 4.4)."""
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
_MAX_CODE = 4_096


def routes(services: Services) -> tuple[Route, ...]:
    """Everything about OAuth."""
    view = View(services)
    table = [
        ("GET", "/api/oauth/config", view.config, "oauth.config"),
        ("GET", LOGIN, view.login, "oauth.login"),
        ("GET", CALLBACK, view.callback, "oauth.callback"),
        ("POST", "/api/oauth/token", view.token, "oauth.token"),
    ]
    for method in ("GET", "POST"):
        table.append((method, "/api/oauth/validate", view.validate, "oauth.validate"))
        table.append((method, "/api/oauth/logout", view.logout, "oauth.logout"))
    return tuple(Route(*row, waits=True) for row in table)


class View:
    """The methods of these resources."""

    def __init__(self, services: Services) -> None:
        self._settings = services.settings.oauth
        self._clients = services.oauth
        self._guard = services.guard
        self._logins = Logins(services.state)
        self._secure = services.settings.mode == "production"
        self._cookie = "__Host-login" if self._secure else "login"

    async def config(self, request: Request) -> Response:
        """What a page needs to begin a login itself; never a secret."""
        shown: dict[str, Any] = {}
        for name, client in self._clients.items():
            endpoints = await client.endpoints()
            shown[name] = {
                "client_id": client.client_id,
                "auth_url": endpoints.auth_url,
                "scope": endpoints.scope,
                "redirect_uri": self._redirect_uri(request, name),
            }
        return json_response({"providers": shown}, headers=(_NOT_STORED,))

    async def login(self, request: Request) -> Response:
        """302 to the provider; `?next=` is the page of this site that is shown afterwards."""
        client = self._client(request.params["provider"])
        next = dict(request.query).get("next", "/")
        if _LOCAL.fullmatch(next) is None:
            raise HTTPError(400, "next must be a path of this site.")
        verifier = secrets.token_urlsafe(48)
        state, browser = await self._logins.begin(Login(client.name, verifier, next))
        target = await client.authorization(self._redirect_uri(request, client.name), state, verifier)
        # Lax: the provider's redirect back is a navigation from another site, and must bring it along.
        kept = set_cookie(self._cookie, browser, max_age=SECONDS, secure=self._secure)
        return Response(302, (("Location", target), kept, _NOT_STORED))

    async def callback(self, request: Request) -> Response:
        """303 to the page that was asked for, with a new session; HTTPError 400, 502, 504."""
        client = self._client(request.params["provider"])
        query = dict(request.query)
        browser = request.cookies.get(self._cookie, "")
        login = await self._logins.end(client.name, query.get("state", ""), browser)
        code = query.get("code", "")
        if not 0 < len(code) <= _MAX_CODE:
            raise HTTPError(400, "The provider sent no code: the login was refused or given up.")
        try:
            user = await client.user(code, self._redirect_uri(request, client.name), login.verifier)
        except OAuthFailure:
            raise HTTPError(400, "The provider does not take the code: begin again.") from None
        session = await self._guard.sessions.begin(user, request)
        over = expired_cookie(self._cookie, secure=self._secure)
        return Response(303, (("Location", login.next), session, over, _NOT_STORED))

    async def token(self, request: Request) -> Response:
        """A token for the code that a page got itself; errors as RFC 6749 section 5.2 has them."""
        asked = await read_json(request)
        if not isinstance(asked, dict) or not all(isinstance(value, str) for value in asked.values()):
            return _refused("invalid_request")
        client = self._clients.get(asked.get("provider", ""))
        code, verifier = asked.get("code", ""), asked.get("code_verifier", "")
        if client is None or not 0 < len(code) <= _MAX_CODE or _VERIFIER.fullmatch(verifier) is None:
            return _refused("invalid_request")
        redirect_uri = self._redirect_uri(request, client.name)
        if asked.get("redirect_uri") != redirect_uri:
            return _refused("invalid_request")
        try:
            user = await client.user(code, redirect_uri, verifier)
        except OAuthFailure as failure:
            return _refused(failure.error)
        tokens = self._guard.tokens
        answer = {"access_token": await tokens.issue(user), "token_type": "Bearer", "expires_in": tokens.seconds}
        return json_response(answer | {"user_info": user.info}, headers=(_NOT_STORED,))

    async def validate(self, request: Request) -> Response:
        """Whose token or session it is; 401 when it is nobody's."""
        user = await self._guard.user(request)
        if user is None:
            raise credentials.missing()
        return json_response({"valid": True, "user_info": user.info}, headers=(_NOT_STORED,))

    async def logout(self, request: Request) -> Response:
        """The token is revoked, the session over, on every server."""
        offered = credentials.bearer(request)
        if offered is not None:
            try:
                await self._guard.tokens.revoke(offered.token)
            except InvalidToken:
                raise credentials.invalid() from None
            return json_response({"success": True}, headers=(_NOT_STORED,))
        # Also by GET: an image on another site's page must log nobody out.
        credentials.check_same_site(request, always=await self._guard.sessions.user_of(request) is not None)
        return json_response({"success": True}, headers=(await self._guard.sessions.end(request), _NOT_STORED))

    def _client(self, name: str) -> Client:
        client = self._clients.get(name)
        if client is None:
            raise HTTPError(404, "There is no such provider.")
        return client

    def _redirect_uri(self, request: Request, name: str) -> str:
        """As it is configured, or at the address that the request came to; the provider knows which may be."""
        configured = self._settings.providers[name].redirect_uri
        return configured or f"{request.scheme}://{request.authority}{path_of(CALLBACK, provider=name)}"


def _refused(error: str) -> Response:
    return json_response({"error": error}, 400, (_NOT_STORED,))
