"""The access record: one JSON line for every final answer."""

from __future__ import annotations

import re
import time
from urllib.parse import unquote_plus

import orjson

from shared_handlers.ascii import lower, strip

_SECRETS = frozenset(
    {
        "access_token",
        "api_key",
        "client_secret",
        "code",
        "code_verifier",
        "id_token",
        "key",
        "password",
        "refresh_token",
        "state",
        "token",
    }
)
_TRACE = r"(?!0{32})(?P<trace_id>[0-9a-f]{32})-(?!0{16})(?P<parent_id>[0-9a-f]{16})-[0-9a-f]{2}"
_TRACEPARENT = re.compile(rf"(?!ff)[0-9a-f]{{2}}-{_TRACE}(?P<more>-.*)?")
_USERINFO = re.compile(r"//[^/?#]*@")


def record(
    id: str, peer: str, method: str, target: str, version: str, status: int, sent: int, seconds: float,
    user_agent: str, server: str, traceparent: str | None = None,
) -> bytes:  # fmt: skip
    """One line without its newline; control characters arrive escaped, because it is JSON, and secrets redacted.

    With a valid `traceparent` (W3C Trace Context section 3.2) it says of which trace it is, and which span asked.
    """
    line = {
        # Whole microseconds, at a fraction of what `round` costs.
        "time": int(time.time() * 1e6) / 1e6,
        "event": "access",
        "id": id,
        "peer": peer,
        "method": method,
        "target": redact(target) if "?" in target or "@" in target else target,
        "version": version,
        "status": status,
        "bytes": sent,
        "seconds": int(seconds * 1e6) / 1e6,
        "user_agent": user_agent,
        "server": server,
    }
    if traceparent is not None:
        line |= _trace(traceparent)
    try:
        return orjson.dumps(line)
    except TypeError:  # bytes that were not UTF-8: so rare that nobody looks for them beforehand
        return orjson.dumps({name: _clean(value) if isinstance(value, str) else value for name, value in line.items()})


def _trace(traceparent: str) -> dict[str, str]:
    """Of version 00 nothing may follow; of later ones it is skipped."""
    found = _TRACEPARENT.fullmatch(traceparent)
    if found is None or (found["more"] and traceparent.startswith("00")):
        return {}
    return {"trace_id": found["trace_id"], "parent_id": found["parent_id"]}


def redact(target: str) -> str:
    """A request target with what may be secret replaced: userinfo, and the values of parameters that carry secrets."""
    path, mark, query = target.partition("?")
    if not path.startswith("/"):
        path = _USERINFO.sub("//[redacted]@", path, count=1)
    return path + mark + "&".join(_redacted(parameter) for parameter in query.split("&"))


def _redacted(parameter: str) -> str:
    name, equals, _ = parameter.partition("=")
    secret = equals and lower(strip(unquote_plus(name))) in _SECRETS
    return f"{name}=[redacted]" if secret else parameter


def _clean(text: str) -> str:
    """Bytes that were not UTF-8, kept as lone surrogates, can't be in JSON: each becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
