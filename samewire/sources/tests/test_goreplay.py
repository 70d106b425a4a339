"""GoReplay: requests with the answers that were captured with them, in any order that a capture has."""

from __future__ import annotations

from pathlib import Path

import pytest

from samewire.sources import SourceError, open_source
from samewire.sources import goreplay as gor
from samewire.traffic import Record, Skipped

CAPTURE = Path(__file__).parent / "data" / "capture.gor"
SEPARATOR = "\n🐵🙈🙉\n"


def capture(folder: Path, *payloads: str) -> Path:
    path = folder / "made.gor"
    path.write_bytes("".join(payload + SEPARATOR for payload in payloads).encode())
    return path


def asked(id: str) -> str:
    return f"1 {id} 1741082400000000001 0\nGET /{id} HTTP/1.1\r\nHost: a\r\n\r\n"


def answered(id: str) -> str:
    return f"2 {id} 1741082400000000002 5\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{id}"


def test_a_request_is_read_with_its_answer_and_without_its_transfer_coding() -> None:
    first, second, *others = open_source(CAPTURE)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.id, first.target, first.fields) == ("capture.gor:1", "/items?q=1", (("User-Agent", "curl/8"),))
    assert first.answer is not None
    assert (first.answer.status, first.answer.body) == (200, b'{"id": 7}\n')
    assert (second.method, second.body, second.answer) == ("POST", b'{"a":1}', None)
    assert others == [
        Skipped("capture.gor:3", "its content was not recorded whole"),
        Skipped("capture.gor:4", "not a request of HTTP/1.1"),
        Skipped("capture.gor:5", "not a payload of GoReplay"),
    ]


def test_answers_in_another_order_find_their_requests(tmp_path: Path) -> None:
    path = capture(tmp_path, answered("zz"), asked("aa"), asked("bb"), answered("bb"), answered("aa"), asked("cc"))
    found = [(item.target, item.answer and item.answer.body) for item in open_source(path) if isinstance(item, Record)]
    assert found == [("/aa", b"aa"), ("/bb", b"bb"), ("/cc", None)]


def test_no_more_requests_wait_than_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gor, "WINDOW", 2)
    path = capture(tmp_path, *(asked(f"a{number}") for number in range(5)), answered("a0"), answered("a4"))
    found = [(item.target, item.answer is not None) for item in open_source(path) if isinstance(item, Record)]
    assert found == [("/a0", False), ("/a1", False), ("/a2", False), ("/a3", False), ("/a4", True)]


def test_the_same_id_twice_loses_no_request(tmp_path: Path) -> None:
    path = capture(tmp_path, asked("aa"), asked("aa"))
    assert [item.id for item in open_source(path)] == ["made.gor:1", "made.gor:2"]


def test_a_payload_that_would_take_all_memory_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gor, "LARGEST", 100_000)
    with pytest.raises(SourceError, match=r"made\.gor: a payload is larger than"):
        list(open_source(capture(tmp_path, asked("a" * 200_000))))
