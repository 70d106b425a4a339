"""An answer as it is compared: what the harness itself put in has its name back, and codings are removed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from samewire.ascii import lower, strip
from samewire.compare.redact import credentials
from samewire.exchange import Answer, Field, Transcript

MAX_DECODED = 64 * 1024 * 1024
"""Bytes of decoded content, at the most; beyond, the coded bytes are compared."""


class View(NamedTuple):
    """One answer and what is compared of it."""

    answer: Answer
    """As observed."""
    fields: tuple[Field, ...]
    trailers: tuple[Field, ...]
    content: bytes
    """Decoded, with names."""
    coded: bytes
    """As it was on the wire; empty where the names stand in it, which differ by design."""
    media_type: str
    """In lower case, without parameters; empty when there is none."""


class Names:
    """Gives the run's token, the target's authority and its credentials their names back.

    They differ between targets by design.
    """

    __slots__ = ("_bytes", "_named", "_texts")

    def __init__(self, run: str, authority: str, secrets: Sequence[str] = ()) -> None:
        hosts = tuple(dict.fromkeys(text for text in (authority, quote(authority, safe="")) if text))
        self._named = run, hosts, credentials(secrets)
        self._texts = (*((run,) if run else ()), *hosts, *self._named[2])
        self._bytes = tuple(text.encode("latin-1", "replace") for text in self._texts)

    @classmethod
    def of(cls, transcript: Transcript) -> Names:
        """The names in one run."""
        return cls(transcript.run, transcript.authority, transcript.secrets)

    def text(self, text: str) -> str:
        """With `${run}`, `${host}` and `${credential}` in the place of what they stood for."""
        if not any(found in text for found in self._texts):
            return text
        return _pattern(*self._named).sub(lambda match: f"${{{match.lastgroup}}}", text)

    def data(self, data: bytes) -> bytes:
        """Bytes likewise."""
        if not any(found in data for found in self._bytes):
            return data
        return self.text(data.decode("latin-1")).encode("latin-1")


def view(answer: Answer, names: Names) -> View:
    """What is compared of one answer."""
    decoded = decode(answer)
    content = names.data(decoded)
    named = tuple((name, names.text(value)) for name, value in answer.fields)
    if content != decoded and decoded == answer.body:
        named = tuple(_length(field, len(decoded), len(content)) for field in named)
    trailers = tuple((name, names.text(value)) for name, value in answer.trailers)
    return View(answer, named, trailers, content, answer.body if content == decoded else b"", media_type(answer))


def media_type(answer: Answer) -> str:
    """The media type of an answer in lower case, without parameters (RFC 9110 section 8.3.1); empty without one."""
    values = answer.values("content-type")
    return lower(strip(values[0].partition(";")[0])) if values else ""


def decode(answer: Answer) -> bytes:
    """The content without its content coding (RFC 9110 section 8.4.1), or as it is where that cannot be removed."""
    codings = [lower(strip(part)) for value in answer.values("content-encoding") for part in value.split(",")]
    data = answer.body
    for coding in reversed(codings):
        if coding not in _WINDOW:
            return answer.body
        unpacked = _unpack(data, _WINDOW[coding])
        if unpacked is None:
            return answer.body
        data = unpacked
    return data


_MAX_MEMBERS = 1000
_WINDOW = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def _unpack(data: bytes, window: int) -> bytes | None:
    """One or more members (RFC 1952 section 2.2); None when malformed, unfinished, or too long."""
    whole = bytearray()
    for _ in range(_MAX_MEMBERS):
        if not data:
            break
        unpacker = zlib.decompressobj(window)
        try:
            whole += unpacker.decompress(data, MAX_DECODED + 1 - len(whole))
        except zlib.error:
            return None
        if not unpacker.eof:
            return None
        data = unpacker.unused_data
    return bytes(whole) if not data and len(whole) <= MAX_DECODED else None


@lru_cache(maxsize=64)
def _pattern(run: str, hosts: tuple[str, ...], secrets: tuple[str, ...]) -> re.Pattern[str]:
    """The token and a credential anywhere, as they are unique; a host only where it is not a part of a longer one."""
    before = "(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2}))"
    named = (
        rf"(?P<run>{re.escape(run) or '(?!)'})",
        rf"(?P<credential>{_one_of(secrets)})",
        rf"{before}(?P<host>{_one_of(hosts)})(?![A-Za-z0-9])",
    )
    return re.compile("|".join(named), re.ASCII)


def _one_of(texts: Sequence[str]) -> str:
    return "|".join(map(re.escape, texts)) or "(?!)"


def _length(field: Field, was: int, now: int) -> Field:
    return (field[0], str(now)) if lower(field[0]) == "content-length" and field[1] == str(was) else field
