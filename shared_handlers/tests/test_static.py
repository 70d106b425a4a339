"""Files over the endpoint: what is found, what stays unseen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared_handlers.folder import MAX_KEPT, SMALL, Folder
from shared_handlers.message import File, Response
from shared_handlers.services import Services
from shared_handlers.testing import MemoryHost, make_request


@pytest.fixture(autouse=True)
def files(root: Path) -> None:
    (root / "a.txt").write_text("hello")
    (root / "a..b.txt").write_text("dots")
    (root / "empty.txt").write_bytes(b"")
    (root / "large.bin").write_bytes(bytes(range(256)) * 1024)
    (root / "grüße.txt").write_text("hi")
    (root / "page.html").write_text("<p>")
    (root / "unknown.xyz").write_text("?")
    (root / ".secret").write_text("secret")
    (root / "html").mkdir()
    (root / "html" / "about.html").write_text("<p>about")
    (root / "guide").mkdir()
    (root / "guide" / "index.html").write_text("<p>guide")
    (root / "bare").mkdir()
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("secret")
    (root.parent / "outside.txt").write_text("secret")
    (root / "link.txt").symlink_to(root / "a.txt")
    (root / "out.txt").symlink_to(root.parent / "outside.txt")
    (root / "up").symlink_to(root.parent)
    (root / "style.css").write_text("css")
    (root / "style.css.gz").write_bytes(b"gzipped")
    (root / "style.css.br").write_bytes(b"brotlied")


async def test_a_small_file_is_sent_with_its_fields(host: MemoryHost) -> None:
    answer = await host.call("/static/a.txt")
    assert (answer.status, answer.content) == (200, b"hello")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Last-Modified" in answer.headers


async def test_html_has_a_path_of_its_own(host: MemoryHost) -> None:
    assert (await host.call("/html/about.html")).content == b"<p>about"
    assert (await host.call("/html/a.txt")).status == 404


async def test_a_large_file_is_sent_from_its_handle(host: MemoryHost, root: Path) -> None:
    answer = await host.call("/static/large.bin", headers=[("Range", "bytes=256-511")])
    assert (answer.status, answer.content) == (206, bytes(range(256)))
    assert (await host.call("/static/large.bin")).content == (root / "large.bin").read_bytes()


async def test_the_endpoint_of_a_small_file_never_suspends(host: MemoryHost, services: Services) -> None:
    from shared_handlers.endpoints.static import routes

    endpoint = routes(services)[0].endpoint
    step = endpoint(make_request("/static/a.txt", params={"path": "a.txt"}))
    with pytest.raises(StopIteration) as stopped:
        step.send(None)  # type: ignore[attr-defined]
    assert stopped.value.value.body == b"hello"


@pytest.mark.parametrize(
    ("range_", "status", "content"),
    [("bytes=1-3", 206, b"ell"), ("bytes=-2", 206, b"lo"), ("bytes=9-", 416, None), ("bytes=0-1,3-4", 200, b"hello")],
)
async def test_ranges_are_served_from_memory(host: MemoryHost, range_: str, status: int, content: bytes | None) -> None:
    answer = await host.call("/static/a.txt", headers=[("Range", range_)])
    assert answer.status == status
    assert content is None or answer.content == content


async def test_416_is_a_problem_with_the_size(host: MemoryHost) -> None:
    answer = await host.call("/static/a.txt", headers=[("Range", "bytes=9-")])
    assert answer.headers["Content-Range"] == "bytes */5"
    assert answer.json["status"] == 416


async def test_a_tag_seen_before_is_304_without_content(host: MemoryHost) -> None:
    for path in ("/static/a.txt", "/static/large.bin"):
        tag = (await host.call(path)).headers["ETag"]
        answer = await host.call(path, headers=[("If-None-Match", tag)])
        assert (answer.status, answer.content) == (304, b"")
        assert answer.headers["ETag"] == tag


async def test_a_failed_precondition_is_412(host: MemoryHost) -> None:
    answer = await host.call("/static/a.txt", headers=[("If-Match", '"x"')])
    assert answer.json["status"] == 412


@pytest.mark.parametrize(
    "path",
    [
        "none.txt", "../outside.txt", "%2e%2e/outside.txt", "..%2foutside.txt", "guide/../../outside.txt", "..%5coutside.txt",
        "..\\outside.txt", "/etc/passwd", "%2Fetc%2Fpasswd", "C:/boot.ini", "a.txt%00", "%00", ".secret", ".git/config",
        "./a.txt", "guide/./index.html", "guide//index.html", "a.txt/", "a.txt/b", "out.txt", "up/outside.txt", "bare",
        "bare/", "%252e%252e/outside.txt", "x" * 5000, "%F0%9F%98%80", "A.TXT", "..", "guide/..",
    ],
)  # fmt: skip
async def test_what_is_not_there_for_clients_is_404_without_its_path(host: MemoryHost, path: str, root: Path) -> None:
    answer = await host.call(f"/static/{path}")
    assert answer.status == 404
    assert b"secret" not in answer.content
    assert str(root).encode() not in answer.content


@pytest.mark.parametrize("path", ["a..b.txt", "link.txt", "gr%C3%BC%C3%9Fe.txt", "guide%2Findex.html"])
async def test_what_only_looks_dangerous_is_served(host: MemoryHost, path: str) -> None:
    assert (await host.call(f"/static/{path}")).status == 200


async def test_a_fifo_is_404_at_once(host: MemoryHost, root: Path) -> None:
    os.mkfifo(root / "fifo.txt")
    assert (await host.call("/static/fifo.txt")).status == 404


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_an_unreadable_file_is_404(host: MemoryHost, root: Path) -> None:
    assert (await host.call("/static/a.txt")).status == 200
    (root / "a.txt").chmod(0)
    assert (await host.call("/static/a.txt")).status == 404


async def test_a_directory_leads_to_its_slash_and_that_to_its_index(host: MemoryHost) -> None:
    answer = await host.call("/static/guide?a=b%20c")
    assert (answer.status, answer.headers["Location"]) == (308, "/static/guide/?a=b%20c")
    answer = await host.call("/static/guide/")
    assert (answer.content, answer.headers["Cache-Control"]) == (b"<p>guide", "no-cache")
    assert (await host.call("/static/")).status == 404


async def test_types_come_from_one_table(host: MemoryHost) -> None:
    for path, expected in [
        ("page.html", "text/html; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("unknown.xyz", "application/octet-stream"),
        ("large.bin", "application/octet-stream"),
    ]:
        assert (await host.call(f"/static/{path}")).headers["Content-Type"] == expected


@pytest.mark.parametrize(
    ("accepted", "coding", "content"),
    [(None, None, b"css"), ("gzip", "gzip", b"gzipped"), ("gzip, br", "br", b"brotlied"), ("gzip;q=0", None, b"css")],
)
async def test_a_sibling_is_chosen_by_accept_encoding(
    host: MemoryHost, accepted: str | None, coding: str | None, content: bytes
) -> None:
    answer = await host.call("/static/style.css", headers=[("Accept-Encoding", accepted)] if accepted else [])
    assert answer.content == content
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.headers["Vary"] == "Origin, Accept-Encoding"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"


async def test_each_variant_has_a_tag_of_its_own(host: MemoryHost) -> None:
    answers = [
        await host.call("/static/style.css", headers=[("Accept-Encoding", coding)]) for coding in ("x", "gzip", "br")
    ]
    assert len({answer.headers["ETag"] for answer in answers}) == 3


async def test_a_file_without_siblings_does_not_vary_by_encoding(host: MemoryHost) -> None:
    assert (await host.call("/static/a.txt", headers=[("Accept-Encoding", "gzip")])).headers["Vary"] == "Origin"


async def test_a_changed_file_is_seen_at_once(host: MemoryHost, root: Path) -> None:
    first = await host.call("/static/a.txt")
    (root / "a.txt").write_text("other words")
    second = await host.call("/static/a.txt")
    assert second.content == b"other words"
    assert first.headers["ETag"] != second.headers["ETag"]


async def test_a_time_to_come_is_not_claimed_as_last_modified(host: MemoryHost, root: Path) -> None:
    os.utime(root / "a.txt", (4_000_000_000, 4_000_000_000))
    assert not (await host.call("/static/a.txt")).headers["Last-Modified"].endswith("2096 07:06:40 GMT")


async def test_other_methods_are_405(host: MemoryHost) -> None:
    answer = await host.call("/static/a.txt", "PUT", [("If-None-Match", "*")])
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_memory_keeps_a_bounded_number_of_small_files(root: Path) -> None:
    folder = Folder(root)
    for number in range(1100):
        (root / f"{number}.txt").write_text("x")
        assert folder.open(f"{number}.txt") is not None
    assert folder.kept == 1024


def test_memory_keeps_a_bounded_number_of_bytes_also_of_a_file_that_changes(root: Path) -> None:
    folder = Folder(root)
    for number in range(300):
        (root / f"{number}.bin").write_bytes(b"x" * SMALL)
        assert folder.open(f"{number}.bin") is not None
        assert folder.kept <= MAX_KEPT
    assert folder.kept == MAX_KEPT
    (root / "299.bin").write_bytes(b"y")
    found = folder.open("299.bin")
    assert found is not None
    assert found.content == b"y"
    assert folder.kept == MAX_KEPT - SMALL + 1


def test_a_file_of_exactly_the_bound_is_in_memory_and_one_more_byte_is_not(root: Path) -> None:
    (root / "small.bin").write_bytes(b"x" * SMALL)
    (root / "larger.bin").write_bytes(b"x" * (SMALL + 1))
    small, larger = Folder(root).open("small.bin"), Folder(root).open("larger.bin")
    assert small is not None
    assert small.content is not None
    assert larger is not None
    assert larger.handle is not None
    larger.close()


async def test_a_large_answer_owns_an_open_file(services: Services) -> None:
    from shared_handlers.endpoints.static import routes

    answer = await routes(services)[0].endpoint(make_request("/static/large.bin", params={"path": "large.bin"}))
    assert isinstance(answer, Response)
    assert isinstance(answer.body, File)
    assert answer.body.length == 256 * 1024
    answer.body.close()
