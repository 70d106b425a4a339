from parity.tests.certificates import certificate
from parity.tests.scripted import serve

__all__ = ["certificate", "serve"]
