"""Header fields of answers."""

from __future__ import annotations

from samewire.cases import Case, absent, case, expect, get, head, json, match, post, problem

REFUSED = "RFC 9110 section 5.5: CR, LF and NUL are invalid in a field value; a server must not send them."
IMF_FIXDATE = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
DATE = "RFC 9110 section 6.6.1: an origin server with a clock must generate a Date field in 2xx, 3xx and 4xx answers."


CASES: tuple[Case, ...] = (
    *(
        case(
            f"HDR-12.{status}",
            f"{status} has a Date",
            DATE,
            get(target),
            expect(status, headers={"Date": match(matches=IMF_FIXDATE)}),
        )
        for status, target in (
            (200, "/probe/items/7"),
            (204, "/probe/status/204"),
            (303, "/probe/status/303"),
            (304, "/probe/status/304"),
            (404, "/nowhere"),
            (500, "/probe/raise/error"),
        )
    ),
    case(
        "HDR-12.stream",
        "a streamed answer has a Date",
        DATE,
        get("/probe/stream/1"),
        expect(200, headers={"Date": match(matches=IMF_FIXDATE)}),
    ),
    case(
        "HDR-13",
        "the Server field tells no version",
        "RFC 9110 section 10.2.4: overly detailed Server values reveal what attacks a known flaw.",
        get("/probe/items/7"),
        expect(200, headers={"Server": match(matches=r"[a-z]+")}),
    ),
    *(
        case(
            f"HDR-14.{name}",
            f"{target} says its media type",
            "RFC 9110 section 8.3: a sender that knows the media type of its content should say it.",
            get(target),
            expect(status, headers={"Content-Type": type}),
        )
        for name, target, status, type in (
            ("json", "/probe/items/7", 200, "application/json"),
            ("html", "/static/guide/", 200, "text/html; charset=utf-8"),
            ("text", "/probe/stream/1", 200, "text/plain; charset=utf-8"),
            ("octets", "/probe/bytes/9", 200, "application/octet-stream"),
            ("problem", "/nowhere", 404, "application/problem+json"),
            ("events", "/probe/events/1", 200, "text/event-stream; charset=utf-8"),
        )
    ),
    case(
        "HDR-14.none",
        "an answer without content says no media type",
        "RFC 9110 section 8.3: Content-Type describes the content; here is none.",
        get("/probe/status/204"),
        expect(204, headers={"Content-Type": absent()}),
    ),
    case(
        "HDR-15",
        "Content-Length counts bytes, not characters",
        "RFC 9110 section 8.6: a decimal non-negative integer number of octets.",
        post("/probe/json", text='"é€😀"', headers={"Content-Type": "application/json"}),
        expect(200, headers={"Content-Length": "21"}, body=json({"/value": "é€😀"})),
    ),
    case(
        "HDR-16",
        "there is one Content-Length line",
        "RFC 9112 section 6.3: several values make the framing invalid.",
        get("/probe/bytes/5"),
        expect(200, headers={"Content-Length": match(lines=["5"])}, framing="length"),
    ),
    case(
        "HDR-16.own",
        "an endpoint can't write a Content-Length of its own",
        "RFC 9112 section 6.3, and the contract: framing is the server's.",
        get("/probe/raise/length"),
        expect(500, body=problem()),
    ),
    *(
        case(
            f"HDR-{number}.{kind}",
            f"a CR and LF in {what} never reach the client",
            REFUSED,
            get(f"/probe/raise/{kind}"),
            expect(500, headers={"X-Injected": absent(), "X-Probe": absent()}, body=problem()),
        )
        for number, kind, what in (
            ("17", "header", "a value"),
            ("17", "header-name", "a name"),
            ("18", "location", "a Location"),
            ("18", "cookie", "a cookie"),
        )
    ),
    case(
        "HDR-20",
        "an endpoint can't write a Connection field of its own",
        "RFC 9110 section 7.6.1: connection options are for this connection only, which is the server's.",
        get("/probe/raise/connection"),
        expect(500, body=problem()),
    ),
    *(
        case(
            f"HDR-21.{name}",
            f"X-Content-Type-Options is on {what}",
            "WHATWG Fetch, `X-Content-Type-Options` header: nosniff says that the media type is meant.",
            get(target),
            expect(status, headers={"X-Content-Type-Options": "nosniff"}),
        )
        for name, what, target, status in (
            ("json", "JSON", "/probe/items/7", 200),
            ("static", "a file", "/static/robots.txt", 200),
            ("stream", "a stream", "/probe/events/1", 200),
            ("error", "an error", "/nowhere", 404),
        )
    ),
    case(
        "HDR-22",
        "Forwarded and X-Forwarded-* of a stranger change nothing",
        "RFC 7239 section 8.1: the field can't be relied upon unless every proxy is trusted.",
        get(
            "/static/guide",
            headers={
                "X-Forwarded-Host": "evil.example",
                "X-Forwarded-Proto": "https",
                "Forwarded": "host=evil.example",
            },
        ),
        expect(308, headers={"Location": match(matches="(?!.*evil).*/static/guide/")}),
    ),
    case(
        "HDR-22.head",
        "fields that an endpoint gives are the same for HEAD",
        "RFC 9110 section 9.3.2: the server should send the same fields in response to HEAD as it would to GET.",
        head("/probe/cookies"),
        expect(200, headers={"Set-Cookie": match(contains="first=1")}),
    ),
)
