"""Fixtures of the harness's tests."""

from samewire.tests.certificates import certificate
from samewire.tests.scripted import serve

__all__ = ["certificate", "serve"]
