"""The command line: `python -m legacy`."""

from __future__ import annotations

import asyncio

from legacy.server import serve
from shared_handlers.hosting import listening_socket, read_options


def main() -> None:
    """Run the server; exit status 0 stopped as asked, 2 usage or configuration, 4 the address can't be listened on."""
    options = read_options("legacy")
    asyncio.run(serve(options, listening_socket("legacy", options)))


if __name__ == "__main__":
    main()
