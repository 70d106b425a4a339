"""What is asked of a provider, by Authlib over httpx2: within a time, and no more than a limit of bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import httpx2 as httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from shared_handlers.errors import HTTPError
from shared_handlers.oauth.providers import Endpoints, OAuthFailure
from shared_handlers.user import User

MAX_ANSWER: Final = 1 << 20
_MAX_TEXT: Final = 2_000
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
            auth, token, userinfo = (_text(told, f"{name}_endpoint") for name in ("authorization", "token", "userinfo"))
            if told.get("issuer") != self._issuer or not (auth and token and userinfo):
                raise _wrong()
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
            try:
                await self._asked(
                    session.fetch_token(
                        endpoints.token_url, code=code, code_verifier=verifier, headers=dict(_ASK_FOR_JSON)
                    )
                )
            except OAuthError as error:
                raise OAuthFailure(error.error if error.error in _ERRORS else "invalid_grant") from None
            claims = _object(await self._asked(session.get(endpoints.userinfo_url, headers=_ASK_FOR_JSON)))
        id = claims.get("sub", claims.get("id"))
        if not isinstance(id, str | int) or not str(id):
            raise _wrong()
        return User(str(id), _text(claims, "name", "login", "email"), _text(claims, "email"), self.name)

    def _session(self, redirect_uri: str | None = None) -> Any:
        return AsyncOAuth2Client(
            self.client_id,
            self._secret,
            token_endpoint_auth_method=self._endpoints.client_auth,
            redirect_uri=redirect_uri,
            scope=self._endpoints.scope,
            code_challenge_method="S256",
            timeout=self._seconds,
            transport=_Bounded(),
            trust_env=False,
        )

    async def _asked(self, question: Any) -> Any:
        try:
            async with asyncio.timeout(self._seconds):  # in all: httpx limits each step
                return await question
        except (TimeoutError, httpx.TimeoutException):
            raise HTTPError(504, f"{self.name} did not answer in time.") from None
        except OAuthError:
            raise
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise _wrong() from None


class _Bounded(httpx.AsyncBaseTransport):
    """Reads no more than MAX_ANSWER of any answer."""

    def __init__(self) -> None:
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101  (an asynchronous transport's)
        response.stream = _BoundedStream(response.stream)
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


class _BoundedStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for piece in self._stream:
            size += len(piece)
            if size > MAX_ANSWER:
                raise httpx.RemoteProtocolError("the answer is too long")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        told = response.json() if response.status_code == 200 else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise _wrong()
    return told


def _text(claims: Mapping[str, Any], *names: str) -> str:
    return next((told[:_MAX_TEXT] for name in names if isinstance(told := claims.get(name), str) and told), "")


def _wrong() -> HTTPError:
    """Whatever it was: what a provider says is not for clients to see."""
    return HTTPError(502, "The provider could not be asked, or its answer can't be used.")
