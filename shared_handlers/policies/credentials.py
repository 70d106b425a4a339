"""What a request offers as credentials, read without trusting it (RFC 6750, RFC 9110 section 11)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from shared_handlers.ascii import lower
from shared_handlers.errors import HTTPError
from shared_handlers.message import Request
from shared_handlers.policies.origin import is_own_origin

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_B64TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
"""RFC 6750 section 2.1."""
_REALM = 'Bearer realm="nlweb"'


class Bearer(NamedTuple):
    """A token that was offered."""

    token: str


def bearer(request: Request) -> Bearer | None:
    """The bearer token of the request; None when it has no Authorization or one of another scheme.

    HTTPError 400 for several Authorization lines, or a token that can't be one (RFC 6750 section 3.1, invalid_request).
    """
    lines = request.headers.getall("Authorization", ())
    if not lines:
        return None
    if len(lines) > 1:
        raise _malformed("There is more than one Authorization field.")
    scheme, _, token = lines[0].partition(" ")
    if lower(scheme) != "bearer":
        return None
    token = token.strip(" ")
    if _B64TOKEN.fullmatch(token) is None:
        raise _malformed("The bearer token is malformed.")
    return Bearer(token)


def missing() -> HTTPError:
    """401 without an error code: nothing was offered (RFC 6750 section 3)."""
    return HTTPError(401, "This needs a bearer token or a session.", (("WWW-Authenticate", _REALM),))


def invalid() -> HTTPError:
    """401 invalid_token: unknown, expired or revoked; which of them is nobody's business."""
    return HTTPError(
        401, "The token is not valid or no longer valid.", (("WWW-Authenticate", f'{_REALM}, error="invalid_token"'),)
    )


def insufficient(scope: str) -> HTTPError:
    """403 insufficient_scope."""
    challenge = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
    return HTTPError(403, f"This needs the scope {scope}.", (("WWW-Authenticate", challenge),))


def check_same_site(request: Request, *, always: bool = False) -> None:
    """HTTPError 403 when a request that a browser's cookie vouches for could have been made by another site.

    An unsafe method must come from a page of this site: a browser says so by Sec-Fetch-Site, which no page can set
    (W3C Fetch Metadata), or else by Origin. What says neither is no browser that could be misled, and is refused all the
    same: clients that are not browsers have tokens. `always` says that it changes something whatever its method.
    """
    if (request.method not in _SAFE or always) and not _from_here(request):
        raise HTTPError(403, "With a session, a request that changes something must come from a page of this site.")


def check_not_foreign(request: Request, origins: Collection[str]) -> None:
    """HTTPError 403 when a page of another site asks without credentials, where none are needed.

    What says nothing of a page is no browser. Pages of `origins` are welcome. A safe method that has an Origin wants its
    answer to be read, which a policy for every origin would let happen.
    """
    said = request.headers.getall("Origin", ())
    if len(said) == 1 and said[0] in origins:
        return
    by_a_page = bool(said) or (request.method not in _SAFE and "Sec-Fetch-Site" in request.headers)
    if by_a_page and not _from_here(request):
        raise HTTPError(403, "A page of another site may not ask for this.")


def _from_here(request: Request) -> bool:
    """Whether a page of this site says that it asks."""
    site = request.headers.get("Sec-Fetch-Site")
    return is_own_origin(request) if site is None else site == "same-origin"


def _malformed(detail: str) -> HTTPError:
    return HTTPError(400, detail, (("WWW-Authenticate", f'{_REALM}, error="invalid_request"'),))
