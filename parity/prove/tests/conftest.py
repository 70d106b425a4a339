from parity.tests.scripted import serve

__all__ = ["serve"]
