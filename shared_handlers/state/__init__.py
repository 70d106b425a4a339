"""What outlives a request: one SQLite file that every server reads and writes, so what one wrote the other serves."""

from shared_handlers.state.database import Database, StateError, open_database
from shared_handlers.state.idempotency import Idempotency

__all__ = ["Database", "Idempotency", "StateError", "open_database"]
