"""The request as the new server's handler sees it is not the one that was sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from samewire.cases import expect, get, post, request
from samewire.cases.model import Step
from samewire.prove.asked import RequestHead, RequestRest
from samewire.prove.channel import RequestEdit, Tamper
from samewire.prove.fault import Fault, Kind
from samewire.prove.faults.contents import LENGTH

_LINE = re.compile(rb"([\r\n]*)(\S+) (\S+) (HTTP/1\.[01])(?=\r?\n)")
_LENGTH = re.compile(rb"(?i)(\ncontent-length:[ \t]*)([0-9]{1,18})(?=[ \t]*\r?\n)")
Change = Callable[[bytes], bytes]


def _fault(name: str, does: str, needs: str, example: Step, edit: Callable[[], RequestEdit]) -> Fault:
    steps = (example, expect(200))
    tamper = Tamper(requests=edit)
    return Fault(f"request.{name}", Kind.REQUEST, f"before the handler, {does}", needs, steps, tamper, LENGTH)


def _head(name: str, does: str, needs: str, example: Step, change: Change) -> Fault:
    return _fault(
        name, does, needs, example, lambda: lambda part: change(part.raw) if isinstance(part, RequestHead) else part.raw
    )


def _target(name: str, does: str, needs: str, example: Step, change: Change) -> Fault:
    def edit(raw: bytes) -> bytes:
        line = _LINE.match(raw)
        return raw if line is None else raw[: line.start(3)] + change(line[3]) + raw[line.end(3) :]

    return _head(name, does, needs, example, edit)


def _query(change: Change) -> Change:
    def edit(target: bytes) -> bytes:
        path, mark, query = target.partition(b"?")
        return path + mark + change(query)

    return edit


def _path(change: Change) -> Change:
    def edit(target: bytes) -> bytes:
        path, mark, query = target.partition(b"?")
        return (change(path) or b"/") + mark + query

    return edit


def _lost(name: str, example: str) -> Fault:
    pattern = re.compile(rb"(?i)(?<=\n)%b:[^\n]*\n" % name.encode())
    return _head(
        f"{name.lower()}-lost",
        f"the field {name} is lost",
        f"a request whose answer depends on {name}",
        get("/path", headers={name: example}),
        lambda raw: pattern.sub(b"", raw),
    )


def _line_added(line: bytes) -> Change:
    return lambda raw: re.sub(rb"(\r?\n)(\r?\n)\Z", rb"\1%b\1\2" % line, raw)


def _decoded(text: bytes) -> bytes:
    """Percent-decoded once, what can't stand in a target encoded again."""
    return re.sub(rb"[^\x21-\x7e]", lambda match: b"%%%02X" % match[0][0], unquote_to_bytes(text))


def _first_of_each(query: bytes) -> bytes:
    found: dict[bytes, bytes] = {}
    for pair in query.split(b"&"):
        found.setdefault(pair.partition(b"=")[0], pair)
    return b"&".join(found.values())


def _merged(raw: bytes) -> bytes:
    """Later lines of a name joined to its first one."""
    first, *lines = raw.split(b"\r\n")
    found: dict[bytes, bytes] = {}
    for line in lines[:-2]:
        name, _, value = line.partition(b":")
        key = name.lower()
        found[key] = found[key] + b", " + value.strip() if key in found else line
    return b"\r\n".join((first, *found.values(), b"", b""))


def _first_lines(raw: bytes) -> bytes:
    """Later lines of a name lost."""
    first, *lines = raw.split(b"\r\n")
    found = {line.partition(b":")[0].lower(): line for line in reversed(lines[:-2])}
    return b"\r\n".join((first, *(line for line in lines[:-2] if line in found.values()), b"", b""))


def _overridden(raw: bytes) -> bytes:
    named = re.search(rb"(?i)\nx-http-method-override:[ \t]*([A-Z]+)", raw)
    return raw if named is None else re.sub(rb"^\S+", named[1], raw)


def _without_length(content: Callable[[bytes], bytes], off: int) -> Callable[[], RequestEdit]:
    """Content with another length, the field set right; in one go or as it comes."""

    def make() -> RequestEdit:
        left = 0

        def edit(part: RequestHead | RequestRest) -> bytes:
            nonlocal left
            if isinstance(part, RequestHead):
                length = _LENGTH.search(part.raw)
                left = max(0, int(length[2]) + off) if length else -1
                return _LENGTH.sub(rb"\g<1>%d" % left, part.raw) if length and left else part.raw
            if left < 0:
                return part.raw
            data = content(part.raw)[:left] if left else part.raw
            left -= len(data)
            return data

        return edit

    return make


