"""What a provider answers is as hostile as anything from the network: it is 502, in bounded memory, or who somebody is."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from contract_tests.hostile import Told, telling
from contract_tests.process import Process, Start
from contract_tests.test_oauth import CALLBACK, LIMIT, SECRET, VERIFIER, configured

ASKED = {"code": "code", "provider": "mock", "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
GZIP = ("Content-Encoding: gzip",)
GRANTED = Told(b'{"access_token":"token","token_type":"Bearer"}')
ANN = {"sub": "ann", "name": "Ann", "email": "ann@example.org"}
LONE = b'"\\ud800"'
DEEP = b"[" * 100_000
BOMB = gzip.compress(b'{"sub":"ann","x":"' + b" " * 200_000_000 + b'"}')
NO_JSON = [
    Told(b""), Told(b"\xff"), Told(b"<html>"), Told(DEEP), Told(b'{"sub":' + DEEP), Told(b'{"sub":"ann","a":NaN}'),
    Told(b'{"sub":"ann","a":1e999}'), Told(b'{"sub":"ann","a":' + LONE + b"}"), Told(b" " * (1 << 20) + b"{}"),
    Told(BOMB, fields=GZIP), Told(b"not gzip", fields=GZIP), Told(gzip.compress(b"{}")[:-4], fields=GZIP),
    Told(b"{}", fields=("Content-Encoding: br",)), Told(gzip.compress(b"{}"), fields=("Content-Encoding: gzip, gzip",)),
    Told(b"null"), Told(b"[]"), Told(b"5"), Told(LONE), Told(b"", 302, ("Location: /userinfo",)), Told(b"{}", 500),
]  # fmt: skip
"""Whatever was asked, it is no answer."""


@asynccontextmanager
async def asking(start: Start) -> AsyncIterator[tuple[Process, httpx.AsyncClient, dict[str, Told]]]:
    """A server, a client of it, and what its provider answers, by path."""
    answers: dict[str, Told] = {}
    async with telling(answers) as issuer:
        urls = {f"{name}_URL": f"{issuer}/{name.lower()}" for name in ("AUTH", "TOKEN", "USERINFO")}
        async with (
            start(**configured(issuer, 10.0, **urls)) as process,
            httpx.AsyncClient(base_url=process.url, timeout=LIMIT) as client,
        ):
            yield process, client, answers
        log = process.log.read_text()
        assert SECRET not in log
        assert "Traceback" not in log


def _is_useless(answer: httpx.Response) -> bool:
    return answer.status_code == 502 and set(answer.json()) == {"type", "title", "status", "detail", "instance"}


def _peak(process: Process) -> int:
    """Bytes that the process has held at most (proc(5), VmHWM)."""
    with open(f"/proc/{process.child.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024


async def test_an_answer_that_is_none_is_502_in_bounded_memory(start: Start) -> None:
    async with asking(start) as (process, client, answers):
        answers |= {"/token": GRANTED, "/userinfo": Told(json.dumps(ANN).encode())}
        assert (await client.post("/api/oauth/token", json=ASKED)).status_code == 200
        before = _peak(process)
        for told in NO_JSON:
            answers["/userinfo"] = told
            assert _is_useless(await client.post("/api/oauth/token", json=ASKED)), told.content[:40]
        answers["/userinfo"] = Told(json.dumps(ANN).encode())
        for told in NO_JSON:
            answers["/token"] = told
            assert _is_useless(await client.post("/api/oauth/token", json=ASKED)), told.content[:40]
        assert _peak(process) - before < 64 << 20


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_coded_answer_is_read(start: Start, coding: str) -> None:
    async with asking(start) as (_, client, answers):
        content = json.dumps(ANN).encode()
        coded = gzip.compress(content) if coding == "gzip" else zlib.compress(content)
        answers |= {"/token": GRANTED, "/userinfo": Told(coded, fields=(f"Content-Encoding: {coding}",))}
        answer = await client.post("/api/oauth/token", json=ASKED)
        assert answer.json()["user_info"]["id"] == "ann"


async def test_who_somebody_is_has_an_id_and_only_a_name_and_an_address_that_can_be_shown(start: Start) -> None:
    async with asking(start) as (_, client, answers):
        answers["/token"] = GRANTED
        useless: list[object] = [5, None, True, [], {}, "", "x" * 256, "a\x00", "a\n", "a\x7f", "a\x85"]
        for sub in useless:
            answers["/userinfo"] = Told(json.dumps(ANN | {"sub": sub}).encode())
            assert _is_useless(await client.post("/api/oauth/token", json=ASKED)), sub
        for nobody in ({}, {"id": True}, {"id": 1.5}, {"id": ""}, {"id": None}, {"sub": None, "id": 5}):
            answers["/userinfo"] = Told(json.dumps(nobody).encode())
            assert _is_useless(await client.post("/api/oauth/token", json=ASKED)), nobody
        somebody: list[tuple[dict[str, object], str]] = [
            ({"sub": "ü" * 255}, "ü" * 255), ({"id": 17}, "17"), ({"id": "17"}, "17"), ({"sub": "a", "id": []}, "a"),
        ]  # fmt: skip
        for claims, id in somebody:
            answers["/userinfo"] = Told(json.dumps(claims).encode())
            given = (await client.post("/api/oauth/token", json=ASKED)).json()
            assert given["user_info"]["id"] == id
            bearer = {"Authorization": f"Bearer {given['access_token']}"}
            assert (await client.get("/api/oauth/validate", headers=bearer)).status_code == 200
        unusable: list[object] = [5, [], "a\x00", "x" * 2001]
        for wrong in unusable:
            answers["/userinfo"] = Told(
                json.dumps({"sub": "a", "name": wrong, "login": "a-a", "email": wrong}).encode()
            )
            info = (await client.post("/api/oauth/token", json=ASKED)).json()["user_info"]
            assert (info["name"], info["email"]) == ("a-a", "")


async def test_a_token_that_can_be_none_is_502(start: Start) -> None:
    async with asking(start) as (_, client, answers):
        answers["/userinfo"] = Told(json.dumps(ANN).encode())
        good: dict[str, object] = {"access_token": "token", "token_type": "Bearer"}
        tokens: list[object] = [None, 5, "", "a b", "a\r\nX: y", "ü", [], "x" * 9000]
        kinds: list[object] = [5, None, "mac", []]
        changes = [good | {"access_token": token} for token in tokens] + [good | {"token_type": kind} for kind in kinds]
        changes += [{"error": []}, {"error": {}}, {}]
        for change in changes:
            answers["/token"] = Told(json.dumps(change).encode())
            assert _is_useless(await client.post("/api/oauth/token", json=ASKED)), change
        ignored: list[dict[str, object]] = [
            {"expires_in": -1}, {"expires_in": "soon"}, {"expires_at": []}, {"token_type": "bEARER"},
        ]  # fmt: skip
        for harmless in ignored:
            answers["/token"] = Told(json.dumps(good | harmless).encode())
            assert (await client.post("/api/oauth/token", json=ASKED)).status_code == 200, harmless
        answers["/token"] = Told(b'{"error":"invalid_grant"}', 400)
        refused = await client.post("/api/oauth/token", json=ASKED)
        assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


async def test_endpoints_that_are_no_urls_are_502(start: Start) -> None:
    answers: dict[str, Told] = {}
    names = ("authorization", "token", "userinfo")
    async with telling(answers) as issuer, start(**configured(issuer)) as process:
        good = {f"{name}_endpoint": f"{issuer}/{name}" for name in names} | {"issuer": issuer}
        wrong: list[object] = [
            None,
            5,
            "",
            "javascript:alert(1)",
            "http://",
            "http://[",
            "http://a:99999/",
            "http://a/\r\nX:y",
        ]
        wrong += ["http://ü.example/", "http://a b/", "x" * 3000]
        async with httpx.AsyncClient(base_url=process.url, timeout=LIMIT) as client:
            for told in NO_JSON:
                answers["/.well-known/openid-configuration"] = told
                assert _is_useless(await client.get("/oauth/login/mock")), told.content[:40]
            for name in names:
                for url in wrong:
                    found = good | {f"{name}_endpoint": url}
                    answers["/.well-known/openid-configuration"] = Told(json.dumps(found).encode())
                    for target in ("/oauth/login/mock", "/api/oauth/config"):
                        assert _is_useless(await client.get(target)), (name, url)
            answers["/.well-known/openid-configuration"] = Told(json.dumps(good).encode())
            assert (await client.get("/oauth/login/mock")).status_code == 302
        assert "Traceback" not in process.log.read_text()
