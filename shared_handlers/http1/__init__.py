"""The grammar of HTTP/1.1 requests (RFC 9112) as pure functions and readers that never wait: one for every server."""

from __future__ import annotations

from shared_handlers.http1.head import Version, check_part, field_line, field_lines, over_long, request_line
from shared_handlers.http1.readers import END, ChunkedReader, Data, End, Reader, SizedReader, reader_of
from shared_handlers.http1.receive_buffer import ReceiveBuffer

__all__ = [
    "END",
    "ChunkedReader",
    "Data",
    "End",
    "Reader",
    "ReceiveBuffer",
    "SizedReader",
    "Version",
    "check_part",
    "field_line",
    "field_lines",
    "over_long",
    "reader_of",
    "request_line",
]
