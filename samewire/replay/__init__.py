"""Sends recorded traffic to two servers, on kept-alive connections, and compares every pair of answers."""

from samewire.replay.merged import merged
from samewire.replay.replayer import Plan, Told, replay
from samewire.replay.wanted import Wanted

__all__ = ["Plan", "Told", "Wanted", "merged", "replay"]
