"""How much of what a server sends is kept."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Past one of these an answer counts as unreadable, but for `content` and `chunks`."""

    head: int = 256 * 1024
    """Bytes of a head, and of the trailers."""
    content: int = 64 * 1024 * 1024
    """Bytes that are kept; what goes past them is counted and digested."""
    line: int = 64 * 1024
    """Bytes of a chunk's size line."""
    chunks: int = 65_536
    """Later ones are in the content only."""
    interim: int = 100
    """Interim answers before a final one."""


LIMITS = Limits()
