"""Fixtures of the harness's tests."""

from samewire.tests.scripted import serve

__all__ = ["serve"]
