"""A coded answer beside the one without a coding."""

from __future__ import annotations

import gzip

from samewire.exchange import Answer
from samewire.relations.tests.hand_made import CONTENT, answer, wrong

ASKED = {"accept-encoding": "gzip"}
PLAIN = {"Content-Type": "text/plain", "ETag": '"v1"', "Vary": "Accept-Encoding"}
CODED = {**PLAIN, "ETag": '"v1-gzip"', "Content-Encoding": "gzip"}
FULL = (answer(fields=PLAIN), answer(fields=PLAIN))


def coded(fields: dict[str, str] = CODED, content: bytes = CONTENT) -> Answer:
    return answer(fields=fields, body=gzip.compress(content))


def test_the_same_content_in_gzip_is_right_and_so_is_no_coding() -> None:
    assert wrong("coding", coded(), asked=ASKED, full=FULL) == []
    assert wrong("coding", answer(fields=PLAIN), asked=ASKED, full=FULL) == []


def test_other_content_in_gzip_is_wrong() -> None:
    assert wrong("coding", coded(content=b"other"), asked=ASKED, full=FULL) == ["body"]


def test_a_coding_that_was_not_asked_for_is_wrong() -> None:
    given = coded({**CODED, "Content-Encoding": "br"})
    assert wrong("coding", given, asked=ASKED, full=FULL) == ["header.content-encoding"]


def test_vary_must_list_accept_encoding_on_both() -> None:
    given = coded({**CODED, "Vary": "Accept"})
    assert wrong("coding", given, asked=ASKED, full=FULL) == ["header.vary"]
    plain = {**PLAIN, "Vary": "Accept"}
    assert wrong("coding", coded(), asked=ASKED, full=(answer(fields=plain),)) == ["header.vary"]


def test_the_same_strong_tag_for_other_bytes_is_wrong_and_a_weak_one_is_not() -> None:
    assert wrong("coding", coded({**CODED, "ETag": '"v1"'}), asked=ASKED, full=FULL) == ["header.etag"]
    weak = {**PLAIN, "ETag": 'W/"v1"'}
    given = coded({**CODED, "ETag": 'W/"v1"'})
    assert wrong("coding", given, asked=ASKED, full=(answer(fields=weak),)) == []
