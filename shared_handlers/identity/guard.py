"""The door of what only users may have: who asks is found before the endpoint runs, and before any content is read."""

from __future__ import annotations

from shared_handlers.identity.developer import Developer
from shared_handlers.identity.sessions import Sessions
from shared_handlers.identity.tokens import InvalidToken, Tokens
from shared_handlers.message import Endpoint, Request, Response, Upgrade
from shared_handlers.policies import credentials
from shared_handlers.routes import Route
from shared_handlers.user import User


class Guard:
    """Finds who asks: by token, else by session, else, in development, the developer."""

    __slots__ = ("_developer", "sessions", "tokens")

    def __init__(self, tokens: Tokens, sessions: Sessions, developer: Developer | None = None) -> None:
        """`developer` is let in without credentials, in development."""
        self.tokens = tokens
        self.sessions = sessions
        self._developer = developer

    async def user(self, request: Request) -> User | None:
        """Who asks, if anybody says so; HTTPError 400 or 401 for credentials that are malformed or not valid, 403 for a
        request without a token that another site may have made, and 421 for the developer's at another host."""
        offered = credentials.bearer(request)
        if offered is not None:
            try:
                return await self.tokens.user_of(offered.token)
            except InvalidToken:
                raise credentials.invalid() from None
        user = await self.sessions.user_of(request)
        if user is not None:
            credentials.check_same_site(request)
            return user
        return None if self._developer is None else self._developer.user(request)

    def guarded(self, route: Route) -> Route:
        """The route behind this door, if it is for users only."""
        if route.access == "public":
            return route
        return route._replace(endpoint=self._behind(route.endpoint, route.scope), waits=True)

    def _behind(self, endpoint: Endpoint, scope: str) -> Endpoint:
        async def admitted(request: Request) -> Response | Upgrade:
            user = await self.user(request)
            if user is None:
                raise credentials.missing()
            if scope and scope not in user.scopes:
                raise credentials.insufficient(scope)
            request.user = user
            return await endpoint(request)

        return admitted
