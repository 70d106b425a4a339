"""The breaches of RFC 9112 and 9110, and the legal oddities, that raw requests are given: one table, each row a name and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from samewire.fuzz.draft import Draft
from samewire.fuzz.drawing import Dice

Apply = Callable[[Dice, Draft, str], None]
"""Breaks the draft; the text is the breach's name."""


class Breach(NamedTuple):
    """One way to break a request."""

    name: str
    apply: Apply
    needs: str = ""
    """`length` or `chunked`: the framing that the request must have for this to mean something."""
    unsafe: bool = False
    """Whether what comes of it may ask for a change of state."""


def _start(change: Callable[[Draft], bytes]) -> Apply:
    """Another request line."""

    def apply(_dice: Dice, draft: Draft, name: str) -> None:
        draft.start = change(draft)
        draft.mark("start", name)

    return apply


def _target(*targets: bytes) -> Apply:
    """One of these in the place of the target, `@` being the target that was there."""

    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.target = dice.pick(targets).replace(b"@", draft.target)
        draft.mark("start", name)

    return apply


def _version(*versions: bytes) -> Apply:
    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.version = dice.pick(versions)
        draft.mark("start", name)

    return apply


def _line(*lines: bytes) -> Apply:
    """One of these field lines besides the others."""

    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.put(dice.pick(lines), name)

    return apply


def _instead(field: bytes, *lines: bytes) -> Apply:
    """One of these in the place of that field's line."""

    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.replace(field, dice.pick(lines), name)

    return apply


def _without(field: bytes) -> Apply:
    def apply(_dice: Dice, draft: Draft, name: str) -> None:
        draft.replace(field, b"X-Gone: 1", name)

    return apply


def _line_end(*ends: bytes) -> Apply:
    """Another end of some field line."""

    def apply(dice: Dice, draft: Draft, name: str) -> None:
        at = dice.number(0, len(draft.lines) - 1)
        draft.line_ends[at] = dice.pick(ends)
        draft.mark(f"line {at}", name)

    return apply


def _start_end(*ends: bytes) -> Apply:
    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.start_end = dice.pick(ends)
        draft.mark("start", name)

    return apply


def _blank(*lines: bytes) -> Apply:
    """Another end of the head."""

    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.blank = dice.pick(lines)
        draft.mark("blank", name)

    return apply


def _before(*data: bytes) -> Apply:
    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.before = dice.pick(data)
        draft.mark("before", name)

    return apply


def _body(*bodies: bytes) -> Apply:
    """One of these in the place of the content as it is coded."""

    def apply(dice: Dice, draft: Draft, name: str) -> None:
        draft.body = [dice.pick(bodies)]
        draft.mark("body", name)

    return apply


def _cut(dice: Dice, draft: Draft, _name: str) -> None:
    draft.keep = dice.number(1, max(sum(len(part.data) for part in draft.parts()) - 1, 1))


def _many(dice: Dice, draft: Draft, name: str) -> None:
    for number in range(dice.pick((50, 101, 200))):
        draft.put(b"X-%d: 1" % number, name)


