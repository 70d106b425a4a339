"""Sends recorded traffic to two servers, on kept-alive connections, and compares every pair of answers."""

from parity.replay.merged import merged
from parity.replay.replayer import Plan, Told, replay
from parity.replay.wanted import Wanted

__all__ = ["Plan", "Told", "Wanted", "merged", "replay"]
