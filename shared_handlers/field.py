"""A field line."""

from __future__ import annotations

Field = tuple[str, str]
"""One header field line: name as written, value without surrounding whitespace."""
