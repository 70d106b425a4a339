"""HAR: a browser's export, entry by entry, and archives that are not what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from samewire.sources import Options, SourceError, open_source
from samewire.sources import har as har_format
from samewire.traffic import Record, Skipped

BROWSER = Path(__file__).parent / "data" / "browser.har"


def archive(folder: Path, *entries: Any) -> Path:
    path = folder / "made.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


def entry(url: str = "http://a.example/", method: str = "GET", **request: Any) -> dict[str, Any]:
    return {"request": {"method": method, "url": url, "headers": [], **request}, "response": {"status": 200}}


def test_a_browsers_request_becomes_a_record_without_what_belongs_to_its_connection() -> None:
    first = next(iter(open_source(BROWSER)))
    assert isinstance(first, Record)
    assert first[:5] == (
        "browser.har:1", "GET", "/items?q=t%C3%A9&page=1", (("accept", "text/html"), ("cookie", "session=abc")), None,
    )  # fmt: skip
    assert first.answer is not None
    assert (first.answer.status, first.answer.fields, first.answer.body) == (
        200, (("content-type", "application/json"),), b'{"id": "7"}',
    )  # fmt: skip


def test_contents_are_text_forms_and_multipart_forms() -> None:
    login, search, upload = [item for item in open_source(BROWSER) if isinstance(item, Record)][1:]
    assert login.body == '{"name": "Zoë", "n": 1}'.encode()
    assert search.body == b"q=a+b&n=2"
    kind = dict(upload.fields)["Content-Type"]
    boundary = kind.removeprefix("multipart/form-data; boundary=").encode()
    assert upload.body == (
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"; filename="a%22.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nhello\r\n--" + boundary + b"--\r\n"
    )
    assert ("Cookie", "session=abc") in upload.fields


def test_what_cannot_be_sent_is_skipped_with_its_reason() -> None:
    assert [item for item in open_source(BROWSER) if isinstance(item, Skipped)] == [
        Skipped("browser.har:5", "its content was not recorded"),
        Skipped("browser.har:6", "it went to another origin"),
        Skipped("browser.har:7", "a WebSocket: write it as a case"),
        Skipped("browser.har:8", "not an http URL"),
    ]


def test_the_origin_can_be_chosen() -> None:
    sent = open_source(BROWSER, options=Options(origin="https://CDN.example:443/"))
    assert [item.target for item in sent if isinstance(item, Record)] == ["/a.js"]


def test_a_browsers_recording_is_one_session_and_a_proxys_is_one_a_connection(tmp_path: Path) -> None:
    assert {item.session for item in open_source(BROWSER) if isinstance(item, Record)} == {"browser.har"}
    proxied = archive(tmp_path, {**entry(), "connection": "1"}, {**entry(), "connection": "2"})
    assert [item.session for item in open_source(proxied) if isinstance(item, Record)] == ["made.har#1", "made.har#2"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("nothing", "not an entry of HAR: it has no request with a URL"),
        ({"request": {"url": 7}}, "not an entry of HAR: it has no request with a URL"),
        (entry("http://[::1"), "its URL is malformed"),
        (entry("http://a.example:99999/"), "its URL is malformed"),
        (entry(method="A B"), "its method is no token"),
        (entry(method="CONNECT"), "CONNECT asks a proxy, not a server"),
        (entry(headers=[{"name": "X", "value": "a\r\nb"}]), "a malformed field"),
        (entry(postData={"text": "%%", "encoding": "base64"}, bodySize=2), "its content was not recorded"),
    ],
)
def test_an_entry_that_is_wrong_is_skipped_and_the_next_is_read(tmp_path: Path, wrong: Any, reason: str) -> None:
    first, second = open_source(archive(tmp_path, wrong, entry()))
    assert first == Skipped("made.har:1", reason)
    assert isinstance(second, Record)


@pytest.mark.parametrize(
    "text", ["", "{", '{"log": {"entries": [', "[1]]", '{"log": {"entries": [{"a": "\\ud800"', "\xff"]
)
def test_a_file_that_is_cut_off_or_no_json_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cut.har"
    path.write_text(text, "latin-1")
    with pytest.raises(SourceError, match=r"cut\.har: .*export it again"):
        list(open_source(path))


def test_an_entry_that_would_take_all_memory_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_format, "LARGEST_ENTRY", 300_000)
    path = archive(tmp_path, entry(), entry(postData={"text": "a" * 400_000}))
    with pytest.raises(SourceError, match="an entry is larger than"):
        list(open_source(path))
