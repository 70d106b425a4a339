from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from legacy.asyncio_engine import Engine
from legacy.tests.client import Wire, connected, until
from legacy.tests.conftest import Serve


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate for 127.0.0.1 that it signs itself."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout {file}.key -out {file} "
        "-addext subjectAltName=IP:127.0.0.1"
    )
    try:
        subprocess.run(command.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    file.write_bytes(file.read_bytes() + Path(f"{file}.key").read_bytes())
    return file


async def test_a_client_that_does_not_begin_with_tls_has_no_longer_than_for_a_head(
    serve: Serve, certificate: Path
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with serve(header_timeout=0.3) as served:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            engine = Engine(served.site, asyncio.get_running_loop())
            await engine.listen(listening, context)
            port = listening.getsockname()[1]
            async with connected(port) as silent:
                assert await silent.rest() == b""
            trusting = ssl.create_default_context(cafile=str(certificate))
            wire = Wire(*await asyncio.open_connection("127.0.0.1", port, ssl=trusting))
            assert (await wire.get("/health")).status == 200
            wire.writer.close()
            await until(lambda: served.site.host.connections == 0)
            await engine.stop()
