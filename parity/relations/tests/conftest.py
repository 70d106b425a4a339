"""The servers of these tests."""

from parity.tests.scripted import serve

__all__ = ["serve"]
