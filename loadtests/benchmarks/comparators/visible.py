"""The visible work of `/health`, as somebody would write it for one server alone: same fields, same log line."""

from __future__ import annotations

import re
import secrets
import sys
import time

import orjson

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_STARTED = time.monotonic()


def health(server: str) -> bytes:
    """The body of `/health`."""
    return orjson.dumps(
        {
            "status": "healthy",
            "server": server,
            "version": "0.1.0",
            "uptime_seconds": round(time.monotonic() - _STARTED, 3),
            "mode": "production",
        }
    )


def request_id(offered: str | None) -> str:
    """The client's id where it is acceptable, else a new one."""
    if offered is not None and _ACCEPTABLE.fullmatch(offered):
        return offered
    return secrets.token_hex(16)


def fields(id: str) -> dict[str, str]:
    """The fields that the service puts on every answer."""
    return {"Cache-Control": "no-store", "X-Request-ID": id, "X-Content-Type-Options": "nosniff", "Vary": "Origin"}


def log(
    id: str, peer: str, method: str, target: str, status: int, sent: int, seconds: float, agent: str, server: str
) -> None:
    """One access record on standard error."""
    line = {
        "time": round(time.time(), 6), "event": "access", "id": id, "peer": peer, "method": method, "target": target,
        "version": "HTTP/1.1", "status": status, "bytes": sent, "seconds": round(seconds, 6), "user_agent": agent,
        "server": server,
    }  # fmt: skip
    stream = sys.stderr.buffer
    stream.write(orjson.dumps(line) + b"\n")
    stream.flush()
