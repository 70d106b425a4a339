"""Targets that want more than an origin: sockets, fields, credentials, another Host, TLS of their own."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from samewire.access import Access, Credential, Trust
from samewire.address import Address
from samewire.cases import case, expect, get, raw, text
from samewire.cases.reproducer import reproduce
from samewire.check import check
from samewire.compare import compare
from samewire.config import Config
from samewire.credentials import UnusableTarget
from samewire.exchange import Transcript
from samewire.launch import NotStarted, launched
from samewire.targets import resolve
from samewire.tests.certificates import NEEDS_OPENSSL, certified
from samewire.tests.scripted import GET, RECEIVE, Serve, answered, ended, observe, sized

SECRET, OTHER = "Bearer s3cr3t-of-the-old", "Bearer t0ken-of-the-new-one"
SMALL = str(Path(__file__).with_name("small_server.py"))


async def echoing(reader: StreamReader, writer: StreamWriter) -> None:
    """Answers each request with its own head."""
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            writer.write(sized(await reader.readuntil(b"\r\n\r\n"), b"Date: Tue, 15 Nov 1994 08:12:31 GMT"))


def configured(folder: Path, **settings: Any) -> Config:
    return Config.model_validate({"folder": folder, "targets": {"it": settings}})


def body(seen: Transcript, at: int = 0) -> str:
    assert seen.error == ""
    answer = answered(seen, at).answer
    assert answer is not None
    return answer.body.decode("latin-1")


async def test_a_server_at_a_unix_socket_is_reached_by_its_path_and_by_a_url(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    config = configured(tmp_path, socket="a.sock", url="http://example.org/base")
    await serve(echoing, socket=path)
    for target in (resolve(f"http+unix://{quote(str(path), safe='')}/base", Config()), resolve("it", config)):
        async with launched(target) as running:
            seen = await observe(running.address, GET, RECEIVE)
            host = "example.org" if target.name == "it" else "localhost"
            assert body(seen) == f"GET /base/ HTTP/1.1\r\nHost: {host}\r\n\r\n"
            assert ended(seen).end == "reusable"


async def test_a_command_is_given_the_path_of_a_socket(tmp_path: Path) -> None:
    command = ["{python}", SMALL, "--silent", "--socket", "{socket}"]
    target = resolve("it", configured(tmp_path, command=command, ready="/ready", start_timeout=20))
    async with launched(target) as running:
        assert running.address.socket in running.command
        seen = await observe(running.address, {"send": {"target": "/greeting"}}, RECEIVE)
        assert body(seen) == "hello"


async def test_a_socket_that_is_not_there_is_not_started(tmp_path: Path) -> None:
    target = resolve("it", configured(tmp_path, socket="none.sock", start_timeout=0.2))
    with pytest.raises(NotStarted, match=r"it: did not answer a connection at /.*/none\.sock within"):
        async with launched(target):
            pass


async def test_a_targets_fields_are_in_each_well_formed_request_that_does_not_name_them(serve: Serve) -> None:
    access = Access(
        headers=(("X-Tenant", "a"),), credentials=(Credential("Authorization", SECRET, "OLD"),), host="old.example"
    )
    address = (await serve(echoing))._replace(access=access)
    own = {"send": {"target": "/", "headers": {"x-tenant": "own"}}}
    untouched = {"send": {"bytes": "GET /raw HTTP/1.1\r\nHost: ${host}\r\n\r\n"}}
    seen = await observe(address, GET, RECEIVE, own, RECEIVE, untouched, RECEIVE)
    head = "GET / HTTP/1.1\r\nHost: old.example\r\n"
    assert body(seen, 0) == f"{head}X-Tenant: a\r\nAuthorization: {SECRET}\r\n\r\n"
    assert body(seen, 1) == f"{head}x-tenant: own\r\nAuthorization: {SECRET}\r\n\r\n"
    assert body(seen, 2) == "GET /raw HTTP/1.1\r\nHost: old.example\r\n\r\n"
    assert answered(seen, 0).sent.endswith(b"Authorization: $OLD\r\n\r\n")


async def with_secret(serve: Serve, secret: str, script: Any = echoing) -> Transcript:
    access = Access(credentials=(Credential("Authorization", secret, "TOKEN"),))
    return await observe((await serve(script))._replace(access=access), GET, RECEIVE)


async def test_credentials_that_servers_echo_are_no_difference_and_all_else_still_is(serve: Serve) -> None:
    async def shouting(reader: StreamReader, writer: StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(sized(head.replace(b"Bearer", b"bearer"), b"Date: Tue, 15 Nov 1994 08:12:31 GMT"))

    old, new = await with_secret(serve, SECRET), await with_secret(serve, OTHER)
    assert compare(old, new, ()) == ()
    differences = compare(old, await with_secret(serve, OTHER, shouting), ())
    (found,) = (one for one in differences if one.place == "body")
    assert ("${credential}" in found.old, "${credential}" in found.new) == (True, True)
    assert "s3cr3t" not in found.old + found.new


async def test_a_credential_is_in_no_failure_not_even_where_an_excerpt_is_cut_within_it(serve: Serve) -> None:
    async def padded(reader: StreamReader, writer: StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        value = head.partition(b"Bearer ")[2].strip()
        writer.write(sized(b"x" * width + value))

    wanted = case("A-1", "t", "w", get("/"), expect(200, body=text("no")))
    for width in (0, 285, 294, 299):
        seen = await with_secret(serve, SECRET, padded)
        (failure, *_) = [one for one in check(wanted, seen, "h") if one.place == "body"]
        assert "s3cr" not in failure.got
        assert "${credential}" in failure.got or width == 299


def test_the_representation_of_an_address_has_no_secret() -> None:
    access = Access(credentials=(Credential("Authorization", SECRET, "OLD"),))
    assert "s3cr3t" not in repr(Address.of("http://h")._replace(access=access))
    assert "s3cr3t" not in repr(Transcript("A-1", "t", (), 0.0, secrets=(SECRET,)))


def test_a_credential_is_read_from_the_environment_and_one_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, url="http://h", headers={"X-Api-Key": "abc"}, headers_env={"Authorization": "OLD_T"})
    monkeypatch.setenv("OLD_T", SECRET)
    access = resolve("it", config).access
    assert access.fields == (("X-Api-Key", "abc"), ("Authorization", SECRET))
    assert access.secrets == ("abc", SECRET)
    for wrong in ("", "a\nb", "é"):
        monkeypatch.setenv("OLD_T", wrong)
        with pytest.raises(UnusableTarget, match="it: the environment variable OLD_T, the value of its field Auth"):
            resolve("it", config)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"headers": {"Host": "a"}}, "Host belongs to the target's `host`"),
        ({"headers": {"Content-Length": "1"}}, "Content-Length belongs to the cases"),
        ({"headers": {"a b": "1"}}, "is no name of a field"),
        ({"headers": {"A": "1\r\nB: 2"}}, "no line breaks"),
        ({"headers": {"A": "1"}, "headers_env": {"a": "V"}}, "not in both"),
        ({"verify": False}, "begins with https"),
        ({"url": "https://h", "key_file": "k"}, "give both"),
        ({"http": "3"}, "'1.1' or '2'"),
        ({"host": "a b"}, "match"),
    ],
)
def test_what_no_target_can_want_is_refused_with_the_reason(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Config.model_validate({"targets": {"it": {"url": "http://h", **settings}}})


def secured(certificate: Path, authority: Path | None = None) -> ssl.SSLContext:
    """With an authority, it wants a certificate of the client."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if authority is not None:
        context.load_verify_locations(authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@NEEDS_OPENSSL
async def test_tls_trusts_whom_the_target_names_and_so_does_the_wait_for_it(serve: Serve, tmp_path: Path) -> None:
    named = certified(tmp_path / "named", "DNS:api.example")
    (tmp_path / "client.pem").write_bytes(certified(tmp_path / "client", "DNS:client").read_bytes())
    url = (await serve(echoing, tls=secured(named, tmp_path / "client.pem"))).url
    settings = {"ca_file": str(named), "server_name": "api.example", "cert_file": "client.pem"}
    target = resolve("it", configured(tmp_path, url=url, ready="/ready", **settings))
    async with launched(target) as running:
        assert body(await observe(running.address, GET, RECEIVE)).startswith("GET / ")
        assert body(await reproduced(running.address))


async def reproduced(address: Address) -> Transcript:
    """Both kinds of reproducer get an answer from the target."""
    for steps in ((get("/curl"),), (raw("GET /python HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),)):
        command = reproduce(case("A-1", "t", "w", *steps), address)
        process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
        async with asyncio.timeout(10):
            said, _ = await process.communicate()
        assert b"HTTP/1.1 200 OK" in said, command
    return await observe(address, GET, RECEIVE)


@NEEDS_OPENSSL
async def test_a_certificate_need_not_be_vouched_for_where_the_target_says_so(
    serve: Serve, certificate: Path, tmp_path: Path
) -> None:
    url = (await serve(echoing, tls=secured(certificate))).url
    target = resolve("it", configured(tmp_path, url=url, verify=False))
    async with launched(target) as running:
        assert body(await reproduced(running.address))
    with pytest.raises(NotStarted, match=r"certificate verify failed.*; name who vouches for it with `ca_file`"):
        async with launched(resolve(url, Config())):
            pass


def test_a_file_of_tls_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    for settings in ({"ca_file": "none.pem"}, {"cert_file": "none.pem"}):
        with pytest.raises(UnusableTarget, match=r"it: can't use .*none\.pem: No such file"):
            resolve("it", configured(tmp_path, url="https://h", **settings))
    (tmp_path / "junk.pem").write_text("junk")
    with pytest.raises(UnusableTarget, match=r"it: can't use .*junk\.pem"):
        resolve("it", configured(tmp_path, url="https://h", ca_file="junk.pem"))


@pytest.mark.parametrize("steps", [(get("/"), expect(200)), (get("/", delivery="byte by byte"), expect(200))])
async def test_a_reproducer_reads_credentials_from_the_environment(
    steps: Any, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLD_T", SECRET)
    access = Access(headers=(("X-A", "it's $HOME"),), credentials=(Credential("Authorization", SECRET, "OLD_T"),))
    address = (await serve(echoing))._replace(access=access)
    command = reproduce(case("A-1", "t", "w", *steps), address)
    assert "OLD_T" in command
    assert "s3cr3t" not in command
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(10):
        said, _ = await process.communicate()
    assert f"Authorization: {SECRET}".encode() in said
    assert b"X-A: it's $HOME" in said


async def test_a_reproducer_gets_to_a_socket(serve: Serve, tmp_path: Path) -> None:
    address = (await serve(echoing, socket=tmp_path / "a.sock"))._replace(access=Access(host="it.example"))
    assert "Host: it.example" in body(await reproduced(address))


def test_trust_and_access_can_be_hashed_as_a_running_target_is() -> None:
    assert len({Access(trust=Trust(verify=False)), Access(trust=Trust(verify=False)), Access()}) == 2
