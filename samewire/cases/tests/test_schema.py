"""The JSON Schema of cases in YAML."""

from __future__ import annotations

from pathlib import Path

from samewire.cases.schema import schema


def test_the_published_schema_is_current() -> None:
    published = Path(__file__).parents[3] / "docs" / "case.schema.json"
    assert schema() == published.read_text("utf-8"), "run: samewire schema > docs/case.schema.json"
