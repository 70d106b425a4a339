"""Descriptions of an API: the same requests each time, and links whose values an answer will tell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from samewire.sources import Options, SourceError, open_source
from samewire.traffic import Record, Skipped

pytest.importorskip("schemathesis", reason="pip install 'samewire[openapi]'")
SHOP = Path(__file__).parent / "data" / "shop.openapi.yaml"


def records(options: Options = Options()) -> list[Record]:  # noqa: B008
    return [item for item in open_source(SHOP, options=options) if isinstance(item, Record)]


def test_each_operation_is_asked_as_often_as_wanted_its_own_examples_first() -> None:
    alone = [record for record in records(Options(examples=3)) if not record.session]
    asked = [record.id.split(":")[1] for record in alone]
    assert {name: asked.count(name) for name in asked} == {
        "GET /items": 3, "POST /items": 3, "GET /items/{id}": 3, "DELETE /items/{id}": 3, "POST /upload": 3,
    }  # fmt: skip
    assert (alone[0].target, alone[0].fields, alone[0].body) == ("/v1/items?page=2", (("Accept", "*/*"),), None)
    (content,) = {dict(record.fields)["Content-Type"] for record in alone if record.id.endswith("POST /items:1")}
    assert content == "application/json"


def test_a_wrong_operation_is_skipped_and_the_others_are_read() -> None:
    skipped = [item for item in open_source(SHOP, options=Options(examples=1)) if isinstance(item, Skipped)]
    assert [item.reason for item in skipped] == ["the description of an operation is wrong"]


def test_the_same_seed_makes_the_same_requests_and_another_makes_others() -> None:
    assert records(Options(seed=3)) == records(Options(seed=3))
    assert records(Options(seed=3)) != records(Options(seed=4))


DIGEST = """
import hashlib, sys
from samewire.sources import open_source
print(hashlib.sha256(repr(list(open_source(sys.argv[1]))).encode()).hexdigest())
"""


def test_the_requests_do_not_follow_from_what_else_the_process_has_loaded(tmp_path: Path) -> None:
    constants = "\n".join(f"word{number} = 'constant {number}'" for number in range(100))
    (tmp_path / "loaded.py").write_text(constants + "\nnumber = 987654321\n")
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{tmp_path}", "PYTHONHASHSEED": "random"}
    found = {
        subprocess.run(
            [sys.executable, "-c", start + DIGEST, str(SHOP)], cwd=tmp_path, env=environment, capture_output=True,
            text=True, timeout=60, check=True,
        ).stdout
        for start in ("", "import loaded")
    }  # fmt: skip
    assert len(found) == 1


def test_a_link_takes_its_value_from_the_place_of_the_answer_that_it_names() -> None:
    first, see, forget = [record for record in records(Options(examples=1)) if record.session]
    assert {first.session, see.session, forget.session} == {"shop.openapi.yaml:POST /items:links-1"}
    assert first.answer is not None
    id, tag = json.loads(first.answer.body)["item"]["id"], dict(first.answer.fields)["ETag"]
    assert isinstance(id, int), "as the parameter is described"
    assert (first.answer.status, first.method) == (201, "POST")
    assert (see.method, see.target) == ("GET", f"/v1/items/{id}")
    assert ("If-None-Match", tag) in see.fields
    assert (forget.method, forget.target) == ("DELETE", f"/v1/items/{id}")


@pytest.mark.parametrize("text", ["openapi: 3.1.0\n", "openapi: [\n", "openapi: 9\ninfo: {}\npaths: 7\n", "\xff"])
def test_what_is_no_description_is_an_error_that_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text, "latin-1")
    with pytest.raises(SourceError, match=r"api\.yaml: "):
        list(open_source(path, "openapi"))
