"""Certificates for tests, made by the openssl command."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

NEEDS_OPENSSL = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="needs the openssl command for a certificate"
)


def certified(folder: Path, names: str = "DNS:localhost,IP:127.0.0.1") -> Path:
    """One file with a key and a certificate for these names that it signs itself."""
    folder.mkdir(exist_ok=True)
    key, signed, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    options = ["-addext", f"subjectAltName={names}", "-keyout", str(key), "-out", str(signed)]
    subprocess.run([*command.split(), *options], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + signed.read_bytes())
    return both


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For `localhost` and 127.0.0.1."""
    return certified(tmp_path_factory.mktemp("tls"))
