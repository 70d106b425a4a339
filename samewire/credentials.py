"""The access that a target's settings describe, with its credentials read from the environment and its files tried."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from samewire.access import Access, Credential, Trust
from samewire.compare.redact import is_secret, redact_field
from samewire.target_settings import TargetSettings
from samewire.wire import tls


class UnusableTarget(Exception):
    """A target can't be used as it is described; the text names it and says what to do."""


def access_of(name: str, settings: TargetSettings, folder: Path) -> Access:
    """How the target is spoken to; relative paths start at `folder`. Raises UnusableTarget."""
    found = Access(
        target=name,
        headers=tuple((field, value) for field, value in settings.headers.items() if not _hidden(field, value)),
        credentials=_credentials(name, settings),
        host=settings.host or "",
        trust=_trust(settings, folder),
        http=settings.http,
    )
    _try(name, found)
    return found


def _credentials(name: str, settings: TargetSettings) -> tuple[Credential, ...]:
    """Those of the environment, and what stands in the file under a name that says that it is one."""
    written = (Credential(field, value) for field, value in settings.headers.items() if _hidden(field, value))
    read = (
        Credential(field, _value(name, field, variable), variable) for field, variable in settings.headers_env.items()
    )
    return (*written, *read)


def _hidden(field: str, value: str) -> bool:
    """Whether it is a credential by its name, or by how it is written: `X-Forwarded: Bearer ...`."""
    return is_secret(field) or redact_field(field, value) != value


def _value(name: str, field: str, variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    where = f"{name}: the environment variable {variable}, the value of its field {field},"
    if not value:
        raise UnusableTarget(f"{where} is not set; export it, or take {field} out of `headers_env`")
    if not value.isascii() or not value.isprintable():
        raise UnusableTarget(f"{where} has characters that no field may have (RFC 9110 section 5.5)")
    return value


def _trust(settings: TargetSettings, folder: Path) -> Trust:
    files = (str(folder / file) if file else "" for file in (settings.ca_file, settings.cert_file, settings.key_file))
    ca_file, cert_file, key_file = files
    return Trust(settings.verify, ca_file, settings.server_name or "", cert_file, key_file)


def _try(name: str, access: Access) -> None:
    if access.http == "2" and not _installed("h2"):
        raise UnusableTarget(f"{name}: http = \"2\" needs the library h2: pip install 'samewire[http2]'")
    trust = access.trust
    if trust == Trust():
        return
    try:
        tls.context(trust, access.http)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        files = " and ".join(file for file in (trust.ca_file, trust.cert_file, trust.key_file) if file)
        raise UnusableTarget(f"{name}: can't use {files or 'TLS'}: {reason}") from None


def _installed(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        return False
    return True
