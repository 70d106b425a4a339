"""The reports of a whole comparison in a folder: a page, JSON, JUnit."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from parity.comparison import Comparison
from parity.load import words as load_words
from parity.report.html import page
from parity.report.json_file import Json, diff_json, plain
from parity.report.junit import diff_xml


def write_reports(found: Comparison, folder: Path, at: datetime) -> None:
    """`index.html`, `result.json` and `junit.xml`. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(page(found, at), "utf-8", errors="backslashreplace")
    write_json(comparison_json(found), folder / "result.json")
    (folder / "junit.xml").write_text(diff_xml(found.diff), "utf-8")


def comparison_json(found: Comparison) -> Json:
    """What `parity diff` writes, with `identity` and `load` beside it; the exit status is that of the whole."""
    return {
        **diff_json(found.diff),
        "exit_status": found.exit_status,
        "identity": diff_json(found.identity) if found.identity else None,
        "load": _load(found),
    }


def write_json(value: JsonValue, path: Path) -> None:
    """Indented, with a line feed at its end; parents are made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8", errors="backslashreplace")


def _load(found: Comparison) -> JsonValue:
    if found.load is None:
        return {"finding": "inconclusive", "missing": found.load_missing}
    return plain(load_words.plain(found.load))
