"""Files: media types, variants, caching, and what must never be served."""

from __future__ import annotations

from contract_tests.shorthand import lines, without
from samewire.cases import Case, Content, absent, case, expect, get, match, problem, raw, text

TABLE = "RFC 9110 section 8.3, and the contract: a fixed table, so that no operating system changes an answer."
TRAVERSAL = "RFC 3986 section 5.2.4, and the contract: nothing outside of the directory is ever served."
HIDDEN = Content(problem=True, text=without("secret|samewire|root:"))

CASES: tuple[Case, ...] = (
    *(
        case(
            f"STA-20.{name}",
            f"{path} is {type}",
            TABLE,
            get(path),
            expect(200, headers={"Content-Type": type}),
        )
        for name, path, type in (
            ("txt", "/static/robots.txt", "text/plain; charset=utf-8"),
            ("css", "/static/style.css", "text/css; charset=utf-8"),
            ("html", "/html/about.html", "text/html; charset=utf-8"),
            ("png", "/static/images/dot.png", "image/png"),
            ("svg", "/static/images/mark.svg", "image/svg+xml"),
            ("webmanifest", "/static/site.webmanifest", "application/manifest+json"),
        )
    ),
    case(
        "STA-20.utf8",
        "a text file comes as it is, in UTF-8",
        TABLE,
        get("/static/greeting.txt"),
        expect(200, headers={"Content-Length": "16"}, body=text("Grüße, 世界\n")),
    ),
    case(
        "STA-20.large",
        "a large file comes whole and with its length",
        "RFC 9110 section 8.6: a server that knows the length should send it.",
        get("/static/numbers.txt"),
        expect(200, headers={"Content-Length": "140000"}, framing="length", body=Content(length=140_000)),
        get("/static/robots.txt"),
        expect(200),
    ),
    case(
        "STA-21",
        "a file of an unknown kind is octets, and no browser may guess",
        "WHATWG Fetch, `X-Content-Type-Options` header: nosniff says that the media type is meant.",
        get("/static/unknown.xyz"),
        expect(200, headers={"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff"}),
    ),
    *(
        case(
            f"STA-22.{name}",
            f"{path} leads nowhere",
            TRAVERSAL,
            raw(lines(f"GET {path} HTTP/1.1", "Host: ${host}")),
            expect((400, 404), body=HIDDEN),
        )
        for name, path in (
            ("plain", "/static/../pyproject.toml"),
            ("inside", "/static/guide/../../pyproject.toml"),
            ("encoded", "/static/%2e%2e/pyproject.toml"),
            ("slash", "/static/..%2fpyproject.toml"),
            ("both", "/static/%2e%2e%2Fpyproject.toml"),
            ("double", "/static/%252e%252e/pyproject.toml"),
            ("backslash", "/static/..%5cpyproject.toml"),
            ("html", "/html/../../pyproject.toml"),
        )
    ),
    case(
        "STA-22.dots",
        "a path that goes out and in again leads nowhere",
        TRAVERSAL,
        raw(lines("GET /static/guide/../robots.txt HTTP/1.1", "Host: ${host}")),
        expect((400, 404), body=problem()),
    ),
    case(
        "STA-23",
        "an encoded NUL is no 500",
        "Contract: a path that no file can have is not found.",
        get("/static/robots.txt%00.png"),
        expect((400, 404), body=problem()),
    ),
    *(
        case(
            f"STA-24.{name}",
            f"{path} is no way to the root of the disk",
            TRAVERSAL,
            get(path),
            expect(404, body=HIDDEN),
        )
        for name, path in (
            ("slash", "/static//etc/passwd"),
            ("encoded", "/static/%2Fetc%2Fpasswd"),
            ("drive", "/static/c:/windows/win.ini"),
        )
    ),
    case(
        "STA-25",
        "a symbolic link out of the directory is 404",
        TRAVERSAL,
        get("/static/outside.txt"),
        expect(404, body=HIDDEN),
    ),
    case(
        "STA-26",
        "two dots inside a file's name are part of it",
        "RFC 3986 section 5.2.4: only whole segments `.` and `..` are dot-segments.",
        get("/static/a..b.txt"),
        expect(200, headers={"Content-Length": "34"}),
    ),
    *(
        case(
            f"STA-27.{name}",
            f"{path} has no index and is 404",
            "Contract: no directory is listed.",
            get(path),
            expect(404, body=problem()),
        )
        for name, path in (("slash", "/static/images/"), ("plain", "/static/images"), ("html", "/html/"))
    ),
    case(
        "STA-28",
        "a directory with an index leads from its name to its slash",
        "RFC 9110 section 15.4.9: 308 keeps the method; relative links in the index need the slash.",
        get("/static/guide?a=1"),
        expect(308, headers={"Location": "/static/guide/?a=1"}),
        get("/static/guide/?a=1"),
        expect(200, headers={"Content-Type": "text/html; charset=utf-8"}),
    ),
    case(
        "STA-28.root",
        "the directory itself has its index",
        "Contract: a directory answers with its index.html.",
        get("/static/"),
        expect(200, headers={"Content-Type": "text/html; charset=utf-8"}),
    ),
    *(
        case(
            f"STA-30.{name}",
            f"{path} is 404: a dotfile is not there",
            "Contract: names that begin with a dot are private.",
            get(path),
            expect(404, body=HIDDEN),
        )
        for name, path in (
            ("plain", "/static/.hidden"),
            ("encoded", "/static/%2ehidden"),
            ("dot", "/static/./robots.txt"),
        )
    ),
    case(
        "STA-36",
        "a file may be kept for as long as the configuration says",
        "RFC 9111 section 5.2.2.1: max-age in seconds.",
        get("/static/robots.txt"),
        expect(200, headers={"Cache-Control": "public, max-age=3600"}),
    ),
    *(
        case(
            f"STA-37.{name}",
            f"the page {path} is asked about each time",
            "RFC 9111 section 5.2.2.4: no-cache allows storing, not use without validation.",
            get(path),
            expect(200, headers={"Cache-Control": "no-cache"}),
        )
        for name, path in (("index", "/static/guide/"), ("page", "/html/about.html"))
    ),
    case(
        "STA-38",
        "a precompressed sibling is sent to who accepts it, as another representation",
        "RFC 9110 section 8.8.3.3: each coding is a representation with a tag of its own; the ZIP cases say when.",
        get("/static/style.css"),
        expect(200, headers={"Content-Encoding": absent()}, keep={"etag": "ETag"}),
        get("/static/style.css", headers={"Accept-Encoding": "gzip", "If-None-Match": "${etag}"}),
        expect(
            200,
            headers={
                "Content-Encoding": "gzip",
                "Content-Length": "236",
                "Content-Type": "text/css; charset=utf-8",
                "Vary": match(token="Accept-Encoding"),
            },
        ),
    ),
    case(
        "STA-38.direct",
        "the sibling itself is a file like any other",
        TABLE,
        get("/static/style.css.gz"),
        expect(200, headers={"Content-Type": "application/gzip", "Content-Encoding": absent()}),
    ),
)
