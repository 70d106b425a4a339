"""A target is a name in the configuration or a URL."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from samewire.access import Access
from samewire.config import Config, load
from samewire.targets import Command, Target, UnknownTarget, resolve

REPOSITORY = Path(__file__).parents[2]
CONFIG = Config.model_validate(
    {
        "folder": "/somewhere",
        "targets": {
            "started": {
                "command": "{python} -m it --port {port} 'a b'",
                "env": {"WHERE": "{port}"},
                "cwd": "sub",
                "store_env": "STORE",
                "ready": "/ready",
                "disposable": True,
            },
            "there": {"url": "http://there:81/base"},
        },
    }
)


def test_a_command_is_split_and_its_placeholders_are_filled() -> None:
    source = resolve("started", CONFIG).source
    assert isinstance(source, Command)
    assert source.wants_port
    assert source.filled(8080) == (sys.executable, "-m", "it", "--port", "8080", "a b")
    assert source.environment(8080) == {"WHERE": "8080"}
    assert (source.cwd, source.store_env) == (Path("/somewhere/sub"), ("STORE",))


def test_a_command_without_a_port_announces_itself() -> None:
    assert not Command(("serve",)).wants_port


def test_a_configured_url_keeps_its_name() -> None:
    found = resolve("there", CONFIG)
    assert found == Target("there", "http://there:81/base", access=Access(target="there"))


def test_any_url_is_a_target_that_is_not_disposable() -> None:
    found = resolve("http://127.0.0.1:8000", CONFIG)
    assert (found.name, found.source, found.disposable) == ("http://127.0.0.1:8000", "http://127.0.0.1:8000", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nobody", "there is no target 'nobody'; samewire.toml has: started, there"),
        ("ftp://host", "does not begin with http"),
        ("http://", "has no host"),
    ],
)
def test_what_is_neither_is_told_with_what_is_possible(given: str, said: str) -> None:
    with pytest.raises(UnknownTarget, match=said):
        resolve(given, CONFIG)


def test_without_any_target_the_file_that_is_looked_for_is_named() -> None:
    with pytest.raises(UnknownTarget, match=r"'nobody'; no samewire\.toml describes one"):
        resolve("nobody", Config())


def test_the_configuration_of_this_repository_has_both_servers_and_the_switch_between_them() -> None:
    config = load(REPOSITORY / "samewire.toml")
    assert config.use_aiohttp == {"true": "aiohttp", "false": "legacy"}
    for name in config.use_aiohttp.values():
        assert resolve(name, config).disposable
