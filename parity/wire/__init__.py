"""Observes exchanges on raw sockets: what was sent, each answer to the byte, and how the connection ended."""

from parity.wire.conversation import Conversation, Received
from parity.wire.dial import dial
from parity.wire.dialogue import Dialogue
from parity.wire.ending import FollowUp, Seen, see_closed, see_end, see_reusable
from parity.wire.hiding import hidden
from parity.wire.possible import NOT_POSSIBLE, impossible
from parity.wire.written import Names, Written, spoken, written

__all__ = [
    "NOT_POSSIBLE",
    "Conversation",
    "Dialogue",
    "FollowUp",
    "Names",
    "Received",
    "Seen",
    "Written",
    "dial",
    "hidden",
    "impossible",
    "see_closed",
    "see_end",
    "see_reusable",
    "spoken",
    "written",
]
