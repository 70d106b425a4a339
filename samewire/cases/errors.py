"""What is wrong with cases as they are written, in words for the one who wrote them."""

from __future__ import annotations

from pydantic import ValidationError

_SHOWN = 5


class CaseError(Exception):
    """Cases that can't be read; the text names the file, the case and the key."""


def wrong(where: str, found: ValidationError) -> CaseError:
    """One line for each thing that is wrong, the first few of them."""
    errors = found.errors(include_url=False, include_context=False)
    lines = [f"{where}: {_key(error['loc'])}{error['msg']}" for error in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        lines.append(f"{where}: and {len(errors) - _SHOWN} more")
    return CaseError("\n".join(lines))


def _key(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""
