"""What outlives a request: one SQLite file that every server reads and writes, so what one wrote the other serves."""

from shared_handlers.state.database import Database, open_database
from shared_handlers.state.file import StateError
from shared_handlers.state.idempotency import Idempotency
from shared_handlers.store_faults import faults_answered

__all__ = ["Database", "Idempotency", "StateError", "faults_answered", "open_database"]
