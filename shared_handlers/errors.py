"""What an endpoint, a policy or a server raises to answer with an error."""

from __future__ import annotations

from collections.abc import Iterable


class HTTPError(Exception):
    """Raise it to answer with an RFC 9457 problem of this status; `detail` is written for the client."""

    def __init__(self, status: int, detail: str = "", headers: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.headers = tuple(headers)


class Unsound(HTTPError):
    """What is asked can't be understood in one way only: it is answered, and nothing after it on the connection is."""
