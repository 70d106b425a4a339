"""The result as JSON is as its published schema says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from samewire.comparison import Comparison
from samewire.report.found import Found
from samewire.report.json_file import found_json, json_text
from samewire.report.schema import schema
from samewire.report.tests.made import AT, traffic
from samewire.report.tests.test_hostile import ALONE, CHECKED, WHOLE
from samewire.result import DiffResult

PUBLISHED = Path(__file__).parents[3] / "docs" / "result.schema.json"


def test_the_published_schema_is_the_current_one() -> None:
    assert schema() == PUBLISHED.read_text("utf-8"), "run: samewire schema --result > docs/result.schema.json"
    Draft202012Validator.check_schema(json.loads(schema()))


@pytest.mark.parametrize(
    "found",
    [WHOLE, CHECKED, ALONE, Found.of(traffic(100)), Found((Comparison(DiffResult("o", "n", ()), load_missing="no"),))],
)
def test_every_result_is_as_the_schema_says(found: Found) -> None:
    document = json.loads(json_text(found_json(found, AT.date())).encode("utf-8", "backslashreplace"))
    assert [error.message for error in Draft202012Validator(json.loads(schema())).iter_errors(document)] == []
    assert next(iter(document)) == "schema_version"


def test_the_schema_refuses_what_is_not_described() -> None:
    document = found_json(Found.of(traffic(100)), AT.date())
    assert not Draft202012Validator(json.loads(schema())).is_valid(document | {"more": 1})
    del document["verdict"]
    assert not Draft202012Validator(json.loads(schema())).is_valid(document)
