"""Observes exchanges on raw sockets: what was sent, each answer to the byte, and how the connection ended."""

from parity.wire.conversation import Conversation, Received
from parity.wire.dial import dial
from parity.wire.ending import Seen, see_closed, see_end, see_reusable
from parity.wire.hiding import hidden
from parity.wire.written import Names, Written, spoken, written

__all__ = [
    "Conversation",
    "Names",
    "Received",
    "Seen",
    "Written",
    "dial",
    "hidden",
    "see_closed",
    "see_end",
    "see_reusable",
    "spoken",
    "written",
]
