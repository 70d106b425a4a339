"""What the options of Connection, and of the mistaken Proxy-Connection, do to a connection."""

from __future__ import annotations

from samewire.cases import Case, absent, case, ends, expect, get, match

PROXY = "RFC 9112 appendix C.2.2: Proxy-Connection is a mistake that may pass a proxy; contract: only its close counts."


CASES: tuple[Case, ...] = (
    *(
        case(
            f"KAL-03.{name}",
            f"`{value}` has the option close in it",
            "RFC 9110 section 7.6.1: connection options are a list and case-insensitive.",
            get("/probe/items/7", headers={"Connection": value}),
            expect(200, headers={"Connection": match(token="close")}),
            ends("closed"),
        )
        for name, value in (("list", "Close, TE"), ("second", "TE, close"), ("upper", "CLOSE"))
    ),
    case(
        "KAL-03.other",
        "another option does not end the connection",
        "RFC 9110 section 7.6.1: only `close` means close.",
        get("/probe/items/7", headers={"Connection": "closed"}),
        expect(200),
        ends("reusable"),
    ),
    case(
        "KAL-03.proxy",
        "Proxy-Connection: close ends the connection",
        PROXY,
        get("/probe/items/7", headers={"Proxy-Connection": "TE, close"}),
        expect(200, headers={"Connection": match(token="close")}),
        ends("closed"),
    ),
    case(
        "KAL-03.proxy-1.0",
        "Proxy-Connection: close ends a connection of HTTP/1.0 that would be kept",
        PROXY,
        get("/probe/items/7", headers={"Proxy-Connection": "close", "Connection": "keep-alive"}, version="HTTP/1.0"),
        expect(200, version="HTTP/1.0"),
        ends("closed"),
    ),
    case(
        "KAL-03.proxy-kept",
        "Proxy-Connection: keep-alive does not keep HTTP/1.0 alive",
        PROXY,
        get("/probe/items/7", headers={"Proxy-Connection": "keep-alive"}, version="HTTP/1.0"),
        expect(200, version="HTTP/1.0", headers={"Connection": absent()}),
        ends("closed"),
    ),
    *(
        case(
            f"KAL-03.both-{name}",
            f"`{value}` is close, in HTTP/1.0 too",
            "RFC 9112 section 9.3: if the close connection option is present, the connection does not persist.",
            get("/probe/items/7", headers={"Connection": value}, version="HTTP/1.0"),
            expect(200, version="HTTP/1.0"),
            ends("closed"),
        )
        for name, value in (("first", "close, keep-alive"), ("last", "keep-alive, close"))
    ),
)
