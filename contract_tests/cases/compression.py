"""Content codings of answers: files that have a coded sibling, and answers that must not be coded."""

from __future__ import annotations

from samewire.cases import Case, Content, absent, case, empty, expect, get, head, match
from samewire.cases.model import Receive

STYLE = "/static/style.css"
"""It has a `.gz` of 236 bytes and a `.br` of 189 beside it."""
WEIGHTS = "RFC 9110 section 12.5.3: the codings with the highest weight are preferred; 0 means not acceptable."
VARY = "RFC 9110 section 12.5.5: Vary lists the request fields that played a part in choosing the answer."
CODED = {"gzip": "236", "br": "189"}


def _coded(coding: str) -> Receive:
    return expect(
        200,
        headers={"Content-Encoding": coding, "Content-Length": CODED[coding], "Vary": match(token="Accept-Encoding")},
    )


PLAIN = expect(200, headers={"Content-Encoding": absent(), "Vary": match(token="Accept-Encoding")})


def _asked(id: str, accepted: str, answer: Receive) -> Case:
    got = "coded" if answer is not PLAIN else "as it is"
    return case(
        id,
        f"Accept-Encoding: {accepted} gets the file {got}",
        WEIGHTS,
        get(STYLE, headers={"Accept-Encoding": accepted}),
        answer,
    )


CASES: tuple[Case, ...] = (
    _asked("ZIP-01", "gzip", _coded("gzip")),
    _asked("ZIP-01.br", "br", _coded("br")),
    _asked("ZIP-02", "gzip;q=0", PLAIN),
    _asked("ZIP-02.rest", "identity;q=1, *;q=0", PLAIN),
    _asked("ZIP-02.identity", "identity, gzip;q=0.5", PLAIN),
    _asked("ZIP-03", "x-gzip", _coded("gzip")),
    _asked("ZIP-03.like", "xgzip", PLAIN),
    _asked("ZIP-03.case", "GZip", _coded("gzip")),
    _asked("ZIP-04", "*", _coded("br")),
    _asked("ZIP-04.weights", "br;q=0.5, gzip;q=0.8", _coded("gzip")),
    _asked("ZIP-04.not", "br;q=0, *", _coded("gzip")),
    _asked("ZIP-04.malformed", "gzip;q=very", PLAIN),
    case(
        "ZIP-05",
        "where identity is refused and there is nothing else, the file comes as it is",
        "RFC 9110 section 12.5.3 allows 415 and 406; contract: a readable answer beats none.",
        get("/static/robots.txt", headers={"Accept-Encoding": "identity;q=0"}),
        expect(200, headers={"Content-Encoding": absent()}),
    ),
    case("ZIP-06", "the file as it is says that it depends on Accept-Encoding", VARY, get(STYLE), PLAIN),
    case(
        "ZIP-06.not-modified",
        "304 says so too",
        "RFC 9110 section 15.4.5: a 304 has the Vary that the 200 would have had.",
        get(STYLE, headers={"If-None-Match": "*"}),
        expect(304, headers={"Vary": match(token="Accept-Encoding")}),
    ),
    case(
        "ZIP-07",
        "each coding has an ETag of its own",
        "RFC 9110 section 8.8.3.3: a coded representation is another one, with another strong validator.",
        get(STYLE, headers={"Accept-Encoding": "gzip"}),
        expect(200, keep={"gzip": "ETag"}),
        get(STYLE, headers={"Accept-Encoding": "br", "If-None-Match": "${gzip}"}),
        _coded("br"),
        get(STYLE, headers={"If-None-Match": "${gzip}"}),
        PLAIN,
        get(STYLE, headers={"Accept-Encoding": "gzip", "If-None-Match": "${gzip}"}),
        expect(304, headers={"ETag": "${gzip}"}, body=empty()),
    ),
    case(
        "ZIP-08",
        "an image is not coded",
        "Contract: what is compressed already gains nothing.",
        get("/static/images/dot.png", headers={"Accept-Encoding": "gzip, br"}),
        expect(200, headers={"Content-Encoding": absent(), "Content-Length": "161"}),
    ),
    case(
        "ZIP-10",
        "a range counts in the coded bytes",
        "RFC 9110 section 14.2: a range is a part of the selected representation.",
        get(STYLE, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-1"}),
        expect(
            206,
            headers={"Content-Encoding": "gzip", "Content-Range": "bytes 0-1/236"},
            body=Content(base64="H4s="),
        ),
    ),
    case(
        "ZIP-10.head",
        "HEAD has the fields of the coded file",
        "RFC 9110 section 9.3.2: HEAD has the fields of GET.",
        head(STYLE, headers={"Accept-Encoding": "gzip"}),
        expect(200, headers={"Content-Encoding": "gzip", "Content-Length": "236"}, body=empty()),
    ),
    case(
        "ZIP-10.events",
        "a stream of events is not coded, as that would hold it back",
        "Contract: a compressor keeps events until it has enough of them.",
        get("/ask?query=teapot&query_id=q-1", headers={"Accept-Encoding": "gzip, br"}),
        expect(200, headers={"Content-Encoding": absent(), "Content-Type": "text/event-stream; charset=utf-8"}),
    ),
    case(
        "ZIP-10.empty",
        "204 has no coding",
        "RFC 9110 section 8.4: Content-Encoding describes the content; here is none.",
        get("/probe/status/204", headers={"Accept-Encoding": "gzip, br"}),
        expect(204, headers={"Content-Encoding": absent()}),
    ),
)
