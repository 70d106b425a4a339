"""Who asks."""

from __future__ import annotations

from typing import NamedTuple


class User(NamedTuple):
    """Somebody an identity provider vouched for; `provider:id` is theirs alone."""

    id: str
    name: str = ""
    email: str = ""
    provider: str = "local"
    scopes: frozenset[str] = frozenset()
    """What the credentials allow beyond being the user."""

    @property
    def key(self) -> str:
        """What is kept for the user is kept under this."""
        return f"{self.provider}:{self.id}"

    @property
    def info(self) -> dict[str, str]:
        """As clients are shown it."""
        return {"id": self.id, "email": self.email, "name": self.name, "provider": self.provider}


DEVELOPER = User("developer", "Developer")
"""Whoever asks without credentials in `development`."""
