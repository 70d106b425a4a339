"""The access record: one JSON line for every final answer."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from shared_handlers.pipeline import Outcome

_SECRET = re.compile(r"(?i)([?&](?:access_token|token|code|state|client_secret|code_verifier|api_key|password)=)[^&]*")


def record(outcome: Outcome) -> bytes:
    """One line without its newline; control characters arrive escaped, because it is JSON, and secrets redacted."""
    return orjson.dumps(
        {
            "time": round(time.time(), 6),
            "event": "access",
            "id": outcome.request_id,
            "peer": outcome.peer,
            "method": _clean(outcome.method),
            "target": redact(outcome.target),
            "version": outcome.version,
            "status": outcome.status,
            "bytes": outcome.sent,
            "seconds": round(outcome.seconds, 6),
            "user_agent": _clean(outcome.user_agent),
            "server": outcome.server,
        }
    )


def redact(target: str) -> str:
    """A request target with the values of parameters that carry secrets replaced."""
    clean = _clean(target)
    return _SECRET.sub(r"\1[redacted]", clean) if "?" in clean else clean


def _clean(text: str) -> str:
    """Bytes that were not UTF-8, kept as lone surrogates, can't be in JSON: each becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
