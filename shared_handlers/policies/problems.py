"""An error as an RFC 9457 problem."""

from __future__ import annotations

import traceback
from http import HTTPStatus
from typing import Any

import orjson

from shared_handlers.errors import HTTPError
from shared_handlers.message import Response

_TITLES = {status.value: status.phrase for status in HTTPStatus} | {
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}


def problem(error: Exception, instance: str, *, debug: bool) -> Response:
    """The answer to `error`: an HTTPError's own status and detail, else a 500 that tells nothing.

    With `debug` the text and traceback of an unforeseen exception are added under `exception`.
    """
    if isinstance(error, HTTPError):
        return _answer(error.status, error.detail, instance, {}, error.headers)
    extra = {"exception": "".join(traceback.format_exception(error))} if debug else {}
    return _answer(500, "The server failed to answer this request.", instance, extra)


def problem_object(status: int, detail: str, instance: str) -> dict[str, Any]:
    """The members of a problem (RFC 9457 section 3.1); `about:blank` makes the title the status's own phrase."""
    title = _TITLES.get(status, "Unknown")
    return {"type": "about:blank", "title": title, "status": status, "detail": detail or title, "instance": instance}


def _answer(
    status: int, detail: str, instance: str, extra: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    content = orjson.dumps(problem_object(status, detail, instance) | extra)
    return Response(status, (("Content-Type", "application/problem+json"), *headers), content)
