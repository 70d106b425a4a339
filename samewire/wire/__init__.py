"""Observes exchanges on raw sockets: what was sent, each answer to the byte, and how the connection ended."""

from samewire.wire.conversation import Conversation, Received
from samewire.wire.dial import dial
from samewire.wire.dialogue import Dialogue
from samewire.wire.ending import FollowUp, Seen, see_closed, see_end, see_reusable
from samewire.wire.hiding import hidden
from samewire.wire.possible import NOT_POSSIBLE, impossible
from samewire.wire.written import Names, Written, spoken, written

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
