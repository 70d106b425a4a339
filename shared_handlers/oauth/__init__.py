"""Signing in with an OAuth 2.0 or OpenID Connect provider: this service is the client (RFC 6749, RFC 7636).

`client` is imported by whoever has providers: it and what it needs take longer to load than the rest of a server.
"""

from shared_handlers.oauth.logins import Login, Logins
from shared_handlers.oauth.providers import Endpoints, OAuthFailure, resolve

__all__ = ["Endpoints", "Login", "Logins", "OAuthFailure", "resolve"]
