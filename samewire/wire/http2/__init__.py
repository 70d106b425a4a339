"""Observes exchanges over HTTP/2 (RFC 9113), with the frames left to the library h2."""

from samewire.wire.http2.streams import Streams, begin

__all__ = ["Streams", "begin"]
