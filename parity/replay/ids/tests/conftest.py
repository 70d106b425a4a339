"""Fixtures of the harness's tests."""

from parity.tests.scripted import serve

__all__ = ["serve"]
