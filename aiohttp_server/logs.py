"""What aiohttp and asyncio log, as lines of the server's own log."""

from __future__ import annotations

import logging

from shared_handlers.logs import Log

_LIBRARIES = ("aiohttp", "asyncio")


def forward(log: Log) -> None:
    """Send the warnings and errors of the libraries to `log`, and nowhere else."""
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers = [_Forward(log)]
        logger.propagate = False
        logger.setLevel(logging.WARNING)


class _Forward(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        message = f"{record.name}: {record.getMessage()}"
        if error is None:
            self._log.event("error" if record.levelno >= logging.ERROR else "warning", message)
        else:
            self._log.failure(message, error)
