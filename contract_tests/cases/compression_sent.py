"""Answers that are coded while they are sent: which, for whom, and the same bytes every time."""

from __future__ import annotations

from contract_tests.shorthand import login
from samewire.cases import Case, absent, case, expect, get, head, json, json_at, match, post, text
from samewire.cases.model import Match

WEIGHTS = "RFC 9110 section 12.5.3: the coding with the highest weight is preferred; 0 means not acceptable."
VARY = "RFC 9110 section 12.5.5: Vary lists the request fields that played a part in choosing the answer."
_ASK = "/ask?query=status+code&site=http_status&streaming=false"
_BEARER = {"Authorization": "Bearer ${token}"}
_VARIES = match(matches=r"(?i).*\baccept-encoding\b.*")
_PLAIN: dict[str, str | Match] = {"Content-Encoding": absent(), "Vary": _VARIES}
_CODED: dict[str, str | Match] = {"Content-Encoding": "gzip", "Vary": _VARIES}
_FOUND = json({"/query": "status code"}, json_at("/results/0/name", type="string"))

CASES: tuple[Case, ...] = (
    *(
        case(
            f"ZIP-01.{name}",
            f"an answer of some length comes {what} to who says `{accepted}`",
            WEIGHTS,
            get(_ASK, headers={"Accept-Encoding": accepted}),
            expect(200, headers=fields, framing="length", body=_FOUND),
        )
        for name, what, accepted, fields in (
            ("sent", "coded", "gzip", _CODED),
            ("sent-alias", "coded", "x-gzip;q=0.5", _CODED),
            ("sent-any", "coded", "*", _CODED),
            ("sent-refused", "as it is", "gzip;q=0", _PLAIN),
            ("sent-less", "as it is", "identity, gzip;q=0.5", _PLAIN),
            ("sent-other", "as it is", "br, zstd", _PLAIN),
        )
    ),
    case("ZIP-06.sent", "it says so to who names no coding, too", VARY, get(_ASK), expect(200, headers=_PLAIN)),
    case(
        "ZIP-06.sent-accept",
        "besides what else it depends on",
        VARY,
        get(_ASK, headers={"Accept-Encoding": "gzip"}),
        expect(200, headers={"Vary": match(matches=r"(?i).*\baccept\b.*")}),
    ),
    case(
        "ZIP-08.sent",
        "a short answer is not worth it, and depends on nothing",
        "Contract: from 1 KiB on.",
        get("/sites", headers={"Accept-Encoding": "gzip"}),
        expect(200, headers={"Content-Encoding": absent()}),
        get("/probe/bytes/5000", headers={"Accept-Encoding": "gzip"}),
        expect(200, headers={"Content-Encoding": absent()}),
        get("/nowhere", headers={"Accept-Encoding": "gzip"}),
        expect(404, headers={"Content-Encoding": absent()}),
    ),
    case(
        "ZIP-08.private",
        "what belongs to somebody is not coded: its length would tell of it",
        "Contract, against BREACH: text that another one can put beside a secret must not shrink with it.",
        *login(),
        post("/api/conversations", text="", headers=_BEARER),
        expect(201, keep={"path": "Location"}),
        post(
            "${path}/messages",
            json={"content": "x" * 1500},
            headers={**_BEARER, "Content-Type": "application/json", "If-Match": "*", "Accept-Encoding": "gzip"},
        ),
        expect(201, headers={"Content-Encoding": absent()}),
    ),
    case(
        "ZIP-10.sent",
        "a stream is not coded",
        "Contract: each event leaves at once.",
        get("/ask?query=teapot&site=http_status", headers={"Accept-Encoding": "gzip"}),
        expect(200, framing="chunked", headers={"Content-Encoding": absent()}, body=text(contains="data: ")),
    ),
    case(
        "ZIP-10.page",
        "HEAD says of the page what GET does",
        "RFC 9110 section 9.3.2.",
        get("/", headers={"Accept-Encoding": "gzip"}),
        expect(200, headers=_CODED, keep={"length": "Content-Length"}, body=text(contains="</html>")),
        head("/", headers={"Accept-Encoding": "gzip"}),
        expect(200, headers={**_CODED, "Content-Length": "${length}"}),
    ),
    case(
        "ZIP-11",
        "the same answer is the same bytes",
        "RFC 1952 section 2.3.1: no time in its header; contract: coded anywhere, any time, alike.",
        get("/", headers={"Accept-Encoding": "gzip"}),
        expect(200, headers=_CODED, keep={"length": "Content-Length"}),
        get("/", headers={"Accept-Encoding": "gzip"}),
        expect(200, headers={"Content-Length": "${length}"}),
    ),
)
