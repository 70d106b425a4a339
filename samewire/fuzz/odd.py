"""Values at which servers part: what generated requests are made from besides what is known of the service."""

from __future__ import annotations

METHODS_SAFE = ("GET", "HEAD", "OPTIONS")
METHODS = (*METHODS_SAFE, "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW")

SEGMENTS = (
    "", ".", "..", "0", "-1", "1", "00", "999999999", "99999999999999999999", "1.0", "1e3", "null", "true", "%00", "%2F", "%2e%2e",
    "%C3%A9", "%E2%82%AC", "%FF", "%zz", "%", "a%20b", "a+b", "a;b=c", "a,b", "~", "*", "@", ":", "index.html", "A", "a" * 300,
)  # fmt: skip
"""Of a path, percent-encoded."""

COMMON = ("+", "a+b", "%2B", "%20", "", "0", "-1", "%C3%A9", "%26", "a=b")
"""Of a query, what servers read differently most often."""

PARAMETERS = ("", "0", "-1", "1", "01", "999999999999999999999", "1.5", "1e400", "NaN", "true", "false", "null", "[]", "a b".replace(" ", "+"),
    "%20", "%2B", "+", "a%2Bb", "a+b", "%C3%A9", "%FF", "%00", "%0d%0a", "%zz", "%", "&", "=", "a=b", ";", "a;b", "%26", "'", "%3Cb%3E", "x" * 500,
)  # fmt: skip
"""Of a query, as they stand in it."""

PARAMETER_NAMES = ("", "q", "page", "limit", "a[]", "a%5B%5D", "A", "_", "x" * 200)

FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Accept", ("*/*", "application/json", "text/html", "text/event-stream", "application/json;q=0", "text/*;q=0.5, */*;q=0.1", "image/png", "",
                "application/json; q=2", "a/b/c", "*", "text/html;level=1")),
    ("Accept-Encoding", ("gzip", "identity", "identity;q=0", "*;q=0", "gzip;q=0", "br", "deflate", "gzip, br;q=0.5", "GZIP", "", "x-gzip", "zstd")),
    ("Accept-Language", ("en", "de-DE,de;q=0.9", "*", "")),
    ("Accept-Charset", ("utf-8", "iso-8859-1")),
    ("Origin", ("http://localhost", "https://example.com", "null", "http://evil.example", "http://localhost:3000", "garbage", "")),
    ("Referer", ("https://example.com/", "about:blank")),
    ("Range", ("bytes=0-0", "bytes=0-", "bytes=-1", "bytes=0-9", "bytes=5-2", "bytes=999999-", "bytes=0-0,-1", "bytes=0-1,3-4", "bytes=-", "bytes=-0",
               "items=0-1", "bytes = 0-1", "bytes=0-99999999999999999999", "Bytes=0-1", "bytes=0-1,", "bytes=a-b", "bytes=0-0,0-0,0-0,0-0", "")),
    ("If-Range", ('"x"', 'W/"x"', "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 2100 00:00:00 GMT", "garbage")),
    ("If-None-Match", ("*", '"x"', 'W/"x"', '"x", "y"', "x", "", '"')),
    ("If-Match", ("*", '"x"', 'W/"x"', "", "x")),
    ("If-Modified-Since", ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 2100 00:00:00 GMT", "Thursday, 01-Jan-70 00:00:00 GMT",
                           "Thu Jan  1 00:00:00 1970", "0", "garbage")),
    ("If-Unmodified-Since", ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 2100 00:00:00 GMT", "garbage")),
    ("Content-Type", ("application/json", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "text/plain", "multipart/form-data",
                      "multipart/form-data; boundary=b", "application/octet-stream", "garbage", "", "application/problem+json", "APPLICATION/JSON")),
    ("Content-Encoding", ("gzip", "identity", "br", "deflate", "garbage")),
    ("Content-Language", ("en",)),
    ("Cookie", ("a=b", "a=b; c=d", "session=garbage", "a", "=b", "a=b;c=d", 'a="b"', "a=b,c=d", "")),
    ("Authorization", ("Basic YTpi", "Basic garbage", "Basic", "Bearer garbage", "Bearer", "Bearer ", "garbage", "")),
    ("User-Agent", ("", "Mozilla/5.0", "x" * 1000)),
    ("X-Request-ID", ("abc", "a b", "x" * 200, "../..", "")),
    ("X-Forwarded-For", ("203.0.113.7", "::1", "garbage", "")),
    ("X-Forwarded-Proto", ("https", "garbage")),
    ("X-Forwarded-Host", ("example.com",)),
    ("Forwarded", ("for=203.0.113.7;proto=https", "garbage")),
    ("X-HTTP-Method-Override", ("DELETE", "PUT")),
    ("Access-Control-Request-Method", ("GET", "POST", "DELETE", "garbage", "")),
    ("Access-Control-Request-Headers", ("content-type", "x-a, x-b", "")),
    ("Connection", ("close", "keep-alive", "Close", "keep-alive, close", "garbage", "TE")),
    ("Cache-Control", ("no-cache", "only-if-cached", "max-age=0")),
    ("Expect", ("100-continue", "garbage")),
    ("TE", ("trailers", "gzip")),
    ("Upgrade", ("websocket", "h2c", "garbage")),
    ("Last-Event-ID", ("1", "garbage")),
    ("Max-Forwards", ("0", "garbage")),
    ("Prefer", ("return=minimal",)),
    ("X-A", ("", "a", "é", "a\tb", "x" * 3000)),
)  # fmt: skip
"""Request fields with valid and with odd values."""

TEXTS = ("", " ", "a", "é", "\U0001f600", "\u202e", "\x00", "null", "0", "<b>", "'", '"', "\\", "\n", "x" * 2000)
NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**64, 1e308, 0.1, -0.0)
GARBAGE = (
    b"", b"{", b"[]", b"{}", b"null", b"0", b'"a"', b"{'a': 1}", b'{"a": 1,}', b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xef\xbb\xbf{}", b"\xff\xfe",
    b"[" * 2000, b'{"a": 1} x', b"\x00", b"a=b&c=d", b"a=1&a=2", b"a", b"=", b"&&", b"a=%zz", b"a=%FF", b"x" * 10_000, b'{"a": "\\ud800"}',
    b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n", b"--b\r\n\r\n1\r\n--b--\r\n", b"--b--\r\n", b"--b\r\nContent-Disp",
)  # fmt: skip
"""Contents."""
