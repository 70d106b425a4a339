"""What outlives a request: one SQLite file that every server reads and writes, so what one wrote the other serves."""

from shared_handlers.state.database import Database, StateError, open_database

__all__ = ["Database", "StateError", "open_database"]
