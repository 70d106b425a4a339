"""Access logs: both formats, the escapes of two servers, and lines that say nothing."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from samewire.sources import SourceError, open_source
from samewire.traffic import Record, Skipped

LOG = Path(__file__).parent / "data" / "access.log"


def test_each_line_that_can_be_sent_is_a_record() -> None:
    sent = [item for item in open_source(LOG) if isinstance(item, Record)]
    assert [(record.id, record.method, record.target) for record in sent] == [
        ("access.log:1", "GET", "/apache_pb.gif"),
        ("access.log:2", "GET", "/search?q=a%20b"),
        ("access.log:3", "HEAD", "/"),
        ("access.log:4", "DELETE", "/items/7"),
        ("access.log:10", "GET", "/a?b"),
        ("access.log:11", "GET", "/a%20b.html"),
    ]
    assert sent[1].fields == (
        ("Referer", "http://www.example.com/start.html"),
        ("User-Agent", "Mozilla/4.08 [en] (Win98; I ;Nav)"),
    )
    assert sent[2].fields == (("User-Agent", 'curl/8.5.0 "quoted" \\ caf\xc3\xa9'),)
    assert sent[3].fields == ()


def test_every_other_line_is_skipped_with_its_reason() -> None:
    assert [item for item in open_source(LOG) if isinstance(item, Skipped)] == [
        Skipped("access.log:5", "an access log does not keep the content that was sent"),
        Skipped("access.log:6", "no request was read from that connection"),
        Skipped("access.log:7", "HTTP/0.9"),
        Skipped("access.log:8", "not a request line of HTTP/1.1"),
        Skipped("access.log:9", "CONNECT asks a proxy, not a server"),
        Skipped("access.log:13", "not a line of the Common or Combined Log Format"),
    ]


def test_bytes_that_are_no_ascii_are_sent_as_the_same_bytes_percent_encoded(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(b'h - - [10/Oct/2000:13:55:36 -0700] "GET /\xc3\xa9/\\xff HTTP/1.1" 200 1\n')
    assert [item.target for item in open_source(path) if isinstance(item, Record)] == ["/%C3%A9/%FF"]


@pytest.mark.parametrize("name", ["access.log.2.gz", "other", "access.log-20250101"])
def test_rotated_compressed_and_oddly_named_logs_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(LOG.read_bytes()) if name.endswith("gz") else LOG.read_bytes())
    source = open_source(path)
    assert source.format == "access-log"
    assert len(list(source)) == 12


def test_a_compressed_log_that_is_cut_off_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "access.log.gz"
    path.write_bytes(gzip.compress(LOG.read_bytes() * 100)[:-20])
    with pytest.raises(SourceError, match=r"access\.log\.gz: can't be read to its end"):
        list(open_source(path))


MEASURED = """
import resource, sys
from samewire.sources import open_source
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
source = iter(open_source(sys.argv[1]))
count = sum(1 for _, item in zip(range(1000), source))
before = peak()
count += sum(1 for item in source)
print(count, peak() - before)
"""


@pytest.mark.parametrize("times", [8_334, pytest.param(83_334, marks=pytest.mark.soak)])
def test_a_long_log_is_read_in_little_memory(tmp_path: Path, times: int) -> None:
    path = tmp_path / "access.log"
    with path.open("wb") as file:
        file.writelines(LOG.read_bytes() for _ in range(times))
    words = [sys.executable, "-c", MEASURED, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=110, check=True)
    count, kibibytes = map(int, done.stdout.split())
    assert count == times * 12
    assert kibibytes < 4096
