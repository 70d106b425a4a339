"""The switch: which server USE_AIOHTTP names, and that `serve` becomes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from serve import AIOHTTP, LEGACY, SwitchError, chosen, named

LIMIT = 20


@pytest.mark.parametrize("value", ["", "true", "True", "TRUE", "1", "yes", "Yes", "on", "ON"])
def test_yes_and_nothing_mean_aiohttp(value: str) -> None:
    assert named(value) == AIOHTTP


@pytest.mark.parametrize("value", ["false", "False", "FALSE", "0", "no", "NO", "off", "Off"])
def test_no_means_legacy(value: str) -> None:
    assert named(value) == LEGACY


@pytest.mark.parametrize("value", ["2", "truee", "aiohttp", " ", "none"])
def test_anything_else_is_refused_by_name(value: str) -> None:
    with pytest.raises(SwitchError) as refused:
        named(value)
    assert repr(value) in str(refused.value)


def test_unset_means_aiohttp() -> None:
    assert chosen({}) == AIOHTTP


def test_a_wrong_value_is_exit_2() -> None:
    done = _serve("maybe")
    assert (done.returncode, done.stdout) == (2, "")
    assert "USE_AIOHTTP is 'maybe'" in done.stderr


def test_without_aiohttp_the_choice_of_it_is_exit_2_with_the_pip_line(tmp_path: Path) -> None:
    done = _serve("true", *_without_aiohttp(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'samewire[aiohttp]'" in done.stderr


def test_an_aiohttp_that_cannot_be_loaded_is_exit_2_with_the_pip_line(tmp_path: Path) -> None:
    (tmp_path / "aiohttp.py").write_text("raise ImportError('made for another Python')\n")
    done = _serve("true", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "made for another Python" in done.stderr
    assert "pip install 'samewire[aiohttp]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("value", "server"), [("yes", "aiohttp"), ("off", "legacy")])
def test_it_becomes_the_server_so_that_signals_reach_it(tmp_path: Path, value: str, server: str) -> None:
    (tmp_path / "static").mkdir()
    config = tmp_path / "site.yaml"
    config.write_text("mode: testing\nstatic_directory: static\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "serve", "--port", "0", "--config", config],
        env=os.environ | {"USE_AIOHTTP": value},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("listening on ").strip()
        with urllib.request.urlopen(f"{url}/health", timeout=LIMIT) as answer:  # noqa: S310  (ours)
            assert f'"server":"{server}"' in answer.read().decode()
            process.send_signal(signal.SIGHUP)  # outlived
        with urllib.request.urlopen(f"{url}/health", timeout=LIMIT) as answer:  # noqa: S310  (ours)
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def test_what_it_executes_ignores_a_hangup_from_its_first_instant() -> None:
    """So no moment of the start is left in which one would end it."""
    script = (
        "import os, serve, signal\n"
        "os.execv = lambda path, arguments: print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)\n"
        "serve.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=LIMIT, check=True, env=dict(os.environ)
    )
    assert done.stdout == "True\n"


def _serve(value: str, *before: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(before or ("-m", "serve")), "--port", "0"]
    environment = os.environ | environ | {"USE_AIOHTTP": value}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)


def _without_aiohttp(folder: Path) -> tuple[str, ...]:
    """An interpreter that finds no aiohttp."""
    script = folder / "without_aiohttp.py"
    script.write_text(
        "import sys\n"
        "class Refusal:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'aiohttp':\n"
        "            raise ModuleNotFoundError('No module named ' + name, name=name)\n"
        "sys.meta_path.insert(0, Refusal())\n"
        "import serve\n"
        "serve.main()\n"
    )
    return (str(script),)
