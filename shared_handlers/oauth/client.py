"""What is asked of a provider, by Authlib over httpx2: within a time, and no more than a limit of bytes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2 as httpx
import orjson
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from shared_handlers.ascii import lower
from shared_handlers.errors import HTTPError
from shared_handlers.identity.claims import EMAIL, NAME, SUBJECT, text_of
from shared_handlers.oauth.providers import Endpoints, OAuthFailure
from shared_handlers.oauth.transport import BoundedTransport
from shared_handlers.user import User

_TOKEN: Final = re.compile(r"[!-~]{1,8192}")
_URL: Final = re.compile(r"https?://[!-~]{1,2000}")
_DISCOVERY: Final = "/.well-known/openid-configuration"
_ASK_FOR_JSON: Final = {"Accept": "application/json"}
# RFC 6749 section 5.2: what may be passed on; anything else a provider says is its own business.
_ERRORS: Final = frozenset({"invalid_request", "invalid_grant", "invalid_scope"})


class Client:
    """This service, as one provider knows it."""

    def __init__(
        self, name: str, endpoints: Endpoints, client_id: str, secret: str, issuer: str | None, seconds: float
    ) -> None:
        """Endpoints that are not known are found at the issuer (OpenID Connect Discovery 1.0 section 4) when they are needed.
        A question takes `seconds` at most."""
        self.name = name
        self.client_id = client_id
        self._secret = secret
        self._endpoints = endpoints
        self._issuer = issuer
        self._seconds = seconds

    async def endpoints(self) -> Endpoints:
        """Where to ask; HTTPError 502 and 504."""
        if not self._endpoints.complete and self._issuer:
            async with self._session() as session:
                found = await self._asked(
                    session.request("GET", self._issuer.rstrip("/") + _DISCOVERY, withhold_token=True)
                )
            told = _object(found)
            if found.status_code != 200 or told.get("issuer") != self._issuer:
                raise _wrong()
            auth, token, userinfo = (
                _endpoint(told, name, self._issuer) for name in ("authorization", "token", "userinfo")
            )
            self._endpoints = self._endpoints._replace(auth_url=auth, token_url=token, userinfo_url=userinfo)
        return self._endpoints

    async def authorization(self, redirect_uri: str, state: str, verifier: str) -> str:
        """Where to send the browser (RFC 6749 section 4.1.1, with the S256 challenge of RFC 7636 section 4.3)."""
        endpoints = await self.endpoints()
        async with self._session(redirect_uri) as session:
            url, _ = session.create_authorization_url(endpoints.auth_url, state=state, code_verifier=verifier)
        return str(url)

    async def user(self, code: str, redirect_uri: str, verifier: str) -> User:
        """Who the code stands for; OAuthFailure when the provider does not take it, HTTPError 502 and 504.

        It is asked over a connection that this service opened itself, so what it says of the user needs no signature.
        """
        endpoints = await self.endpoints()
        async with self._session(redirect_uri) as session:
            session.register_compliance_hook("access_token_response", _granted)
            await self._asked(
                session.fetch_token(endpoints.token_url, code=code, code_verifier=verifier, headers=dict(_ASK_FOR_JSON))
            )
            told = await self._asked(session.get(endpoints.userinfo_url, headers=_ASK_FOR_JSON))
        if told.status_code != 200:
            raise _wrong()
        return _user(_object(told), self.name)

    def _session(self, redirect_uri: str | None = None) -> Any:
        return AsyncOAuth2Client(
            self.client_id,
            self._secret,
            token_endpoint_auth_method=self._endpoints.client_auth,
            redirect_uri=redirect_uri,
            scope=self._endpoints.scope,
            code_challenge_method="S256",
            timeout=self._seconds,
            transport=BoundedTransport(),
            trust_env=False,
        )

    async def _asked(self, question: Any) -> Any:
        try:
            async with asyncio.timeout(self._seconds):  # in all: httpx limits each step
                return await question
        except (TimeoutError, httpx.TimeoutException):
            raise HTTPError(504, f"{self.name} did not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL, AuthlibBaseError, ValueError, KeyError, TypeError):
            raise _wrong() from None


def _object(response: httpx.Response) -> Mapping[str, Any]:
    told = orjson.loads(response.content)
    if not isinstance(told, dict):
        raise _wrong()
    return told


def _granted(response: httpx.Response) -> httpx.Response:
    """The token alone, as Authlib may read it; OAuthFailure when there is none for this code (RFC 6749 section 5.2)."""
    told = _object(response)
    error, kind, token = told.get("error"), told.get("token_type", "Bearer"), told.get("access_token")
    if isinstance(error, str) and response.status_code < 500:
        raise OAuthFailure(error if error in _ERRORS else "invalid_grant")
    if response.status_code != 200 or not isinstance(token, str) or _TOKEN.fullmatch(token) is None:
        raise _wrong()
    if not isinstance(kind, str) or lower(kind) != "bearer":
        raise _wrong()
    return httpx.Response(200, json={"access_token": token, "token_type": "Bearer"}, request=response.request)


def _user(claims: Mapping[str, Any], provider: str) -> User:
    """Whom the claims name; a name or an address that can't be one is left out.

    A `sub` is a text of 1 to 255 characters (OpenID Connect Core section 2); what has none has an `id`, a text or a number.
    """
    id = claims["sub"] if "sub" in claims else claims.get("id")
    if "sub" not in claims and isinstance(id, int) and not isinstance(id, bool):
        id = str(id)
    found = text_of(SUBJECT, id)
    if found is None:
        raise _wrong()
    names = (text_of(NAME, claims.get(name)) for name in ("name", "login", "email"))
    return User(found, next(filter(None, names), ""), text_of(EMAIL, claims.get("email")) or "", provider)


def _endpoint(told: Mapping[str, Any], name: str, issuer: str) -> str:
    """One of the URLs that an issuer says it has; over TLS if it is itself."""
    url = told.get(f"{name}_endpoint")
    if not isinstance(url, str) or _URL.fullmatch(url) is None:
        raise _wrong()
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and not parts.fragment
    except ValueError:
        usable = False
    if not usable or (issuer.startswith("https:") and parts.scheme != "https"):
        raise _wrong()
    return url


def _wrong() -> HTTPError:
    """Whatever it was: what a provider says is not for clients to see."""
    return HTTPError(502, "The provider could not be asked, or its answer can't be used.")
