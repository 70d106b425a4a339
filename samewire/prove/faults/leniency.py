"""A new server that takes what the old one refuses: the proxy mends malformed requests on their way to it."""

from __future__ import annotations

import re
from collections.abc import Callable

from samewire.cases import expect, raw
from samewire.prove.asked import RequestHead
from samewire.prove.channel import Tamper
from samewire.prove.fault import Fault, Kind

Change = Callable[[bytes], bytes]
_END = "\r\n\r\n"
_GET, _POST = "GET /path HTTP/1.1\r\nHost: ${host}", "POST /path HTTP/1.1\r\nHost: ${host}"


def _head(name: str, is_taken: str, sent: str, change: Change) -> Fault:
    tamper = Tamper(requests=lambda: lambda part: change(part.raw) if isinstance(part, RequestHead) else part.raw)
    return _fault(name, is_taken, sent, tamper)


def _fault(name: str, is_taken: str, sent: str, tamper: Tamper) -> Fault:
    steps = (raw(sent), expect(400))
    does, needs = f"{is_taken} is taken as if it were right", f"a request with {is_taken}"
    return Fault(f"leniency.{name}", Kind.LENIENCY, does, needs, steps, tamper)


def _sub(pattern: bytes, by: bytes | Callable[[re.Match[bytes]], bytes]) -> Change:
    compiled = re.compile(pattern)
    return lambda data: compiled.sub(by, data)


def _first(name: bytes) -> Change:
    """Only the first line of that name stays."""
    pattern = re.compile(rb"(?i)(?<=\n)%b[ \t]*:[^\n]*\n" % name)

    def change(head: bytes) -> bytes:
        for line in reversed(tuple(pattern.finditer(head))[1:]):
            head = head[: line.start()] + head[line.end() :]
        return head

    return change


def _host_added(head: bytes) -> bytes:
    missing = re.search(rb"(?i)\nhost[ \t]*:", head) is None and b"HTTP/1.1" in head.partition(b"\n")[0]
    return head.replace(b"\n", b"\nHost: localhost\r\n", 1) if missing else head


def _length_beside_coding(head: bytes) -> bytes:
    coded = re.search(rb"(?i)\ntransfer-encoding[ \t]*:", head)
    return re.sub(rb"(?i)(?<=\n)content-length[ \t]*:[^\n]*\n", b"", head) if coded else head


