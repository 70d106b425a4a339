"""Conversations of users, kept in the one database that every server reads and writes."""

from shared_handlers.conversations.model import Conversation, Message
from shared_handlers.conversations.store import Conversations, Page

__all__ = ["Conversation", "Conversations", "Message", "Page"]
