"""Where a request ends and the next one begins, in the places where a parser that was made for something else loses it."""

from __future__ import annotations

from contract_tests.shorthand import lines
from samewire.cases import Case, case, empty, ends, expect, get, json, match, problem, raw
from samewire.cases.model import Receive, Send

NOT_TAKEN = "RFC 9110 section 7.8: a server may ignore an Upgrade; then the request is one as any other, and so is what follows."
TUNNEL = "RFC 9110 section 9.3.6: a server that refuses CONNECT makes no tunnel; what follows the head is content."
NO_CODING = (
    "RFC 9112 section 6.1: Transfer-Encoding with Content-Length is an attempt to smuggle; section 6.3: 400 and close."
)
EXTENSIONS = "RFC 9112 section 7.1.1: a recipient must ignore unknown extensions; a server ought to limit their length."
GRAMMAR = 'RFC 9112 section 7.1.1: chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ).'
NAME = 'RFC 9112 section 2.3: HTTP-name is %s"HTTP"; another protocol\'s request is no request.'
LINE = "RFC 9112 section 3: request-line = method SP request-target SP HTTP-version."
APART = "RFC 6585 section 5 and contract: the fields of the head and those of the trailer section have the limit each."
BLANKS = "RFC 9110 section 5.5: a field value does not include leading or trailing whitespace, which is SP or HTAB."
HEAD = "RFC 9110 section 9.3.2: the server must not send content in answer to HEAD."
ENDS = "RFC 9112 section 9.6: a server that has sent `close` must close, and ought to read on so that the answer is not lost."
CLOSE = {"Connection": match(token="close")}
CHUNKED = "Transfer-Encoding: chunked"
UPGRADE = ("Connection: upgrade", "Upgrade: x")
HIDDEN = "POST /probe/counter/{id} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"


def _get(target: str = "/probe/items/7") -> str:
    return lines(f"GET {target} HTTP/1.1", "Host: ${host}")


def _sized(id: str, line: str, *fields: str) -> str:
    """A request whose content spells another one."""
    content = HIDDEN.format(id=id)
    return lines(line, "Host: ${host}", *fields, f"Content-Length: {len(content)}", content=content)


def _chunked(id: str, line: str, *fields: str, trailers: str = "") -> str:
    content = HIDDEN.format(id=id)
    chunks = f"{len(content):x}\r\n{content}\r\n0\r\n{trailers}\r\n"
    return lines(line, "Host: ${host}", *fields, CHUNKED, content=chunks)


def _never_executed(id: str) -> tuple[Send, Receive]:
    return get(f"/probe/counter/{id}", on="other"), expect(200, body=json({"/count": 0}), on="other")


UPLOAD = "POST /probe/upload HTTP/1.1"
IGNORE = "POST /probe/ignore HTTP/1.1"
CONNECT = "CONNECT ${host} HTTP/1.1"

