"""samewire.toml is read whole or refused with every key that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from samewire.config import Config, ConfigError, load

WHOLE = """
[targets.legacy]
command = "{python} -m legacy --port 0 --name 'old one'"
ready = "/ready"
probe = "/health"
env = { MODE = "testing" }
cwd = "."
start_timeout = 10
store_env = "STORE"
disposable = true

[targets.aiohttp]
command = ["{python}", "-m", "aiohttp_server", "--port", "{port}"]
store_env = ["STORE", "CACHE"]

[targets.remote]
url = "https://example.org/base"

[use_aiohttp]
true = "aiohttp"
false = "legacy"

[[sources]]
path = "traffic.har"
format = "har"

[[rules]]
place = "body.json:/uptime_seconds"
cases = "HEA-*"
check = "number"

[[grades]]
place = "header.etag"
cases = ["STA-*"]
grade = "cosmetic"

[[accepted]]
place = "body.json:/server"
old = '"legacy"'
reason = "it says who answers"
owner = "web"
until = 2027-01-31

[[invariants]]
header = "x-request-id"
must = { matches = "[A-Za-z0-9._-]{1,64}" }
except_cases = ["WSK-*"]

[thresholds]
max_cpu_ratio = 1.5

[load]
rate = 200
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "samewire.toml"
    path.write_text(text)
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text))
    return str(caught.value)


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    config = load(written(tmp_path, WHOLE))
    legacy = config.targets["legacy"]
    assert legacy.words == ("{python}", "-m", "legacy", "--port", "0", "--name", "old one")
    assert (legacy.ready, legacy.probe, legacy.store_env, legacy.disposable) == ("/ready", "/health", ("STORE",), True)
    assert config.targets["aiohttp"].store_env == ("STORE", "CACHE")
    assert config.targets["remote"].url == "https://example.org/base"
    assert config.use_aiohttp == {"true": "aiohttp", "false": "legacy"}
    assert [rule.place for rule in config.rules] == ["body.json:/uptime_seconds"]
    assert [(source.path, source.format, source.origin) for source in config.sources] == [("traffic.har", "har", None)]
    assert config.accepted[0].until == date(2027, 1, 31)
    assert [(one.place, one.grade) for one in config.grades] == [("header.etag", "cosmetic")]
    assert config.invariants[0].header == "x-request-id"
    assert config.thresholds.given() == {"max_cpu_ratio": 1.5}
    assert (config.load.rate, config.load.blocks, config.folder) == (200, 12, tmp_path)


def test_without_a_file_there_is_no_rule() -> None:
    assert Config().rules == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 1", "colour: unknown key"),
        ('folder = "x"', "folder: unknown key"),
        ("default_rules = true", "default_rules: unknown key"),
        ("[targets.a]\nready = '/'", "targets.a: give exactly one of `command` and `url`"),
        ("[targets.a]\nurl = 'http://a'\ncommand = 'b'", "targets.a: give exactly one"),
        ("[targets.a]\nurl = 'http://a'\ncwd = 'b'", "go with `command`"),
        ("[targets.a]\nurl = 'a:1'", "targets.a.url: 'a:1'"),
        ("[targets.a]\ncommand = ''", "targets.a.command: "),
        ('[targets.a]\ncommand = "it\'s"', "targets.a.command: "),
        ("[targets.a]\ncommand = 'b'\nready = 'x'", "targets.a.ready: a path begins with `/`"),
        ("[targets.a]\ncommand = 'b'\nstart_timeout = -1", "targets.a.start_timeout: "),
        ("[targets.a]\ncommand = 'b'\ncomand = 'b'", "targets.a.comand: unknown key"),
        ("[use_aiohttp]\ntrue = 'b'", "use_aiohttp.true: there is no target 'b'"),
        ("[use_aiohttp]\nyes = 'b'", "use_aiohttp.yes"),
        ("[[rules]]\nplace = 'a'\ncheck = 'hexx'", "rules[0].check: "),
        ("[[grades]]\nplace = 'a'\ngrade = 'none'", "grades[0].grade: "),
        ("[[accepted]]\nplace = 'a'\nowner = 'b'\nuntil = 2027-01-01", "accepted[0].reason: "),
        ("[[accepted]]\nplace = 'a'\nowner = 'b'\nreason = 'c'\nuntil = 'soon'", "accepted[0].until: "),
        ("[[invariants]]\nheader = 'a'\nmust = { equal = 'b' }", "invariants[0].must.equal: unknown key"),
        ("[[sources]]\nformat = 'har'", "sources[0].path: "),
        ("[[sources]]\npath = 'a'\nformat = 'pcap'", "sources[0].format: Input should be 'har', 'access-log'"),
        ("[load]\nblocks = 13", "load.blocks: "),
        ("[thresholds]\nmax_error_rate = 2", "thresholds.max_error_rate: "),
        ("[targets", "not TOML"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    found = refusal(tmp_path, text)
    assert found.startswith(f"{tmp_path / 'samewire.toml'}: ")
    assert words in found


def test_every_wrong_key_is_named_at_once(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, "a = 1\nb = 2\n[load]\nrate = 'x'").splitlines()) == 3


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        load(tmp_path / "none.toml")
    path = tmp_path / "samewire.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="not TOML"):
        load(path)
