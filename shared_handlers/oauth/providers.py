"""Where the providers are that everybody knows, and what they call things."""

from __future__ import annotations

from typing import Literal, NamedTuple

from shared_handlers.settings import Provider

ClientAuth = Literal["client_secret_basic", "client_secret_post"]


class OAuthFailure(Exception):
    """The provider refuses; `error` is a code of RFC 6749 section 5.2."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class Endpoints(NamedTuple):
    """What has to be known of a provider; empty URLs are asked of its issuer."""

    auth_url: str
    token_url: str
    userinfo_url: str
    scope: str
    client_auth: ClientAuth = "client_secret_post"

    @property
    def complete(self) -> bool:
        return bool(self.auth_url and self.token_url and self.userinfo_url)


KNOWN = {
    "google": Endpoints(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://openidconnect.googleapis.com/v1/userinfo",
        "openid email profile",
    ),
    "facebook": Endpoints(
        "https://www.facebook.com/v19.0/dialog/oauth",
        "https://graph.facebook.com/v19.0/oauth/access_token",
        "https://graph.facebook.com/v19.0/me?fields=id,name,email",
        "email public_profile",
    ),
    "microsoft": Endpoints(
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://graph.microsoft.com/oidc/userinfo",
        "openid email profile",
    ),
    "github": Endpoints(
        "https://github.com/login/oauth/authorize",
        "https://github.com/login/oauth/access_token",
        "https://api.github.com/user",
        "read:user user:email",
    ),
}


def resolve(name: str, provider: Provider) -> Endpoints:
    """What the configuration says, over what is known of a provider of that name."""
    known = KNOWN.get(name, Endpoints("", "", "", "openid email profile", "client_secret_basic"))
    return Endpoints(
        provider.auth_url or known.auth_url,
        provider.token_url or known.token_url,
        provider.userinfo_url or known.userinfo_url,
        provider.scope or known.scope,
        known.client_auth,
    )