CASES: tuple[Case, ...] = (
    *(
        case(
            f"WSK-06.next-{name}",
            f"what follows an upgrade that is not taken is the next request, {how}",
            NOT_TAKEN,
            raw(make(f"WSK-06.next-{name}", line, *fields) + _sized(f"WSK-06.next-{name}", UPLOAD) + _get()),
            expect(status),
            expect(200, body=json({"/length": len(HIDDEN.format(id=f"WSK-06.next-{name}"))})),
            expect(200, body=json({"/params/id": "7"})),
            *_never_executed(f"WSK-06.next-{name}"),
            ends("reusable"),
        )
        for name, how, make, line, status, fields in (
            ("sized", "after content", _sized, UPLOAD, 200, UPGRADE),
            ("chunked", "after chunks", _chunked, UPLOAD, 200, UPGRADE),
            ("ignored", "after content that nobody reads", _sized, IGNORE, 200, UPGRADE),
            (
                "h2c",
                "to HTTP/2",
                _sized,
                UPLOAD,
                200,
                ("Connection: upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"),
            ),
            (
                "websocket",
                "to WebSocket where there is none",
                _sized,
                UPLOAD,
                200,
                ("Connection: upgrade", "Upgrade: websocket"),
            ),
            ("nothing", "where nothing is", _sized, "POST /nothing HTTP/1.1", 404, UPGRADE),
            (
                "refused",
                "where the handshake is refused for its content",
                _sized,
                "GET /probe/ws/echo HTTP/1.1",
                400,
                (
                    "Connection: upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                ),
            ),
        )
    ),
    case(
        "WSK-06.three",
        "three upgrades that are not taken are answered, each of them",
        NOT_TAKEN,
        raw(lines(UPLOAD, "Host: ${host}", *UPGRADE, "Content-Length: 1", content="x") * 3),
        *(expect(200, body=json({"/length": 1})) for _ in range(3)),
        ends("reusable"),
    ),
    *(
        case(
            f"MET-08.{name}",
            f"the content of CONNECT is content: {how}",
            TUNNEL,
            raw(make(f"MET-08.{name}", CONNECT) + _get()),
            expect(501, interim=[], body=problem()),
            expect(200, body=json({"/params/id": "7"})),
            *_never_executed(f"MET-08.{name}"),
            ends("reusable"),
        )
        for name, how, make in (("sized", "of a length", _sized), ("chunked", "in chunks", _chunked))
    ),
    case(
        "MET-08.next",
        "what follows CONNECT is the next request, and a malformed one does not cost the sound one before it",
        TUNNEL,
        raw(lines(CONNECT, "Host: ${host}") + _get() + "GARBAGE\r\n\r\n"),
        expect(501, body=problem()),
        expect(200, body=json({"/params/id": "7"})),
        expect(400, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    *(
        case(
            f"EXP-06.{name}",
            f"{what} gets no 100: nothing is read",
            "RFC 9110 section 10.1.1: a server may answer with a final status instead, and then no 100 goes before it.",
            raw(lines(line, "Host: ${host}", "Expect: 100-continue", "Content-Length: 5")),
            expect(status, interim=[], headers=CLOSE),
            ends("closed"),
        )
        for name, what, line, status in (
            ("asterisk", "OPTIONS *", "OPTIONS * HTTP/1.1", 204),
            ("connect", "CONNECT", CONNECT, 501),
            ("root", "what is not allowed at http://host", "DELETE http://${host} HTTP/1.1", 405),
        )
    ),
    *(
        case(
            f"EXP-02.{name}",
            f"content of which {what} has come needs no 100",
            "RFC 9110 section 10.1.1: a server may omit sending 100 if it has already received some of the content.",
            raw(lines(UPLOAD, "Host: ${host}", "Expect: 100-continue", field, content=first)),
            raw(rest),
            expect(200, interim=[], body=json({"/length": 5})),
            ends("reusable"),
        )
        for name, what, field, first, rest in (
            ("part", "a part", "Content-Length: 5", "he", "llo"),
            ("size", "the size of a chunk", CHUNKED, "5\r\n", "hello\r\n0\r\n\r\n"),
            ("digit", "a digit", CHUNKED, "5", "\r\nhello\r\n0\r\n\r\n"),
        )
    ),
    *(
        case(
            f"SMG-01.{name}",
            f"an empty Transfer-Encoding with a Content-Length is 400, and the last of its connection{how}",
            NO_CODING,
            raw(lines(line, "Host: ${host}", *fields, content="hello") + _get()),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, how, line, fields in (
            ("empty", "", UPLOAD, ("Transfer-Encoding: ", "Content-Length: 5")),
            ("empty-after", ", in either order", UPLOAD, ("Content-Length: 5", "Transfer-Encoding:")),
            ("empty-tab", ", of blanks", UPLOAD, ("Transfer-Encoding: \t ", "Content-Length: 5")),
            ("empty-connect", ", for CONNECT", CONNECT, ("Transfer-Encoding:", "Content-Length: 5")),
            (
                "empty-nothing",
                ", where nothing is",
                "POST /nothing HTTP/1.1",
                ("Transfer-Encoding:", "Content-Length: 5"),
            ),
        )
    ),
    *(
        case(
            f"SMG-07.{name}",
            f"a coding before chunked is 501, {how}, and the last of its connection",
            "RFC 9110 section 5.3: lines of a list are one list; RFC 9112 section 6.1: an unknown coding is 501.",
            raw(lines(UPLOAD, "Host: ${host}", *fields, content="0\r\n\r\n") + _get()),
            expect(501, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, how, fields in (
            ("line", "on one line", ("Transfer-Encoding: gzip, chunked",)),
            ("lines", "on two", ("Transfer-Encoding: gzip", CHUNKED)),
            ("three", "on three", ("Transfer-Encoding: gzip", "Transfer-Encoding: br", CHUNKED)),
        )
    ),
    *(
        case(
            f"SMG-07.{name}",
            f"{what} is 400, and the last of its connection",
            "RFC 9112 section 6.1: chunked is applied once, and last.",
            raw(lines(UPLOAD, "Host: ${host}", *fields, content="0\r\n\r\n") + _get()),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, what, fields in (
            ("twice-lines", "chunked on two lines", (CHUNKED, CHUNKED)),
            ("after-lines", "a coding after chunked, on two lines", (CHUNKED, "Transfer-Encoding: gzip")),
        )
    ),
    *(
        case(
            f"STR-03.{name}",
            f"extensions of {what} are let pass",
            EXTENSIONS,
            raw(lines(UPLOAD, "Host: ${host}", CHUNKED, content=content)),
            expect(200, body=json({"/length": length})),
            ends("reusable"),
        )
        for name, what, content, length in (
            ("most", "64 KiB in one line", f"1;{'x' * 65_535}\r\n!\r\n0\r\n\r\n", 1),
            ("most-lines", "64 KiB in many", f"1;{'x' * 1023}\r\n!\r\n" * 64 + "0\r\n\r\n", 64),
        )
    ),
    *(
        case(
            f"STR-03.{name}",
            f"extensions of {what} are 400",
            EXTENSIONS,
            raw(lines(UPLOAD, "Host: ${host}", CHUNKED, content=content)),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, what, content in (
            ("more", "more than 64 KiB in one line", f"1;{'x' * 65_536}\r\n!\r\n0\r\n\r\n"),
            ("more-lines", "more than 64 KiB in many", f"1;{'x' * 1023}\r\n!\r\n" * 64 + "1;x\r\n!\r\n0\r\n\r\n"),
            ("more-last", "more than 64 KiB with the last chunk's", f"1;{'x' * 65_000}\r\n!\r\n0;{'x' * 536}\r\n\r\n"),
            ("endless", "a line that never ends", f"1;{'x' * 80_000}"),
        )
    ),
    *(
        case(
            f"STR-03.{name}",
            f"an extension {what} is 400",
            GRAMMAR,
            raw(lines(UPLOAD, "Host: ${host}", CHUNKED, content=f"5{extension}\r\nhello\r\n0\r\n\r\n")),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, what, extension in (
            ("no-value", "whose value is missing", ";a="),
            ("no-name", "whose name is missing", ";=b"),
            ("nothing", "that is nothing", ";"),
            ("unclosed", "whose quotes do not end", ';a="b'),
        )
    ),
    *(
        case(
            f"STR-04.{name}",
            f"a bare line feed {where} is 400 at once",
            "RFC 9112 section 2.2 and contract: lines end in CRLF; nobody waits for what can't be mended.",
            raw(lines(UPLOAD, "Host: ${host}", CHUNKED, content=content)),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, where, content in (
            ("lf-end", "at the end of trailers", "0\r\n\n"),
            ("lf-after", "after a trailer", "0\r\nA: b\n"),
            ("lf-size", "after a size", "5\n"),
            ("lf-extension", "after an extension", "5;a\n"),
            ("cr-trailer", "for a carriage return in a trailer", "0\r\nA: b\rC"),
        )
    ),
    *(
        case(
            f"VER-05.{name}",
            f"{what} in the request line is 400",
            NAME,
            raw(lines(line, "Host: ${host}") + _get()),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, what, line in (
            ("rtsp", "RTSP/1.0", "OPTIONS * RTSP/1.0"),
            ("rtsp-path", "RTSP/1.1", "GET /probe/echo RTSP/1.1"),
            ("ice", "ICE/1.0", "SOURCE /probe/echo ICE/1.0"),
            ("lower", "http/1.1", "GET /probe/echo http/1.1"),
            ("spaced", "HTTP /1.1", "GET /probe/echo HTTP /1.1"),
        )
    ),
    *(
        case(
            f"VER-05.{name}",
            f"{what} is 400 at once",
            LINE,
            raw(text),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, what, text in (
            ("none", "a request line without a version", "GET /\r\n"),
            ("none-query", "the same of a target with a query", "GET /probe/echo?a=b\r\n"),
            ("unfinished", "a version that is none", "GET / HTTP/5.6"),
            ("unfinished-name", "a name that can't become HTTP", "GET / HTPT"),
            ("unfinished-digits", "a version of two digits", "GET / HTTP/11"),
        )
    ),
    case(
        "LIM-01.method",
        "a method that never ends is 400: it is none",
        LINE,
        raw("A" * 20_000),
        expect(400, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    case(
        "LIM-03.apart",
        "the fields of the head and those of the trailer section are counted apart",
        APART,
        raw(
            lines(
                UPLOAD,
                "Host: ${host}",
                CHUNKED,
                *(f"X-{n}: x" for n in range(60)),
                content="0\r\n" + "".join(f"Y-{n}: y\r\n" for n in range(99)) + "\r\n",
            )
        ),
        expect(200, body=json({"/length": 0})),
        ends("reusable"),
    ),
    case(
        "LIM-03.trailers",
        "more than 100 trailers are 431",
        APART,
        raw(
            lines(
                UPLOAD,
                "Host: ${host}",
                CHUNKED,
                content="0\r\n" + "".join(f"Y-{n}: y\r\n" for n in range(101)) + "\r\n",
            )
        ),
        expect(431, headers=CLOSE, body=problem()),
        ends("closed"),
    ),
    *(
        case(
            f"HDR-03.{name}",
            f"a tab {where} is no part of the value",
            BLANKS,
            raw(lines(UPLOAD, "Host: ${host}", *fields, content=content)),
            expect(200, body=json({"/length": 5})),
            ends("closed" if name == "close" else "reusable"),
        )
        for name, where, fields, content in (
            ("chunked", "after chunked", (CHUNKED + "\t",), "5\r\nhello\r\n0\r\n\r\n"),
            (
                "chunked-both",
                "around chunked",
                ("Transfer-Encoding:\t \tchunked \t",),
                "5\r\nhello\r\n0\r\n\r\n",
            ),
            ("length", "after a length", ("Content-Length: 5\t",), "hello"),
            ("close", "after close", ("Connection: close\t", "Content-Length: 5"), "hello"),
        )
    ),
    case(
        "HDR-03.key1",
        "Sec-WebSocket-Key1 is a field as any other",
        "RFC 9110 section 5.1: a field that is not known is let pass; that of a forgotten draft, too.",
        raw(lines("GET /probe/echo HTTP/1.1", "Host: ${host}", "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5")),
        expect(200, body=json({"/headers": [["host", "${host}"], ["sec-websocket-key1", "4 @1  46546xW%0l 1 5"]]})),
        ends("reusable"),
    ),
    *(
        case(
            f"MET-03.{name}",
            f"HEAD that is refused for {what} gets no content, and is the last of its connection",
            HEAD,
            raw(text, answers_head=True),
            expect(status, headers=CLOSE, body=empty()),
            ends("closed"),
        )
        for name, what, status, text in (
            ("field", "a field", 400, lines("HEAD /probe/echo HTTP/1.1", "Host: ${host}", "A : b")),
            ("host", "its Host", 400, lines("HEAD /probe/echo HTTP/1.1", "Host: a b")),
            ("no-host", "having none", 400, lines("HEAD /probe/echo HTTP/1.1")),
            ("version", "its version", 400, lines("HEAD /probe/echo HTTP/9.9", "Host: ${host}")),
            ("version-2", "HTTP/2.0", 505, lines("HEAD /probe/echo HTTP/2.0", "Host: ${host}")),
            ("long", "its length", 414, "HEAD /" + "x" * 20_000),
            (
                "fields",
                "its fields",
                431,
                lines("HEAD /probe/echo HTTP/1.1", "Host: ${host}", *(f"X-{n}: x" for n in range(101))),
            ),
            (
                "coding",
                "its coding",
                501,
                lines("HEAD /probe/echo HTTP/1.1", "Host: ${host}", "Transfer-Encoding: gzip, chunked"),
            ),
            ("unfinished", "a line that can't be one", 400, "HEAD / HTTP/5"),
        )
    ),
    *(
        case(
            f"HDR-10.{name}",
            f"{what} is the last of its connection",
            "Contract: what can't be understood in one way only is answered, and nothing after it is.",
            raw(lines(line, *fields) + _get()),
            expect(400, headers=CLOSE, body=problem()),
            ends("closed"),
        )
        for name, what, line, fields in (
            ("closes", "a malformed Host", "GET /probe/echo HTTP/1.1", ("Host: a/b",)),
            ("closes-empty", "an empty Host", "GET /probe/echo HTTP/1.1", ("Host:",)),
            ("closes-fragment", "a fragment in the target", "GET /probe/echo#a HTTP/1.1", ("Host: ${host}",)),
            ("closes-percent", "a broken percent-encoding", "GET /probe/%zz HTTP/1.1", ("Host: ${host}",)),
            ("closes-utf8", "a path that is not UTF-8", "GET /probe/%ff HTTP/1.1", ("Host: ${host}",)),
            ("closes-scheme", "a target of another scheme", "GET ftp://a/b HTTP/1.1", ("Host: ${host}",)),
        )
    ),
    *(
        case(
            f"KAL-02.{name}",
            f"after the last answer the connection ends, {how}",
            ENDS,
            raw(lines(line, "Host: ${host}", "Connection: close", *fields)),
            expect(status, headers=CLOSE),
            ends("closed"),
        )
        for name, how, line, status, fields in (
            ("owed", "also if announced content never comes", IGNORE, 200, ("Content-Length: 5",)),
            ("owed-chunks", "also if announced chunks never come", IGNORE, 200, (CHUNKED,)),
            ("owed-404", "also where nothing is", "POST /nothing HTTP/1.1", 404, ("Content-Length: 5",)),
            ("owed-stream", "also after a stream", "GET /probe/stream/3 HTTP/1.1", 200, ("Content-Length: 5",)),
        )
    ),
    *(
        case(
            f"KAL-02.{name}",
            f"what comes after the last answer does not cost it, {how}",
            ENDS,
            raw(
                lines(line, "Host: ${host}", "Connection: close", "Content-Length: 5", content="hello") + "x" * 100_000
            ),
            expect(200, headers=CLOSE),
            ends("closed"),
        )
        for name, how, line in (
            ("beyond", "read", UPLOAD),
            ("beyond-ignored", "not read", IGNORE),
            ("beyond-stream", "of a stream", "GET /probe/stream/3 HTTP/1.1"),
        )
    ),
)
