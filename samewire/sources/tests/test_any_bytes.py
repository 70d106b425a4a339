"""Whatever a file holds: every record is accounted for, and nothing but SourceError comes out."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samewire.sources import NAMES, SourceError, open_source
from samewire.traffic import Record, Skipped

DATA = Path(__file__).parent / "data"
SAMPLES = tuple(sorted(path for path in DATA.iterdir() if path.is_file() and path.suffix != ".txt"))
FORMATS = [name for name in NAMES if name not in ("cases", "openapi")]
bytes_again = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(folder: Path, data: bytes, format: str) -> list[Record | Skipped]:
    path = folder / "any"
    path.write_bytes(data)
    items: list[Record | Skipped] = []
    with suppress(SourceError):
        items.extend(open_source(path, format))
    assert len({item.id for item in items}) == len(items)
    assert all(item.reason for item in items if isinstance(item, Skipped))
    return items


def mutated() -> st.SearchStrategy[bytes]:
    """A sample with a piece of it replaced."""
    return st.builds(
        lambda path, at, length, put: path.read_bytes()[:at] + put + path.read_bytes()[at + length :],
        st.sampled_from(SAMPLES), st.integers(0, 3000), st.integers(0, 20), st.binary(max_size=20),
    )  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.binary() | mutated())
@bytes_again
def test_any_bytes_are_read_or_refused_by_name(tmp_path: Path, format: str, data: bytes) -> None:
    read(tmp_path, data, format)


@given(data=st.binary() | mutated())
@bytes_again
def test_any_line_of_a_log_is_sent_or_skipped(tmp_path: Path, data: bytes) -> None:
    lines = [line for line in data.split(b"\n") if line.strip() and not line.startswith(b"#")]
    assert len(read(tmp_path, data, "access-log")) == len(lines) or data[:2] == b"\x1f\x8b"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
named = st.fixed_dictionaries({}, optional={"name": json_values, "value": json_values, "fileName": json_values})
requests = st.fixed_dictionaries(
    {"url": st.sampled_from(["http://a/", "http://a/b?c#d", "ws://a", "http://\u212a:x/"]) | json_values},
    optional={
        "method": st.sampled_from(["GET", "POST"]) | json_values,
        "headers": st.lists(named) | json_values,
        "cookies": st.lists(named) | json_values,
        "bodySize": json_values,
        "postData": json_values
        | st.fixed_dictionaries(
            {},
            optional={
                "text": json_values, "encoding": st.just("base64") | json_values, "params": st.lists(named) | json_values,
                "mimeType": st.sampled_from(["multipart/form-data", "text/plain"]) | json_values,
            },
        ),
    },
)  # fmt: skip
answers = st.fixed_dictionaries(
    {}, optional={"status": json_values, "headers": st.lists(named), "content": json_values}
)


@given(entries=st.lists(json_values | st.fixed_dictionaries({"request": requests, "response": answers | json_values})))
@bytes_again
def test_every_entry_of_any_archive_is_accounted_for(tmp_path: Path, entries: list[Any]) -> None:
    data = json.dumps({"log": {"entries": entries}}).encode()
    found = read(tmp_path, data, "har")
    assert len(found) == len(entries)
    for item in found:
        if isinstance(item, Record):
            assert item.target.isascii()
            assert item.target.isprintable()
            "".join((item.method, *(name + value for name, value in item.fields))).encode("latin-1")
