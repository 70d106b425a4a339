"""Ids that servers return and later requests use: carried from answer to request, on each side its own."""

from samewire.replay.ids.carried import Carried, Sessions

__all__ = ["Carried", "Sessions"]
