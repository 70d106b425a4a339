"""Raw requests are sent to the letter, and our own cases as records where one request says it all."""

from __future__ import annotations

from pathlib import Path

import pytest

from samewire.sources import SourceError, open_source
from samewire.sources import raw as raw_format
from samewire.traffic import Record, Skipped

DATA = Path(__file__).parent / "data"


def test_each_file_of_a_folder_is_a_request_to_the_letter() -> None:
    lengths, head, editor = open_source(DATA / "corpus")
    assert lengths == Record(
        "corpus/01-two-lengths.http",
        raw=b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    )
    assert isinstance(head, Record)
    assert (head.raw, head.answers_head) == (b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", True)
    assert editor == Skipped(
        "corpus/03-editor.http", "a script of an editor's HTTP client, not the bytes of one request"
    )


def test_one_file_alone_is_one_request() -> None:
    (record,) = open_source(DATA / "corpus" / "02-head.raw")
    assert record.id == "02-head.raw:1"


def test_lines_hold_text_or_base64() -> None:
    assert list(open_source(DATA / "raw.jsonl")) == [
        Record("bare-lf", raw=b"GET / HTTP/1.1\nHost: a\n\n"),
        Record("raw.jsonl:2", raw=b"POST /\xff HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
        Record("raw.jsonl:3", raw=b"HEAD / HTTP/1.0\r\n\r\n", answers_head=True),
        Skipped("raw.jsonl:4", 'not an object with "raw", or with "base64" that is base64'),
        Skipped("raw.jsonl:5", 'not an object with "raw", or with "base64" that is base64'),
        Skipped("raw.jsonl:6", "it is empty"),
        Skipped("raw.jsonl:7", 'not an object with "raw", or with "base64" that is base64'),
    ]


def test_a_request_that_is_too_large_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_format, "LARGEST", 10)
    (tmp_path / "a.http").write_bytes(b"GET / HTTP/1.1\r\n\r\n")
    assert list(open_source(tmp_path)) == [Skipped(f"{tmp_path.name}/a.http", "larger than a request may be here")]


def test_cases_of_one_request_are_records() -> None:
    assert list(open_source(DATA / "cases.yaml")) == [
        Record("SHOP-01", "GET", "/items?q=1", (("Accept", "application/json"),)),
        Record("SHOP-02", "POST", "/form", (("Content-Type", "application/x-www-form-urlencoded"),), b"a=1"),
        Record("SHOP-03", raw=b"GET / HTTP/1.1\nHost: a\n\n"),
        Skipped("SHOP-04", "several steps: run it with --cases"),
        Skipped("SHOP-05", "it has ${…} in it: run it with --cases"),
        Skipped("SHOP-06", "it changes state, and its method does not say so: run it with --cases"),
    ]


def test_what_is_wrong_with_a_case_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text("- id: A-1\n  title: t\n  why: w\n  steps: [{send: {targett: /}}]\n")
    with pytest.raises(SourceError, match=r"cases\.yaml:1: case A-1"):
        list(open_source(path))
