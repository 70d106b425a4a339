"""The command line of the service on the hand-written server."""

from __future__ import annotations

import asyncio
from contextlib import closing

from legacy.server import ENGINES, Unsupported, serve
from shared_handlers.hosting import NOT_STARTED, USAGE, fail, listening_socket, read_options
from shared_handlers.logs import Log
from shared_handlers.nlweb.store import StoreError

PROGRAM = "legacy"


def main() -> None:
    """Serve as the command line and the configuration say; exit status 0, 2 or 4."""
    options = read_options(PROGRAM, engines=ENGINES)
    logging = options.settings.server.logging
    try:
        log = Log(logging.level, logging.file)
    except OSError as error:
        fail(PROGRAM, f"cannot write the log {logging.file}: {error.strerror}", USAGE)
    listening = listening_socket(PROGRAM, options)
    try:
        with closing(log):
            asyncio.run(serve(options.settings, listening, log, options.engine))
    except Unsupported as error:
        fail(PROGRAM, str(error), USAGE)
    except StoreError as error:
        fail(PROGRAM, str(error), NOT_STARTED)
