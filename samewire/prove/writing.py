"""Answers written out again: heads, chunks, contents in a framing; pure."""

from __future__ import annotations

from samewire.exchange import Framing
from samewire.prove.parts import Head, Lines


def written(lines: Lines) -> bytes:
    """A head from its lines."""
    return b"\r\n".join((*lines, b"", b""))


def sized(lines: Lines, content: bytes) -> bytes:
    """An answer with Content-Length and no transfer coding."""
    kept = without(lines, b"transfer-encoding", b"content-length")
    return written((*kept, b"Content-Length: %d" % len(content))) + content


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    """Nothing for no data: an empty chunk would be the last (RFC 9112 section 7.1)."""
    return b"%x%b\r\n%b\r\n" % (len(data), extension, data) if data else b""


def framed(head: Head, lines: Lines, content: bytes) -> bytes:
    """An answer in the framing that the server chose, the length set right in its place."""
    match head.framing:
        case Framing.CHUNKED:
            return written(lines) + chunk(content) + b"0\r\n\r\n"
        case Framing.LENGTH:
            length = b"Content-Length: %d" % len(content)
            return written(tuple(length if named(line, b"content-length") else line for line in lines)) + content
        case _:
            return written(lines) + content


def without(lines: Lines, *names: bytes) -> Lines:
    """Without the field lines of these names, given in lower case."""
    return (lines[0], *(line for line in lines[1:] if not any(named(line, name) for name in names)))


def named(line: bytes, name: bytes) -> bool:
    """Whether it is a field line of that name, given in lower case."""
    return line.partition(b":")[0].lower() == name


def is_events(head: Head) -> bool:
    """Whether the content is a stream of server-sent events, in no content coding."""
    return head.value("content-type").startswith("text/event-stream") and not head.value("content-encoding")


def streamed(head: Head) -> bool:
    """Whether its content can't be waited for: a stream of events, or delimited by the end of the connection alone."""
    return head.value("content-type").startswith("text/event-stream") or head.framing is Framing.CLOSE
