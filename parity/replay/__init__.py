"""Sends recorded traffic to two servers, on kept-alive connections, and compares every pair of answers."""

from parity.replay.replayer import Plan, replay

__all__ = ["Plan", "replay"]
