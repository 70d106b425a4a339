"""The commands are executed against a real server, which writes down what reaches it."""

from __future__ import annotations

import ast
import asyncio
import shlex
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from samewire.access import Access, Trust
from samewire.address import Address
from samewire.cases import case, ends, expect, finish, get, head, pauses, post, raw, request, talk
from samewire.cases.model import Case, Send, Step
from samewire.cases.reproducer import reproduce
from samewire.check.filling import kept_to_show
from samewire.exchange import Answer, Answered, Framing, Transcript
from samewire.wire.written import Names, spoken, written

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
LIMIT = 10


def of(*steps: Step) -> Case:
    return case("A-1", "title", "why", *steps)


BY_CURL = [
    of(get("/a?b=c&d='e'"), expect(200)),
    of(get("/%zz/../x//y"), expect(200), ends("reusable")),
    of(get("/q?q=[1]{2}"), expect(200)),
    of(get("/", headers=[("X-A", "1"), ("X-A", "two words"), ("Connection", "close")]), expect(200)),
    of(get("/", version="HTTP/1.0"), expect(200)),
    of(get("/${run}", headers={"Origin": "http://${host}", "Accept": "text/event-stream", "User-Agent": "x"})),
    of(head("/"), expect(200)),
    of(request("DELETE", "/x"), expect(200)),
    of(request("OPTIONS", "*"), expect(200)),
    of(get("http://elsewhere/x"), expect(200)),
    of(post("/", text="@name=value\nsecond line é '\"$"), expect(200)),
    of(post("/", json={"a": [1, None]}, headers={"Content-Type": "application/json"}), expect(200)),
    of(post("/", form={"a": "b c"}), expect(200)),
    of(post("/", text=""), expect(200)),
    of(post("/"), expect(200)),
    of(get("/", text="a GET with content"), expect(200)),
]
BY_PYTHON = [
    of(raw("GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n"), expect(200)),
    of(raw("GET /\xff\x00'\"\\ HTTP/1.1\nA : b\r\n\r\n"), expect(400)),
    of(get("/a b"), expect(400)),
    of(get("/", host=False), expect(400)),
    of(get("/", headers={"Empty": ""}), expect(200)),
    of(post("/", text="chunks", chunks=(2,)), expect(200)),
    of(post("/", base64="AAEC/w=="), expect(200)),
    of(get("/", delivery="byte by byte"), expect(200)),
    of(get("/", delivery=(3, 9)), expect(200)),
    of(post("/", text="later", part="head"), post("/", text="later", part="body"), expect(200)),
    of(get("/1", headers={"A": "b;r(x)"}), get("/2"), get("/2"), expect(200), expect(200), expect(200)),
    of(get("/"), finish("half"), expect(200)),
    of(get("/"), pauses(), expect(200)),
    of(raw("GET / HTTP/1.1\r\n\r\n"), talk("text", "hello"), talk("ping", "x", fragments=1)),
]


@pytest.mark.parametrize("given", BY_CURL, ids=lambda given: str(given.steps[0].send.target))
async def test_what_curl_can_say_is_sent_by_curl_to_the_letter_but_for_the_order_of_fields(given: Case) -> None:
    sent, command, said = await carried_out(given)
    expected = whole(given, sent.address)
    assert command.startswith("curl ")
    assert parts(sent.data) == parts(expected)
    assert ANSWER.removesuffix(b"hello").strip() in said


@pytest.mark.parametrize("given", BY_PYTHON, ids=range(len(BY_PYTHON)))
async def test_what_curl_cannot_say_is_sent_by_python_byte_for_byte(given: Case) -> None:
    sent, command, said = await carried_out(given)
    assert command.startswith("python3 -c ")
    assert sent.data == whole(given, sent.address)
    assert said == ANSWER


def test_connections_of_a_case_are_connections_of_its_command() -> None:
    steps = (get("/hold", on="a"), get("/open", on="b"), expect(200, on="b"), expect(200, on="a"))
    command = reproduce(of(*steps), Address("http", "127.0.0.1", 80))
    assert command.count("=c();") == 2
    assert command.index("r(s1)") < command.index("r(s0)")


def test_a_command_that_no_one_could_copy_names_the_case_instead() -> None:
    given = of(raw("A" * 100_000))
    assert reproduce(given, Address.of("http://h:81/base")) == "samewire check --target http://h:81/base --only A-1"


