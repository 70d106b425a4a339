"""How a source's format is told, and what is said where it can't be."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from samewire.sources import SourceError, open_source

DATA = Path(__file__).parent / "data"


def test_a_file_is_told_by_its_look_where_its_name_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes((DATA / "browser.har").read_bytes())
    assert open_source(path).format == "har"


def test_standard_input_is_looked_at_and_nothing_of_it_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO((DATA / "access.log").read_bytes())))
    source = open_source("-")
    assert (source.name, source.format) == ("stdin", "access-log")
    assert len(list(source)) == 12


def test_a_file_of_no_known_look_is_an_error_that_lists_the_formats(tmp_path: Path) -> None:
    path = tmp_path / "what"
    path.write_bytes(b"\x00\x01")
    with pytest.raises(SourceError, match="its format can't be told; name it with --format: har, access-log"):
        open_source(path)


def test_python_is_run_only_where_the_format_is_named(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    script = f"from pathlib import Path\nPath({str(ran)!r}).touch()\nCASES = ()\n"
    (tmp_path / "alone.py").write_text(script)
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "cases.yaml").write_text("[]")
    (folder / "deep" / "more.py").write_text(script)
    for path, named in ((tmp_path / "alone.py", "alone.py"), (folder, "more.py")):
        with pytest.raises(SourceError, match=rf"{named}: is Python, and reading its cases runs it; .* --format cases"):
            list(open_source(path))
    assert not ran.exists()
    assert list(open_source(folder, "cases")) == []
    assert ran.exists()


def test_python_beside_raw_requests_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "one.http").write_bytes(b"GET / HTTP/1.1\r\n\r\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit")
    assert [source.format for source in (open_source(tmp_path),)] == ["raw"]


def test_an_unknown_format_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(SourceError, match="there is no format 'pcap'; there are: har, access-log"):
        open_source(DATA / "access.log", "pcap")


@pytest.mark.parametrize("format", [None, "har"])
def test_a_file_that_is_not_there_is_an_error_that_names_it(tmp_path: Path, format: str | None) -> None:
    with pytest.raises(SourceError, match=r"no\.har: No such file or directory; name a file"):
        open_source(tmp_path / "no.har", format)