FAULTS = (
    _head("bare-lf", "a line that ends with LF alone", _GET + "\n\n", _sub(rb"(?<!\r)\n", b"\r\n")),
    _head("bare-cr", "a CR without LF in a field", _GET + "\r\nX-A: a\rb" + _END, _sub(rb"\r(?!\n)", b" ")),
    _head("folded", "a folded field line", _GET + "\r\nX-A: a\r\n b" + _END, _sub(rb"\r?\n[ \t]+(?=[^\r\n])", b" ")),
    _head("two-lengths", "two lines of Content-Length", _POST + "\r\nContent-Length: 1\r\nContent-Length: 2" + _END + "a", _first(b"content-length")),
    _head("length-and-chunked", "Content-Length beside Transfer-Encoding", _POST + "\r\nContent-Length: 1\r\nTransfer-Encoding: chunked" + _END + "0" + _END, _length_beside_coding),
    _head("length-signed", "a Content-Length with a sign", _POST + "\r\nContent-Length: +1" + _END + "a", _sub(rb"(?i)(\ncontent-length:[ \t]*)[+](?=[0-9])", rb"\1")),
    _head("length-list", "a Content-Length that is a list", _POST + "\r\nContent-Length: 1, 1" + _END + "a", _sub(rb"(?i)(\ncontent-length:[ \t]*[0-9]+)[ \t]*,[^\r\n]*", rb"\1")),
    _head("no-host", "no Host", "GET /path HTTP/1.1" + _END, _host_added),
    _head("two-hosts", "two lines of Host", _GET + "\r\nHost: other.example" + _END, _first(b"host")),
    _head("bad-host", "a Host that is no authority", "GET /path HTTP/1.1\r\nHost: a b" + _END, _sub(rb"(?i)(\nhost:[ \t]*+)[^\r\n]*[^A-Za-z0-9.:\[\]\r\n-][^\r\n]*", rb"\1localhost")),
    _head("blank-before-colon", "a blank before the colon of a field", _GET + "\r\nX-A : a" + _END, _sub(rb"(?<=\n)([^\s:]+)[ \t]+:", rb"\1:")),
    _head("blank-before-first", "a blank before the first field", "GET /path HTTP/1.1\r\n Host: ${host}" + _END, _sub(rb"\A([^\n]*\n)[ \t]+", rb"\1")),
    _head("bad-name", "a field name that is no token", _GET + "\r\nX(A): a" + _END, _sub(rb"(?<=\n)(?!\r?\n)(?=[^\n:]*[^!#$%&'*+.^_`|~0-9A-Za-z\s:-])[^\n:]*:", b"X-Mended:")),
    _head("no-colon", "a field line without a colon", _GET + "\r\nnonsense" + _END, _sub(rb"(?<=\n)[^\s:][^\n:]*\n(?=.)", b"")),
    _head("control-character", "a control character in a field", _GET + "\r\nX-A: a\x00b" + _END, _sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", b"")),
    _head("lower-case-method", "a method in lower case", "get /path HTTP/1.1\r\nHost: ${host}" + _END, _sub(rb"\A[a-z]+(?= )", lambda found: found[0].upper())),
    _head("version", "another version of HTTP", "GET /path HTTP/1.2\r\nHost: ${host}" + _END, _sub(rb"\A(\S+ \S+ )HTTP/(?!1\.[01]\r)[0-9.]+", rb"\1HTTP/1.1")),
    _head("lower-case-version", "a version in lower case", "GET /path http/1.1\r\nHost: ${host}" + _END, _sub(rb"\A(\S+ \S+ )http/", rb"\1HTTP/")),
    _head("two-blanks", "two blanks in the request line", "GET  /path HTTP/1.1\r\nHost: ${host}" + _END, _sub(rb"\A(\S+)[ \t]+(\S+)[ \t]+(HTTP/)", rb"\1 \2 \3")),
    _head("blank-in-target", "a blank in the target", "GET /a b HTTP/1.1\r\nHost: ${host}" + _END, _sub(rb"\A(\S+ \S+) (?!HTTP/)([^\r\n]* HTTP/)", rb"\1%20\2")),
    _head("fragment", "a fragment in the target", "GET /path#a HTTP/1.1\r\nHost: ${host}" + _END, _sub(rb"\A(\S+ [^\s#]*)#\S*", rb"\1")),
    _head("bad-percent", "a `%` in the target that begins no octet", "GET /a%zz HTTP/1.1\r\nHost: ${host}" + _END, lambda head: re.sub(rb"%(?![0-9A-Fa-f]{2})", b"%25", head.partition(b"\n")[0]) + b"\n" + head.partition(b"\n")[2]),
    _head("unknown-coding", "a transfer coding that is unknown", _POST + "\r\nTransfer-Encoding: nonsense" + _END, _sub(rb"(?i)(?<=\n)transfer-encoding:(?![ \t]*chunked[ \t]*\r?\n)[^\n]*\n", b"")),
    _head("expectation", "an expectation that is unknown", _POST + "\r\nExpect: a miracle" + _END, _sub(rb"(?i)(?<=\n)expect:(?![ \t]*100-continue)[^\n]*\n", b"")),
    _head("long-target", "a target that is too long", "GET /aaa... HTTP/1.1\r\nHost: ${host}" + _END, _sub(rb"\A(\S+ \S{100})\S{1000,}", rb"\1")),
    _head("long-head", "a head that is too long", _GET + "\r\nX-A: aaa..." + _END, _sub(rb"([^\r\n]{100})[^\r\n]{2000,}", rb"\1")),
    _fault("chunk-size", "a chunk size that is no hexadecimal number", _POST + "\r\nTransfer-Encoding: chunked" + _END + "0x1\r\na\r\n0" + _END, Tamper(sent=_sub(rb"(?<=\r\n)(?:0[xX]|\+|-)(?=[0-9A-Fa-f]{1,8}\r\n)", b""))),
    _fault("chunk-lf", "a chunk whose lines end with LF alone", _POST + "\r\nTransfer-Encoding: chunked" + _END + "1\na\n0\n\n", Tamper(sent=lambda data: _sub(rb"(?<!\r)\n", b"\r\n")(data) if b"chunked" in data else data)),
)  # fmt: skip
