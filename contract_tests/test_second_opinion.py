"""h11 as a second opinion on what a request is: where it and the contract disagree, a reason says why (SMG-29)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import h11

from samewire.cases import Case
from samewire.cases.collection import collect
from samewire.cases.model import Raw, Receive, Send

AREAS = ("SMG", "STR", "HDR", "HDO", "VER", "EXP", "LIM", "KAL")
REFUSED = frozenset({400, 408, 411, 413, 414, 417, 431, 501, 505})
MAX_HEAD = 16_384
LAX_LINES = "h11 ends lines at a bare LF (RFC 9112 section 2.2 lets it); a proxy before us might not, so it is refused"
BOTH_FRAMINGS = (
    "h11 takes the chunks and drops the length (RFC 9112 section 6.1 lets it); an attack is likelier than a mistake"
)
EQUAL_LENGTHS = "h11 joins equal lengths (RFC 9112 section 6.3 lets it); nobody needs them, and proxies differ in it"
OLD_CHUNKS = "h11 decodes chunks whatever the version; RFC 9112 section 6.1: in HTTP/1.0 the framing is faulty"
OTHER_VERSIONS = "h11 reads any version; this server has no other, and says so (RFC 9110 section 15.6.6)"
EMPTY_LINES = "h11 takes no empty line before a request; RFC 9112 section 2.2: a server should ignore one"
ANY_HOST = "h11 asks for a Host and looks at no value but its characters (RFC 9112 section 3.2 wants a valid one)"
ANY_TARGET = "h11 looks at no target (RFC 9112 section 3.2)"
EXTENSIONS = "h11 looks at no chunk extension, and counts none (RFC 9112 section 7.1.1)"
DISAGREEMENTS = {
    **dict.fromkeys(
        (
            "HDR-10.address",
            "HDR-10.arabic-port",
            "HDR-10.wide-port",
            "HDR-10.kelvin",
            "HDR-10.nbsp",
            "HDR-10.closes",
            "HDR-10.closes-empty",
        ),
        ANY_HOST,
    ),
    **dict.fromkeys(
        ("HDR-10.closes-fragment", "HDR-10.closes-percent", "HDR-10.closes-scheme", "HDR-10.closes-utf8"), ANY_TARGET
    ),
    **dict.fromkeys(
        (
            "STR-03.more",
            "STR-03.more-last",
            "STR-03.more-lines",
            "STR-03.no-name",
            "STR-03.no-value",
            "STR-03.nothing",
            "STR-03.unclosed",
        ),
        EXTENSIONS,
    ),
    "STR-04.lf-end": LAX_LINES,
    "LIM-03.trailers": "h11 counts no fields; RFC 6585 section 5: a server may refuse many",
    "STR-04.framing": "h11 passes trailers on unread; RFC 9110 section 6.5.1: no framing in a trailer",
    "HDO-09": "h11 looks at no target; RFC 9112 section 3.2.4: the asterisk is for OPTIONS",
    "HDR-11": "h11 only asks for a Host; this service has no resource without a name (RFC 9112 section 3.2)",
    "SMG-16": "h11 unfolds lines; RFC 9112 section 5.2: a server must refuse them or unfold them, and refusing is safe",
    "SMG-18.control": "h11 lets control characters pass; RFC 9110 section 5.5: they are invalid",
    "SMG-20": LAX_LINES,
    "SMG-21": LAX_LINES,
    "SMG-22": EMPTY_LINES,
    "SMG-22.lf": EMPTY_LINES,
    "SMG-22.cr": EMPTY_LINES,
    "SMG-22.many": EMPTY_LINES,
    "SMG-23": "h11 takes one space; RFC 9112 section 3 lets servers be lenient, and aiohttp's parser is",
    "SMG-01": BOTH_FRAMINGS,
    "SMG-01.order": BOTH_FRAMINGS,
    "SMG-03": EQUAL_LENGTHS,
    "SMG-03.list": EQUAL_LENGTHS,
    "SMG-11": OLD_CHUNKS,
    "VER-04.chunked": OLD_CHUNKS,
    "VER-05": OTHER_VERSIONS,
    "VER-06": OTHER_VERSIONS,
    "VER-06.three": OTHER_VERSIONS,
    "VER-06.nine": OTHER_VERSIONS,
    "STR-12.broken": "h11 reads on to the broken chunk; here the endpoint may have answered before",
}


def asked() -> Iterator[tuple[Case, bytes, bool]]:
    """The cases that begin with bytes to the letter, those bytes, and whether they must be refused."""
    for case in collect(Path(__file__).parent / "cases"):
        first, answer = case.steps[0], next((step for step in case.steps if isinstance(step, Receive)), None)
        if case.id.partition("-")[0] not in AREAS or answer is None:
            continue
        if isinstance(first, Send) and first.part == "all" and isinstance(first.send, Raw):
            status = answer.receive.status
            expected = {status} if isinstance(status, int) else set(status)
            yield case, first.send.bytes.encode("latin-1"), expected <= REFUSED


def refuses(data: bytes) -> bool | None:
    """What h11 thinks of the first request of these bytes; None when it would wait for more."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD)
    connection.receive_data(data)
    try:
        while (event := connection.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.EndOfMessage):
                return False
    except h11.RemoteProtocolError:
        return True
    return None


def test_where_h11_disagrees_there_is_a_reason_and_only_there() -> None:
    opinions = [(case.id, refused, refuses(data)) for case, data, refused in asked()]
    assert len(opinions) > 100
    assert {id for id, ours, theirs in opinions if theirs is not None and theirs != ours} == set(DISAGREEMENTS)
    assert {theirs for _, _, theirs in opinions} == {True, False, None}
