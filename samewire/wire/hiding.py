"""Keeps a target's credentials out of what is written down of what was sent."""

from __future__ import annotations

from samewire.access import Access


def hidden(sent: bytes, access: Access) -> bytes:
    """The bytes with each credential's value replaced by the name of the variable that holds it: `$OLD_TOKEN`."""
    for credential in access.credentials:
        sent = sent.replace(credential.value.encode("latin-1"), credential.shown.encode("latin-1"))
    return sent
