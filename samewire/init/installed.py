"""How this tool was installed, so that another machine installs it in the same way (PEP 610)."""

from __future__ import annotations

import json
from importlib.metadata import Distribution, distribution
from os.path import relpath
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

NAME = "samewire"


def requirement(folder: Path, extras: str = "", found: Distribution | None = None) -> str | None:
    """Return what pip is to be given: from an index the version, from git the commit, of files their path.

    `extras` are in brackets. None when the tool comes from files that are not in `folder`: no other machine has them.
    Credentials in a URL are left out.
    """
    own = distribution(NAME) if found is None else found
    origin = json.loads(own.read_text("direct_url.json") or "null")
    if origin is None:
        return f"{NAME}{extras}=={own.version}"
    if origin["url"].startswith("file:"):
        return _of_files(origin["url"], folder, extras)
    return f"{NAME}{extras} @ {_remote(origin)}"


def _of_files(url: str, folder: Path, extras: str) -> str | None:
    path = Path(unquote(urlsplit(url).path)).resolve()
    if not path.is_relative_to(folder.resolve()):
        return None
    return f"./{relpath(path, folder.resolve())}{extras}"


def _remote(origin: dict[str, Any]) -> str:
    """A URL as pip reads it; of a repository, at the commit that is installed here."""
    parts = urlsplit(origin["url"])
    user, at, host = parts.netloc.rpartition("@")
    # The user of ssh is part of the address, and no secret.
    url = urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{at}{host}" if parts.scheme == "ssh" else host))
    vcs = origin.get("vcs_info")
    place = f"{vcs['vcs']}+{url}@{vcs['commit_id']}" if vcs else url
    inside = origin.get("subdirectory")
    return f"{place}#subdirectory={inside}" if inside else place
