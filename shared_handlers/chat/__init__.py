"""Chat: people in rooms, who ask together and see the same answers."""

from shared_handlers.chat.participant import Participant
from shared_handlers.chat.rooms import Room, Rooms

__all__ = ["Participant", "Room", "Rooms"]
