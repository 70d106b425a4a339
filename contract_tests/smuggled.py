"""Messages that two readers could cut at different places, each with a request hidden in what one of them takes for content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Prefix = Callable[[bytes], tuple[str, bytes, bytes]]
"""From the hidden request: method and version of the message, its framing fields, what follows its head."""
HIDDEN = "/probe/items/"
"""Where hidden requests go, each to an id of its own."""
TARGETS = (
    b"/probe/upload",
    b"/probe/items/7",
    b"//probe//upload",
    b"http://test/probe/upload",
    b"/health?a=1",
    b"/nowhere",
)

_CODINGS = (
    b"Transfer-Encoding: chunked", b"Transfer-Encoding:chunked", b"Transfer-Encoding:\tchunked", b"transfer-encoding: CHUNKED",
    b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding: \x0cchunked", b"Transfer-Encoding: chunked\x0b",
    b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunkedx", b"Transfer-Encoding: x, chunked",
    b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity, chunked", b"Transfer-Encoding: identity",
    b"Transfer-Encoding: chunked, chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, gzip",
    b"Transfer-Encoding: chunked,", b"Transfer-Encoding: ,chunked", b"Transfer-Encoding:", b"Transfer-Encoding: ,",
    b"Transfer-Encoding: \xe2\x84\xaachunked", b"Transfer-Encoding: chun\xe2\x84\xaaed", b"Transfer-Encoding: chun\xc5\xbfed",
    b'Transfer-Encoding: "chunked"', b"Transfer-Encoding: 'chunked'", b"Transfer-Encoding: chunked;q=1",
    b"Transfer-Encoding: chunked ;a", b"Transfer-Encoding: chunked\x00", b"Transfer-Encoding: \x00chunked",
    b"Transfer-Encoding: chunked\r", b"Transfer-Encoding: \rchunked", b"Transfer-Encoding: chunked\xa0",
    b"Transfer-Encoding: \xc2\xa0chunked", b"Transfer-Encoding: \xffchunked", b"Transfer-Encoding: chunked\x7f",
    b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked", b" Transfer-Encoding: chunked",
    b"\tTransfer-Encoding: chunked", b"Transfer-Encoding\r\n : chunked", b"Transfer-Encoding:\r\n chunked",
    b"Transfer-Encoding:\n chunked", b"X: y\nTransfer-Encoding: chunked", b"X: y\rTransfer-Encoding: chunked",
    b"X:\nTransfer-Encoding: chunked", b"Transfer_Encoding: chunked", b"Transfer-Encoding\x00: chunked",
    b"Transfer-Encodin\xe7: chunked", b"Transfer Encoding: chunked", b"Transfer-Encoding\xa0: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding:\r\nTransfer-Encoding: chunked", b"Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: trailers, chunked", b"TE: chunked", b"X-Transfer-Encoding: chunked", b":Transfer-Encoding: chunked",
)  # fmt: skip
_LENGTHS = (
    b"Content-Length: %d", b"Content-Length: +%d", b"Content-Length: -%d", b"Content-Length: 0x%x", b"Content-Length: 0%o",
    b"Content-Length: %d.0", b"Content-Length: %de0", b"Content-Length: %d, %d", b"Content-Length: %d,0", b"Content-Length: 0,%d",
    b"Content-Length: 0 %d", b"Content-Length: %d 0", b"Content-Length: \x0b%d", b"Content-Length: %d\x0c", b"Content-Length: %d\x00",
    b"Content-Length: %d\r", b"Content-Length: \r%d", b"Content-Length:\r\n %d", b"Content-Length:\n %d", b"Content-Length : %d",
    b"Content-Length\t: %d", b" Content-Length: %d", b"Content_Length: %d", b"Content-Length\x00: %d", b"Content-Length: \xc2\xa0%d",
    b"Content-Length: %d\r\nContent-Length: 0", b"Content-Length: 0\r\nContent-Length: %d", b"Content-Length: %d\r\nContent-Length: %d",
    b"Content-Length: 1_%d", b"Content-Length: 00000000000000000000000%d", b"Content-Length: 1844674407370955161%d",
    b'Content-Length: "%d"', b"Content-Length: %d;a", b"Content-Length:\r\nContent-Length: %d", b"Content-Length: \xd9\xa5%d",
    b"Connection: Content-Length\r\nContent-Length: %d", b"X: y\nContent-Length: %d", b"X: y\rContent-Length: %d",
    b"Content-Length: %d\r\nExpect: 100-continue", b"Content-Length: %d\r\nExpect: y 100-continue", b"Content-Length: %d\r\nExpect:",
    b"Content-Length: %d\r\nExpect: 100-continue, x", b"Content-Length: %d\r\n Expect: 100-continue", b"Content-Length: %d\r\nExpect : 100-continue",
    b"Content-Length: %d\r\nConnection: upgrade\r\nUpgrade: x", b"Content-Length: %d\r\nConnection: Upgrade\r\nUpgrade: websocket",
    b"Content-Length: %d\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
    b"Content-Length: %d\r\nX-HTTP-Method-Override: GET", b"Content-Length: %d\r\nConnection: close, keep-alive",
    b"Content-Length: %d\r\nConnection: close\r\nConnection: keep-alive", b"Content-Length: %d\r\nHost: other",
)  # fmt: skip
_CHUNKS = (
    b"0x0\r\n\r\n", b"0_0\r\n\r\n", b"+0\r\n\r\n", b"-0\r\n\r\n", b"00\r\n\r\n", b"0 \r\n\r\n", b" 0\r\n\r\n", b"\t0\r\n\r\n",
    b"0\x00\r\n\r\n", b"0\x0b\r\n\r\n", b"\r\n0\r\n\r\n", b"\n0\r\n\r\n", b"0\n\n", b"0\r\r", b"0\r\n\n", b"0\n\r\n", b"0\r\n\r\r\n",
    b"0;a\r\n\r\n", b"0;\r\n\r\n", b"0;a=b\n\r\n", b"0;a\n\n", b"0;a\r\r\n\r\n", b"0;a=\"\r\n\r\n", b"0;a=\"\n\"\r\n\r\n", b"0;;;\r\n\r\n",
    b"0;\x00\r\n\r\n", b"0 ;a\r\n\r\n", b"0a;\r\n\r\n", b"g\r\n\r\n", b"\r\n\r\n", b";\r\n\r\n",
    b"1\r\nZ0\r\n\r\n", b"1\r\nZZ\r\n0\r\n\r\n", b"1\nZ\n0\n\n", b"1\r\nZ\n0\r\n\r\n", b"1\r\nZ\r0\r\n\r\n", b"1\r\nZXX0\r\n\r\n", b"2\r\nZ\r\n0\r\n\r\n",
    b"1;\nZZ\r\n0\r\n\r\n", b"1;a\n02\r\nZ\r\n0\r\n\r\n", b"1;a\rZ\r\n0\r\n\r\n", b"10000000000000000\r\n\r\n", b"ffffffffffffffff\r\n\r\n",
    b"7fffffffffffffff\r\n\r\n", b"100000000\r\n\r\n", b"00000000000000000000000000000000000\r\n\r\n", b"-1\r\n\r\n", b"\xef\xbc\x90\r\n\r\n", b"0,0\r\n\r\n",
    b"0\r\nContent-Length: 50\r\n\r\n", b"0\r\nTransfer-Encoding: chunked\r\n\r\n", b"0\r\nHost: other\r\n\r\n", b"0\r\nX: y\n\r\n", b"0\r\nX: y\r\r\n\r\n",
    b"0\r\n X: y\r\n\r\n", b"0\r\nX\r\n\r\n", b"0\r\nX : y\r\n\r\n", b"0\r\n: y\r\n\r\n", b"0\r\nX:\x00\r\n\r\n", b"0\r\nX: y\n\n", b"0\r\n\rX: y\r\n\r\n",
)  # fmt: skip
_METHODS = ("GET", "HEAD", "DELETE", "OPTIONS", "PUT", "PATCH", "TRACE", "CONNECT", "PRI", "get", "POST")


def messages(prefixes: Iterable[Prefix], *, everywhere: bool) -> Iterator[tuple[str, bytes]]:
    """The id of each hidden request and the message it is hidden in: for each target, or for one after the other."""
    number = 100_000
    for place, prefix in enumerate(prefixes):
        for target in TARGETS if everywhere else TARGETS[place % len(TARGETS) :][:1]:
            id = str(number)
            hidden = f"GET {HIDDEN}{id} HTTP/1.1\r\nHost: test\r\nX: ".encode() + b"\r\n\r\n"
            line, fields, rest = prefix(hidden)
            method, _, version = line.partition(" ")
            start = b"%s %s%s\r\n" % (method.encode(), target, b" " + version.encode() if version else b"")
            yield id, start + b"Host: test\r\n" + fields + b"\r\n\r\n" + rest
            number += 1


def prefixes() -> list[Prefix]:
    """All ways to hide a request."""
    found: list[Prefix] = []
    for coding in _CODINGS:
        found += [
            _coding_only(coding),
            _coding_ends(coding),
            _coding_ends(coding, length_first=True),
            _length_ends(coding),
        ]
    found += [_length(each, "POST HTTP/1.1") for each in _LENGTHS]
    found += [_length(each, "GET HTTP/1.1") for each in _LENGTHS]
    found += [_chunk(each) for each in _CHUNKS]
    found += [
        _length(_LENGTHS[0], f"{method} {version}") for method in _METHODS for version in ("HTTP/1.1", "HTTP/1.0", "")
    ]
    found += [
        _chunk(b"0\r\n\r\n", f"{method} {version}") for method in _METHODS for version in ("HTTP/1.1", "HTTP/1.0")
    ]
    return found


def _coding_only(coding: bytes) -> Prefix:
    return lambda hidden: ("POST HTTP/1.1", coding, b"0\r\n\r\n" + hidden)


def _coding_ends(coding: bytes, *, length_first: bool = False) -> Prefix:
    """To the one that goes by the coding the content ends before the hidden request, to the other behind it (CL.TE)."""

    def prefix(hidden: bytes) -> tuple[str, bytes, bytes]:
        rest = b"0\r\n\r\n" + hidden
        length = b"Content-Length: %d" % len(rest)
        return "POST HTTP/1.1", b"\r\n".join((length, coding) if length_first else (coding, length)), rest

    return prefix


def _length_ends(coding: bytes) -> Prefix:
    """The other way round: the hidden request is the content of a chunk (TE.CL)."""

    def prefix(hidden: bytes) -> tuple[str, bytes, bytes]:
        size = b"%x\r\n" % len(hidden)
        return "POST HTTP/1.1", b"Content-Length: %d\r\n%b" % (len(size), coding), size + hidden + b"\r\n0\r\n\r\n"

    return prefix


def _length(field: bytes, line: str) -> Prefix:
    def prefix(hidden: bytes) -> tuple[str, bytes, bytes]:
        size = len(hidden)
        return line, field % ((size,) * sum(field.count(b"%" + kind) for kind in (b"d", b"x", b"o"))), hidden

    return prefix


def _chunk(rest: bytes, line: str = "POST HTTP/1.1") -> Prefix:
    return lambda hidden: (line, b"Transfer-Encoding: chunked", rest + hidden)
