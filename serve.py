"""`python -m serve`: becomes the server that USE_AIOHTTP names; the production entry, without the harness."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from shared_handlers.hangup import outlive_hangups

VARIABLE = "USE_AIOHTTP"
AIOHTTP = "aiohttp_server"
LEGACY = "legacy"
_YES = frozenset({"", "true", "1", "yes", "on"})
_NO = frozenset({"false", "0", "no", "off"})
_USAGE = 2


class SwitchError(Exception):
    """The server that was asked for can't be run; the text says why and what to do."""


def main() -> NoReturn:
    """Replace this process by the server, with the same arguments; exit status 2 when it can't be told or had."""
    outlive_hangups()
    try:
        module = chosen(os.environ)
    except SwitchError as error:
        print(f"serve: {error}", file=sys.stderr)
        raise SystemExit(_USAGE) from None
    os.execv(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]])  # noqa: S606  (no shell is meant)


def chosen(environ: Mapping[str, str]) -> str:
    """The module to run; SwitchError when the variable says neither yes nor no, or aiohttp is not installed."""
    module = named(environ.get(VARIABLE, ""))
    if module == AIOHTTP:
        _require_aiohttp()
    return module


def named(value: str) -> str:
    """Which module a value of USE_AIOHTTP means, in any case; unset and empty mean aiohttp."""
    word = value.lower()
    if word in _YES:
        return AIOHTTP
    if word in _NO:
        return LEGACY
    raise SwitchError(f"{VARIABLE} is {value!r}: use true, 1, yes or on for aiohttp, false, 0, no or off for legacy")


def _require_aiohttp() -> None:
    try:
        importlib.import_module("aiohttp")
    except ModuleNotFoundError as error:
        what = "aiohttp is not installed" if error.name == "aiohttp" else f"aiohttp can't be loaded ({error})"
    except ImportError as error:
        what = f"aiohttp can't be loaded ({error})"
    else:
        return
    raise SwitchError(
        f"{what}. Install it: pip install 'samewire[aiohttp]' (or run the legacy server: {VARIABLE}=false)"
    )


if __name__ == "__main__":
    main()
