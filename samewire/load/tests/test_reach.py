from __future__ import annotations

import pytest

from samewire.access import Access, Credential
from samewire.address import Address
from samewire.launch import Running
from samewire.load.reach import out_of_reach


def running(address: Address) -> Running:
    return Running("it", address.url, address, "/", None, False)


PLAIN = Address.of("http://h:1/base")


def test_a_target_at_a_plain_url_can_be_loaded() -> None:
    assert out_of_reach(running(PLAIN), running(PLAIN._replace(access=Access(target="it")))) == ""


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (Address.of("http+unix://%2Fa"), "its Unix socket"),
        (PLAIN._replace(access=Access(http="2")), "HTTP/2"),
        (PLAIN._replace(access=Access(credentials=(Credential("A", "b"),))), "headers, host or TLS"),
        (PLAIN._replace(access=Access(host="other")), "headers, host or TLS"),
    ],
)
def test_what_a_locust_file_is_not_told_is_said_instead_of_measured(address: Address, why: str) -> None:
    assert why in out_of_reach(running(PLAIN), running(address))
