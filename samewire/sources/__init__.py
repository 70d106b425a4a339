"""Sources of requests: recordings, logs, descriptions and command lines, all made into records."""

from samewire.sources.formats import NAMES, open_source
from samewire.sources.source import Item, Options, Source, SourceError

__all__ = ["NAMES", "Item", "Options", "Source", "SourceError", "open_source"]
