"""What a source of requests is: a name, a format, and its records, read as they are asked for."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from samewire.sources.inputs import Input
from samewire.traffic import Record, Skipped

Item = Record | Skipped
"""What became of one record of the source."""


class SourceError(Exception):
    """A source can't be read, or not on from here; the text names the file and the place, and says what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a source may be told beside its file."""

    origin: str | None = None
    """`http[s]://host[:port]`: only requests to it are taken; None: only to the origin of the first one."""
    examples: int = 5
    """Of a description of an API: how many requests are made for each operation."""
    seed: int = 0
    """Of a description of an API: the same seed makes the same requests."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an adapter is given: the input, what its records' ids begin with, and the options."""

    input: Input
    options: Options = Options()

    @property
    def name(self) -> str:
        return self.input.name

    def id(self, number: int) -> str:
        """Of the record at that place, counted from 1."""
        return f"{self.name}:{number}"

    def error(self, text: str) -> SourceError:
        return SourceError(f"{self.input}: {text}")


Adapter = Callable[[Reading], Iterator[Item]]
"""Makes items of an input, lazily; raises SourceError, and OSError, EOFError or zlib.error for what can't be read."""


@dataclass(frozen=True, slots=True)
class Source:
    """Records of one source; iterating reads it anew, except standard input, which can be read once.

    Each record that was read is either a Record or Skipped with its reason. Raises SourceError while it is read.
    """

    format: str
    reading: Reading
    adapter: Adapter

    @property
    def name(self) -> str:
        """The file's own name, as it stands in the ids of its records."""
        return self.reading.name

    def __iter__(self) -> Iterator[Item]:
        try:
            yield from self.adapter(self.reading)
        except (OSError, EOFError, zlib.error) as error:
            what = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise self.reading.error(f"can't be read to its end: {what}") from None