_CHUNKED = b"Transfer-Encoding: chunked"
BREACHES: tuple[Breach, ...] = (
    Breach("bare LF after the request line", _start_end(b"\n")),
    Breach("bare CR after the request line", _start_end(b"\r")),
    Breach("two blanks in the request line", _start(lambda d: b"  ".join((d.method, d.target, d.version)))),
    Breach("a tab in the request line", _start(lambda d: b"\t".join((d.method, d.target, d.version)))),
    Breach("a blank before the method", _start(lambda d: b" " + b" ".join((d.method, d.target, d.version)))),
    Breach("a blank after the version", _start(lambda d: b" ".join((d.method, d.target, d.version)) + b" ")),
    Breach("no version", _start(lambda d: d.method + b" " + d.target)),
    Breach("no target", _start(lambda d: d.method + b" " + d.version)),
    Breach("method only", _start(lambda d: d.method)),
    Breach("lower-case method", _start(lambda d: b" ".join((d.method.lower(), d.target, d.version))), unsafe=True),
    Breach("unknown method", _start(lambda d: b" ".join((b"BREW", d.target, d.version))), unsafe=True),
    Breach("method that is no token", _start(lambda d: b" ".join((b"G(T", d.target, d.version))), unsafe=True),
    Breach("long method", _start(lambda d: b" ".join((b"A" * 300, d.target, d.version))), unsafe=True),
    Breach("other version", _version(b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/3.0", b"HTTP/1.9")),
    Breach("malformed version", _version(b"http/1.1", b"HTTP/1", b"HTTP/1.1.1", b"HTTP/01.1", b"HTTP/1.10", b"HTTP 1.1", b"HTTPS/1.1", b"HTTP/x.y")),
    Breach("HTTP/1.0", _version(b"HTTP/1.0")),
    Breach("absolute-form", _target(b"http://${host}@", b"HTTP://${host}@", b"http://other.example@", b"https://${host}@", b"http://@", b"ftp://${host}@")),
    Breach("asterisk-form or authority-form", _target(b"*", b"${host}", b"example.com:443", b"**")),
    Breach("target without a slash", _target(b"x", b"?a=b", b"./x", b"../x")),
    Breach("fragment in the target", _target(b"@#x", b"#")),
    Breach("blank in the target", _target(b"@ x", b"/a b")),
    Breach("control in the target", _target(b"@\x00", b"@\x01", b"@\x7f", b"@\x0b")),
    Breach("byte beyond ASCII in the target", _target(b"@\xe9", b"@\xc3\xa9", b"@?a=\xff")),
    Breach("malformed percent-encoding", _target(b"@%", b"@%z", b"@%4", b"@%00", b"@?a=%zz")),
    Breach("delimiter in the target", _target(b'@"', b"@<x>", b"@\\x", b"@^", b"@{x}", b"@|", b"@`")),
    Breach("double slash", _target(b"/@", b"//${host}@", b"@//")),
    Breach("dot segments", _target(b"/.@", b"/x/..@", b"/..@", b"/%2e%2e@")),
    Breach("long target", _target(b"@?" + b"a" * 3000, b"@?" + b"a" * 9000, b"@?" + b"a" * 70_000)),
    Breach("empty lines before the request", _before(b"\r\n", b"\r\n\r\n", b"\n", b"\r\n" * 20)),
    Breach("garbage before the request", _before(b"\x00", b"\xff\xfe", b" \r\n", b"x\r\n", b"\x16\x03\x01\x00\xa5\x01", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), unsafe=True),
    Breach("bare LF after a field line", _line_end(b"\n")),
    Breach("bare CR after a field line", _line_end(b"\r", b"\r\r\n")),
    Breach("line folding", _line(b"X-A: a\r\n b", b"X-A: a\r\n\tb", b"X-A:\r\n b")),
    Breach("blank before the colon", _line(b"X-A : a", b"X-A\t: a")),
    Breach("no colon", _line(b"X-A", b"garbage", b"=")),
    Breach("no field name", _line(b": a", b":")),
    Breach("NUL in a field value", _line(b"X-A: a\x00b")),
    Breach("control in a field value", _line(b"X-A: a\x01b", b"X-A: a\x7fb", b"X-A: a\x0bb", b"X-A: a\x1bb")),
    Breach("bare CR in a field value", _line(b"X-A: a\rb", b"X-A: a\r")),
    Breach("bare LF in a field value", _line(b"X-A: a\nX-B: b")),
    Breach("field name that is no token", _line(b"X A: a", b"X(A): a", b"X\x00A: a", b"X\xe9: a", b'"X": a', b"X/A: a", b"X[A]: a")),
    Breach("field value beyond ASCII", _line(b"X-A: \xe9", b"X-A: \xc3\xa9", b"X-A: \xff\xfe")),
    Breach("blanks around a field value", _line(b"X-A:a", b"X-A:   a   ", b"X-A:\ta\t", b"X-A:", b"X-A: ")),
    Breach("odd field name", _line(b"x_a: a", b"X.A: a", b"~: a", b"1: a")),
    Breach("long field line", _line(b"X-A: " + b"a" * 5000, b"X-A: " + b"a" * 9000, b"X-A: " + b"a" * 20_000, b"X" * 9000 + b": a")),
    Breach("many field lines", _many),
    Breach("blank before the first field line", _start_end(b"\r\n ")),
    Breach("blank line that is not empty", _blank(b" \r\n\r\n", b"\t\r\n\r\n")),
    Breach("no Host", _without(b"Host")),
    Breach("two Hosts", _line(b"Host: ${host}", b"Host: other.example", b"host: ${host}")),
    Breach("empty Host", _instead(b"Host", b"Host:", b"Host: ")),
    Breach("other Host", _instead(b"Host", b"Host: other.example", b"Host: localhost", b"Host: 127.0.0.1", b"HOST: ${host}")),
    Breach("malformed Host", _instead(b"Host", b"Host: a b", b"Host: a,b", b"Host: a/b", b"Host: a@b", b"Host: a:b", b"Host: [::1", b"Host: a:99999", b"Host: ${host}\xe9",
                                      b"Host: http://a", b"Host: a?b", b"Host: a#b", b"Host: :", b"Host: a:", b"Host: [::1]", b"Host: a%41", b"Host: a\x00")),
    Breach("Connection options", _line(b"Connection: close", b"Connection: keep-alive", b"Connection: close, keep-alive", b"Connection: ,", b"Connection: Host",
                                       b"Connection: upgrade\r\nUpgrade: x", b"Proxy-Connection: close", b"Connection: Content-Length")),
    Breach("Expect", _line(b"Expect: 100-continue", b"Expect: 100-Continue", b"Expect: garbage", b"Expect:")),
    Breach("Content-Length beside Transfer-Encoding", _line(b"Content-Length: 3", b"Content-Length: 0", b"Content-Length: 5"), "chunked"),
    Breach("Transfer-Encoding beside Content-Length", _line(_CHUNKED, b"Transfer-Encoding: identity", b"transfer-encoding: x"), "length"),
    Breach("Content-Length twice", _line(b"Content-Length: 3", b"Content-Length: 7", b"content-length: 3"), "length"),
    Breach("Content-Length as a list", _instead(b"Content-Length", b"Content-Length: 3, 3", b"Content-Length: 3,7", b"Content-Length: 3,"), "length"),
    Breach("malformed Content-Length", _instead(b"Content-Length", b"Content-Length: +3", b"Content-Length: -3", b"Content-Length: 0x3", b"Content-Length: 3 3", b"Content-Length:",
           b"Content-Length: 3.0", b"Content-Length: 1_0", b"Content-Length: \xb3", b"Content-Length: three", b'Content-Length: "3"', b"Content-Length: 3;"), "length"),
    Breach("huge Content-Length", _instead(b"Content-Length", b"Content-Length: 99999999999999999999", b"Content-Length: 9223372036854775808", b"Content-Length: 18446744073709551619"), "length"),
    Breach("zeros before Content-Length", _instead(b"Content-Length", b"Content-Length: 003", b"Content-Length:  3 "), "length"),
    Breach("content shorter than its length", _instead(b"Content-Length", b"Content-Length: 4", b"Content-Length: 100"), "length"),
    Breach("content longer than its length", _instead(b"Content-Length", b"Content-Length: 2", b"Content-Length: 0"), "length"),
    Breach("content without framing", _without(b"Content-Length"), "length"),
    Breach("Transfer-Encoding in HTTP/1.0", _version(b"HTTP/1.0"), "chunked"),
    Breach("other Transfer-Encoding", _instead(b"Transfer-Encoding", b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip", b"Transfer-Encoding: gzip, chunked",
           b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: chunked, gzip", b"Transfer-Encoding: xchunked", b"Transfer-Encoding:", b"Transfer-Encoding: ,"), "chunked"),
    Breach("Transfer-Encoding twice", _line(_CHUNKED, b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip"), "chunked"),
    Breach("malformed Transfer-Encoding", _instead(b"Transfer-Encoding", b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding: chunked\x00", b'Transfer-Encoding: "chunked"', b"Transfer-Encoding : chunked",
           b"Transfer-Encoding: chunked;a=b", b"Transfer-Encoding: chunked, chunked", b"Transfer-Encoding: ,chunked", b"Transfer-Encoding: chunked,"), "chunked"),
    Breach("Transfer-Encoding in other case", _instead(b"Transfer-Encoding", b"Transfer-Encoding: Chunked", b"transfer-encoding: CHUNKED", b"Transfer-Encoding:chunked"), "chunked"),
    Breach("malformed chunk size", _body(b"g\r\nabc\r\n0\r\n\r\n", b"0x3\r\nabc\r\n0\r\n\r\n", b"+3\r\nabc\r\n0\r\n\r\n", b"-3\r\nabc\r\n0\r\n\r\n", b"\r\nabc\r\n0\r\n\r\n", b"1_0\r\n" + b"a" * 16 + b"\r\n0\r\n\r\n",
           b"3 3\r\nabc\r\n0\r\n\r\n", b"\xb3\r\nabc\r\n0\r\n\r\n"), "chunked"),
    Breach("blanks around a chunk size", _body(b" 3\r\nabc\r\n0\r\n\r\n", b"3 \r\nabc\r\n0\r\n\r\n", b"3\t\r\nabc\r\n0\r\n\r\n"), "chunked"),
    Breach("zeros before a chunk size", _body(b"003\r\nabc\r\n0\r\n\r\n", b"3\r\nabc\r\n000\r\n\r\n", b"0" * 20 + b"3\r\nabc\r\n0\r\n\r\n"), "chunked"),
    Breach("huge chunk size", _body(b"fffffffffffffffff\r\nabc", b"8000000000000000\r\nabc", b"10000000000000003\r\nabc\r\n0\r\n\r\n"), "chunked"),
    Breach("chunk of another length than it says", _body(b"4\r\nabc\r\n0\r\n\r\n", b"2\r\nabc\r\n0\r\n\r\n", b"3\r\nabc0\r\n\r\n", b"3\r\nabcd\r\n0\r\n\r\n"), "chunked"),
    Breach("bare LF in chunks", _body(b"3\nabc\r\n0\r\n\r\n", b"3\r\nabc\n0\r\n\r\n", b"3\r\nabc\r\n0\n\r\n", b"3\r\nabc\r\n0\r\n\n", b"3\nabc\n0\n\n"), "chunked"),
    Breach("bare CR in chunks", _body(b"3\rabc\r\n0\r\n\r\n", b"3\r\nabc\r0\r\n\r\n", b"3\r\nabc\rX0\r\n\r\n"), "chunked"),
    Breach("chunk extension", _body(b"3;a=b\r\nabc\r\n0\r\n\r\n", b'3;a="b;c"\r\nabc\r\n0\r\n\r\n', b"3 ; a\r\nabc\r\n0\r\n\r\n", b"3;\r\nabc\r\n0\r\n\r\n", b"3\r\nabc\r\n0;a=b\r\n\r\n"), "chunked"),
    Breach("malformed chunk extension", _body(b"3;a\nb\r\nabc\r\n0\r\n\r\n", b"3;a\rb\r\nabc\r\n0\r\n\r\n", b"3;\x00\r\nabc\r\n0\r\n\r\n", b"3;" + b"a" * 9000 + b"\r\nabc\r\n0\r\n\r\n", b'3;a="\r\nabc\r\n0\r\n\r\n'), "chunked"),
    Breach("no last chunk", _body(b"3\r\nabc\r\n", b"3\r\nabc\r\n0\r\n", b"3\r\nabc", b""), "chunked"),
    Breach("trailer section", _body(b"3\r\nabc\r\n0\r\nX-T: t\r\n\r\n", b"0\r\nX-T: t\r\nX-U: u\r\n\r\n", b"3\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n", b"3\r\nabc\r\n0\r\nHost: other.example\r\n\r\n"), "chunked"),
    Breach("malformed trailer section", _body(b"3\r\nabc\r\n0\r\ngarbage\r\n\r\n", b"3\r\nabc\r\n0\r\nX-T : t\r\n\r\n", b"3\r\nabc\r\n0\r\nX-T: a\r\n b\r\n\r\n", b"3\r\nabc\r\n0\r\nX-T: \x00\r\n\r\n",
           b"3\r\nabc\r\n0\r\nX-T: " + b"t" * 20_000 + b"\r\n\r\n"), "chunked"),
    Breach("bare LF after the head", _blank(b"\n")),
    Breach("bare CR after the head", _blank(b"\r", b"\r\r\n")),
    Breach("no end of the head", _blank(b"")),
    Breach("cut short", _cut),
)  # fmt: skip
