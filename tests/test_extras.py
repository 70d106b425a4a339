"""What works with how little installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCKED = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {missing}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
sys.argv = {arguments}
from samewire.cli import main
main()
"""
LOAD = {"locust", "gevent", "psutil", "numpy", "scipy"}


def samewire_without(missing: set[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    program = BLOCKED.format(missing=missing, arguments=["samewire", *arguments])
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("arguments", [("--help",), ("schema",), ("cases", "--only", "ROU-01")])
def test_samewire_runs_without_the_extra_load(arguments: tuple[str, ...]) -> None:
    done = samewire_without(LOAD | {"aiohttp"}, *arguments)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_load_without_its_extra_is_a_usage_error_that_names_it() -> None:
    done = samewire_without(LOAD, "load", "legacy", "aiohttp")
    assert done.returncode == 2
    assert "pip install 'samewire[load]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_target_of_http_2_without_its_extra_is_a_usage_error_that_names_it(tmp_path: Path) -> None:
    config = tmp_path / "samewire.toml"
    config.write_text('targets.new = { url = "http://127.0.0.1:1", http = "2" }')
    done = samewire_without({"h2"}, "check", "--config", str(config), "--cases", "contract_tests/cases/sse.py")
    assert done.returncode == 2
    assert "pip install 'samewire[http2]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_fuzzing_without_its_extra_is_a_usage_error_that_names_it() -> None:
    done = samewire_without({"hypothesis"}, "fuzz", "legacy", "aiohttp")
    assert done.returncode == 2
    assert "pip install 'samewire[fuzz]'" in done.stderr
    assert "Traceback" not in done.stderr
