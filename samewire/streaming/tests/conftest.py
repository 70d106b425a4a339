"""The servers of these tests."""

from samewire.tests.scripted import serve

__all__ = ["serve"]
