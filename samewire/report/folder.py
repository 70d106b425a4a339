"""The reports of a whole comparison in a folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from samewire.comparison import Comparison
from samewire.report.outputs import Outputs, write_outputs


def write_reports(found: Comparison, folder: Path, at: datetime) -> None:
    """`index.html`, `result.json`, `result.sarif`, `junit.xml` and `summary.md`. Raises OSError."""
    outputs = Outputs(
        json=folder / "result.json",
        junit=folder / "junit.xml",
        sarif=folder / "result.sarif",
        markdown=folder / "summary.md",
        html=folder / "index.html",
    )
    write_outputs(found, outputs, at)
