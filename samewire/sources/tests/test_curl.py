"""curl: what a command sends, option by option, and the commands that can't be sent."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from samewire.sources import open_source
from samewire.traffic import Record, Skipped

SCRIPT = Path(__file__).parent / "data" / "requests.curl"


def records(folder: Path, command: str) -> list[Record | Skipped]:
    path = folder / "one.curl"
    path.write_text(command)
    return list(open_source(path))


def one(folder: Path, command: str) -> Record:
    (record,) = records(folder, command)
    assert isinstance(record, Record), record
    return record


def test_each_command_that_can_be_sent_is_a_record_of_one_session() -> None:
    sent = [item for item in open_source(SCRIPT) if isinstance(item, Record)]
    assert [(record.id, record.method, record.target) for record in sent] == [
        ("requests.curl:1", "GET", "/items?page=1"),
        ("requests.curl:2", "PATCH", "/items/7"),
        ("requests.curl:3", "POST", "/form"),
        ("requests.curl:4", "GET", "/search?x=1&q=a+b%26c&n=2"),
        ("requests.curl:5.1", "HEAD", "/a"),
        ("requests.curl:5.2", "HEAD", "/b"),
        ("requests.curl:6", "POST", "/json"),
        ("requests.curl:7", "POST", "/upload"),
        ("requests.curl:8", "DELETE", "/items/7"),
        ("requests.curl:12", "POST", "/note"),
    ]
    assert {record.session for record in sent} == {"requests.curl"}
    assert sent[1].body == '{"name": "café", "quote": "it\'s"}'.encode()
    assert ("Authorization", "Basic bWU6c2VjcmV0") in sent[6].fields


def test_every_other_command_is_skipped_with_its_reason() -> None:
    assert [item for item in open_source(SCRIPT) if isinstance(item, Skipped)] == [
        Skipped("requests.curl:9", "not a curl command"),
        Skipped("requests.curl:10", "it uses a variable or a command of the shell"),
        Skipped("requests.curl:11", "its content is in a file that is not in this folder"),
        Skipped("requests.curl:13", "a URL that stands for several; --globoff takes it as it is"),
        Skipped("requests.curl:14", "curl's option --ntlm is not known here"),
        Skipped("requests.curl:15", "it went to another origin"),
        Skipped("requests.curl:16", "a quote that is not closed"),
    ]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("/etc/hostname")
    assert records(tmp_path, "curl -d @out http://a/") == [
        Skipped("one.curl:1", "its content is in a file that is not in this folder")
    ]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("-H", "curl's option -H has no value"),
        ("--header", "curl's option --header has no value"),
        ("-b jar http://a/", "its cookies are in another file"),
        ("-H @fields http://a/", "its fields are in another file"),
        ("-d a -F b=c http://a/", "curl takes --data or --form, not both"),
        ("-F b http://a/", "a form's part without a name"),
        ("-s", "a curl command without a URL"),
        ("-K config http://a/", "curl's option -K is not known here"),
        ("-X 'A B' http://a/", "its method is no token"),
        ("ftp://a/", "not an http URL"),
    ],
)
def test_a_command_that_cannot_be_made_into_a_request_says_why(tmp_path: Path, options: str, reason: str) -> None:
    assert records(tmp_path, f"curl {options}") == [Skipped("one.curl:1", reason)]


COMMANDS = [
    "-d a=1 -d 'b=two words'",
    "-d 'caf\u00e9' -H 'Content-Type: text/plain'",
    "--json '{\"a\":' --json '1}'",
    "-X PUT --data-raw @x -H 'X-Empty;' -H 'Accept:'",
    "--data-urlencode 'a=b c+d' --data-urlencode '=e&f' --data-urlencode 'g/h'",
    "-u me:secret -b 'a=b' -b 'c=d' -e http://r/ -r 0-4 -A agent",
    "--compressed -H 'X-Two: words here'",
    "-I",
    "-G -d a=1",
    "--url-query 'q=a b'",
    "--oauth2-bearer token -H 'Host: other' -X QUERY",
    "-d a=1 -d '' -d b --request-target '*'",
]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: apt-get install curl")
@pytest.mark.parametrize("options", COMMANDS)
async def test_the_record_is_what_curl_itself_sends(tmp_path: Path, options: str) -> None:
    head, body = await _sent_by_curl(options)
    record = one(tmp_path, f"curl {options} http://127.0.0.1:1/at")
    start, *lines = head.split("\r\n")
    assert start == f"{record.method} {record.target} HTTP/1.1"
    theirs = {_named(*line.partition(": ")[::2]) for line in lines}
    ours = {_named(*field) for field in record.fields}
    assert ours == {field for field in theirs if field[0] not in ("host", "content-length")}
    assert (record.body or b"") == body


def _named(name: str, value: str) -> tuple[str, str]:
    """Of curl's own name its version is its own business, and which codings it can read."""
    name = name.rstrip(":").lower()
    own = (name == "user-agent" and value.startswith("curl")) or name == "accept-encoding"
    return name, "curl's" if own else value


async def _sent_by_curl(options: str) -> tuple[str, bytes]:
    """The head and the content of the request that curl sends to a server of ours."""
    seen: asyncio.Future[tuple[str, bytes]] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").removesuffix("\r\n\r\n")
        sizes = [line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("content-length: ")]
        seen.set_result((head, await reader.readexactly(int(sizes[0]) if sizes else 0)))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        words = ["curl", "-qsm", "10", *shlex.split(options), f"http://127.0.0.1:{port}/at"]
        await asyncio.to_thread(subprocess.run, words, check=True, stdout=subprocess.DEVNULL)
        return await seen