def test_a_case_that_cannot_be_written_says_so() -> None:
    assert reproduce(of(raw("\u2028")), Address.of("http://h")).startswith("# the case can't be written as bytes")


class Sent:
    """What reached the server."""

    def __init__(self) -> None:
        self.data = b""
        self.address = Address("http", "127.0.0.1", 0)


async def carried_out(given: Case) -> tuple[Sent, str, bytes]:
    async with recording(lambda address: len(whole(given, address))) as sent:
        command = reproduce(given, sent.address)
        process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
        async with asyncio.timeout(LIMIT):
            said, _ = await process.communicate()
    return sent, command, said


@asynccontextmanager
async def recording(size: Callable[[Address], int]) -> AsyncIterator[Sent]:
    """Answers when so many bytes have come, and closes."""
    sent = Sent()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(LIMIT / 2):
                while len(sent.data) < size(sent.address) and (data := await reader.read(65536)):
                    sent.data += data
        except TimeoutError:
            pass
        writer.write(ANSWER)
        writer.close()

    async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
        sent.address = Address("http", "127.0.0.1", server.sockets[0].getsockname()[1])
        yield sent


def whole(given: Case, address: Address) -> bytes:
    names = Names("again", address.authority)
    found = b""
    for step in given.steps:
        if isinstance(step, Send):
            message = written(step.send, names)
            found += {"all": message.head + message.body, "head": message.head, "body": message.body}[step.part]
        elif hasattr(step, "talk"):
            found += spoken(step, names)  # type: ignore[arg-type]
    return found


def parts(data: bytes) -> tuple[bytes, list[bytes], bytes]:
    top, _, body = data.partition(b"\r\n\r\n")
    start, *fields = top.split(b"\r\n")
    return start, sorted(fields), body


def test_what_a_case_keeps_of_an_answer_stands_in_the_command_unless_it_is_secret() -> None:
    keeping = of(
        get("/"),
        expect(200, keep={"tag": "ETag", "session": "Set-Cookie"}),
        get("/", headers={"If-Match": "${tag}", "Cookie": "${session}"}),
        expect(200),
    )
    fields = (("ETag", '"e1"'), ("Set-Cookie", "id=hush"))
    answer = Answer("HTTP/1.1", 200, "OK", fields, Framing.NONE)
    seen = Transcript("A-1", "t", (Answered(1, "main", b"", (), answer),), 0.0)
    kept = kept_to_show(keeping, seen)
    assert kept == (("tag", '"e1"'),)
    command = reproduce(keeping, Address("http", "127.0.0.1", 1), kept=kept)
    assert "e1" in command
    assert "hush" not in command


def test_names_of_a_target_are_text_in_a_line_of_python() -> None:
    hostile = 'a"+print("b'
    given = of(raw("GET / HTTP/1.1\r\n\r\n"))
    for address in (
        Address("http", hostile, 1),
        Address("https", "h", 1, access=Access(trust=Trust(server_name=hostile))),
    ):
        (_, _, statements) = shlex.split(reproduce(given, address))
        calls = [node for node in ast.walk(ast.parse(statements)) if isinstance(node, ast.Call)]
        assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


def test_a_command_without_the_secrets_of_its_case_says_so_unless_they_are_made_up() -> None:
    given = of(post("/?token=hush", headers={"Authorization": "Bearer hush"}, text="password=hush"), expect(200))
    address = Address("http", "127.0.0.1", 1)
    command = reproduce(given, address)
    assert command.startswith("curl ")
    assert "hush" not in command
    assert command.endswith("  # secrets masked, so not what was sent: the target, authorization, the content")
    assert reproduce(given, address, made_up=True).count("hush") == 3


def test_a_value_kept_of_an_answer_is_hidden_where_it_is_sent_as_a_secret() -> None:
    given = of(get("/", headers={"Authorization": "Bearer ${it}"}), expect(200))
    assert "hush" not in reproduce(given, Address("http", "h", 1), kept=[("it", "hush")])


def test_digests_do_not_move_what_is_cut_at_an_offset() -> None:
    given = of(get("/", headers={"X-Auth-Token": "hush"}, delivery=(3,)))
    assert reproduce(given, Address.of("http://h:81")) == "samewire check --target http://h:81 --only A-1"
