"""`python -m legacy`: the service on the hand-written server, until SIGTERM or SIGINT."""

from __future__ import annotations

from shared_handlers.hangup import outlive_hangups

if __name__ == "__main__":
    outlive_hangups()
    from legacy.command import main  # not before: importing it takes so long that a signal could come meanwhile

    main()
