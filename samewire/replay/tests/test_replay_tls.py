"""Over TLS a replay finds what it finds in clear."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from samewire.access import Access, Trust
from samewire.replay.tests.handled import Asked, as_json, gets, handled, replayed
from samewire.result import Verdict
from samewire.tests.certificates import NEEDS_OPENSSL, certificate
from samewire.tests.scripted import Serve

__all__ = ["certificate"]
pytestmark = NEEDS_OPENSSL


def right(asked: Asked) -> bytes:
    return as_json({"path": asked.target})


def wrong(asked: Asked) -> bytes:
    return as_json({"path": asked.target.replace("3", "4")})


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


async def test_over_tls_records_are_sent_and_a_difference_is_found(
    serve: Serve, tls: ssl.SSLContext, certificate: Path
) -> None:
    trusting = Access(trust=Trust(ca_file=str(certificate)))
    old, same, new = [
        (await serve(handled(behaviour), tls=tls))._replace(access=trusting) for behaviour in (right, right, wrong)
    ]
    found = await replayed(old, same, gets(5))
    assert (found.verdict, found.unchanged) == (Verdict.SAME, 5)
    found = await replayed(old, new, gets(5))
    assert [(pair.case, one.place) for pair in found.pairs for one in pair.differences] == [
        ("traffic:3", "body.json:/path")
    ]


async def test_a_server_over_tls_is_held_against_one_in_clear(
    serve: Serve, tls: ssl.SSLContext, certificate: Path
) -> None:
    trusting = Access(trust=Trust(ca_file=str(certificate)))
    secured = (await serve(handled(right), tls=tls))._replace(access=trusting)
    found = await replayed(await serve(handled(right)), secured, gets(5))
    assert (found.verdict, found.unchanged) == (Verdict.SAME, 5)


async def test_two_servers_whose_certificates_are_not_trusted_are_no_evidence(
    serve: Serve, tls: ssl.SSLContext
) -> None:
    old, new = [await serve(handled(right), tls=tls) for _ in range(2)]
    found = await replayed(old, new, gets(2))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.accounts[0].skipped == (("neither target could be reached", 2),)
