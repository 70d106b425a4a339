"""What is written beside a case can be run."""

from __future__ import annotations

import subprocess
from pathlib import Path

from samewire.address import Address
from samewire.cases import case, expect, get
from samewire.fuzz.writing import Shelf
from samewire.launch import Running


def test_a_script_is_a_script_whatever_the_targets_are_called(tmp_path: Path) -> None:
    sides = (
        Running(name, "http://127.0.0.1:1", Address("http", "127.0.0.1", 1), "/", None, True)
        for name in ("it's", "$(touch x)")
    )
    Shelf((), tmp_path).put(case("FUZ-001", "t", "w", get("/"), expect(200)), *sides)
    done = subprocess.run(
        ["/bin/sh", str(tmp_path / "FUZ-001.sh")], capture_output=True, text=True, timeout=20, check=False, cwd=tmp_path
    )
    assert [line for line in done.stdout.splitlines() if line.startswith("==")] == ["== it's", "== $(touch x)"]
    assert not (tmp_path / "x").exists()
