"""The command line of the service on aiohttp."""

from __future__ import annotations

import asyncio
import os
from contextlib import closing
from functools import partial

from aiohttp_server.app import create_app, open_log
from aiohttp_server.logs import forward
from aiohttp_server.serving import serve
from shared_handlers.hosting import NOT_STARTED, USAGE, announce, fail, listening_socket, read_options
from shared_handlers.nlweb.store import StoreError

PROGRAM = "aiohttp_server"


def main() -> None:
    """Serve as the command line and the configuration say; exit status 0, 2 or 4."""
    options = read_options(PROGRAM)
    settings = options.settings
    try:
        log = open_log(settings)
    except OSError as error:
        fail(PROGRAM, f"cannot write the log {settings.server.logging.file}: {error.strerror}", USAGE)
    forward(log)
    listening = listening_socket(PROGRAM, options)
    tls = settings.server.ssl.context(os.environ) if settings.server.ssl.enabled else None
    started = partial(announce, listening, "http" if tls is None else "https")
    try:
        with closing(log):
            asyncio.run(serve(create_app(settings, log), listening, tls, started))
    except StoreError as error:
        fail(PROGRAM, str(error), NOT_STARTED)
