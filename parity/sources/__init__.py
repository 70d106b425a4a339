"""Sources of requests: recordings, logs, descriptions and command lines, all made into records."""

from parity.sources.formats import NAMES, open_source
from parity.sources.source import Item, Options, Source, SourceError

__all__ = ["NAMES", "Item", "Options", "Source", "SourceError", "open_source"]