_QUERY = get("/echo?a=1%252B&b=x+y&a=2")
FAULTS = (
    _target("query-lost", "the query is lost", "a request whose answer depends on its query", _QUERY, lambda t: t.partition(b"?")[0]),
    _target("query-decoded", "the query is decoded twice", "a query with a percent-encoded `%`, `&` or `+`", _QUERY, _query(_decoded)),
    _target("plus-lost", "`+` in the query becomes nothing", "a query with `+`", _QUERY, _query(lambda q: q.replace(b"+", b""))),
    _target("plus-kept", "`+` in the query no longer means a blank", "a query with `+`", _QUERY, _query(lambda q: q.replace(b"+", b"%2B"))),
    _target("repeated-parameter", "only the first of a repeated parameter stays", "a query that repeats a parameter", _QUERY, _query(_first_of_each)),
    _target("empty-parameter", "parameters without a value are lost", "a query with `a=` or `a`", get("/echo?a=&b"), _query(lambda q: b"&".join(p for p in q.split(b"&") if p.partition(b"=")[2]))),
    _target("path-decoded", "the path is decoded twice", "a path with a percent-encoded `%` or `/`", get("/items/a%2Fb"), _path(_decoded)),
    _target("path-normalised", "`//` and `/../` are removed from the path", "a path with `//` or dot segments", get("//path"), _path(lambda p: re.sub(rb"/[^/]+/\.\.(?=/|\Z)", b"", re.sub(rb"/{2,}", b"/", p)))),
    _target("slash-lost", "a slash at the end of the path is lost", "a path that ends with a slash", get("/path/"), _path(lambda p: p.rstrip(b"/"))),
    _target("slash-added", "a slash is added to the path", "any request", get("/path"), _path(lambda p: p if p.endswith(b"/") else p + b"/")),
    _target("path-in-lower-case", "the path is in lower case", "a path with a capital letter", get("/Path"), _path(bytes.lower)),
    _target("parameter-lost", "what stands after `;` in the path is lost", "a path with `;`", get("/path;v=1"), _path(lambda p: p.partition(b";")[0])),
    *(
        _lost(name, example)
        for name, example in (
            ("Accept", "text/html"),
            ("Accept-Encoding", "gzip"),
            ("Authorization", "Bearer token"),
            ("Content-Type", "application/json"),
            ("Cookie", "session=1"),
            ("Expect", "100-continue"),
            ("If-Match", '"no"'),
            ("If-None-Match", "*"),
            ("If-Modified-Since", "Sun, 06 Nov 2044 08:49:37 GMT"),
            ("If-Range", '"no"'),
            ("Origin", "https://app.example"),
            ("Range", "bytes=0-3"),
            ("X-Request-ID", "mine"),
            ("Connection", "close"),
        )
    ),
    _head("field-added", "a field X-Forwarded-For is added", "a request whose answer shows the fields received", get("/echo"), _line_added(b"X-Forwarded-For: 203.0.113.7")),
    _head("fields-merged", "lines of one name are joined", "a request that repeats a field, answered with the lines received", get("/echo", headers=[("X-A", "1"), ("X-A", "2")]), _merged),
    _head("fields-first", "only the first line of each name stays", "a request that repeats a field", get("/echo", headers=[("X-A", "1"), ("X-A", "2")]), _first_lines),
    _head("host", "Host is another one", "a request whose answer depends on Host", get("/moved"), lambda raw: re.sub(rb"(?i)(\nhost:[ \t]*)[^\r\n]*", rb"\g<1>other.example", raw)),
    _head("bytes-lost", "bytes above 127 in fields become `?`", "a field with a byte above 127", get("/echo", headers={"X-A": "ä"}), lambda raw: re.sub(rb"[\x80-\xff]", b"?", raw)),
    _head("version", "HTTP/1.0 becomes HTTP/1.1", "a request in HTTP/1.0", get("/path", version="HTTP/1.0"), lambda raw: re.sub(rb"^(\S+ \S+ )HTTP/1\.0", rb"\1HTTP/1.1", raw)),
    _head("method-override", "X-HTTP-Method-Override is obeyed", "a request with X-HTTP-Method-Override", post("/path", text="", headers={"X-HTTP-Method-Override": "PUT"}), _overridden),
    _head("method", "PUT becomes POST", "a PUT request", request("PUT", "/path", text=""), lambda raw: re.sub(rb"^PUT ", b"POST ", raw)),
    _fault("content-shorter", "the last byte of the content is lost", "a request with content and Content-Length", post("/echo", text="hello"), _without_length(lambda data: data, -1)),
    _fault("content-changed", "letters of the content are in lower case", "a request with capital letters in its content", post("/echo", text="Hello"), _without_length(bytes.lower, 0)),
)  # fmt: skip
