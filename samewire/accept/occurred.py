"""What differed in a run, as its JSON file says, and which of it an id means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from samewire.clusters import general_place
from samewire.commands import UsageError
from samewire.compare import printable
from samewire.report.document import SCHEMA_VERSION, ClusterShape

_CLUSTERS = TypeAdapter(tuple[ClusterShape, ...])
_LEAST = 4
"""Digits of a fingerprint that an id must have."""
_LARGEST = 1024 * 1024 * 1024
"""Bytes of a result that is still read."""


def occurred(path: Path) -> tuple[ClusterShape, ...]:
    """The clusters of a result, each once. Raises UsageError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{path}: too large for a result")
        document = json.loads(path.read_text("utf-8"))
        found = [cluster for part in _parts(document) for cluster in _CLUSTERS.validate_python(part)]
    except FileNotFoundError:
        raise UsageError(
            f"{path}: there is no result of a run; give samewire check or diff --json {path}, "
            "or name with --result what it wrote"
        ) from None
    except (ValueError, ValidationError, KeyError, TypeError):
        raise UsageError(f"{path}: not a result as samewire of schema version {SCHEMA_VERSION} writes it") from None
    return tuple({cluster.fingerprint: cluster for cluster in found}.values())


def meant(id: str, clusters: Sequence[ClusterShape]) -> ClusterShape:
    """The one cluster with that fingerprint or beginning of it, or in that CASE:PLACE. Raises UsageError, listing ids."""
    found = [cluster for cluster in clusters if len(id) >= _LEAST and cluster.fingerprint.startswith(id.lower())]
    if not found:
        case, _, place = id.rpartition(":") if ":/" not in id else _at_pointer(id)
        found = [replace(one, cases=(case,)) for one in clusters if _is_at(one, case, place)]
    if len(found) == 1:
        return found[0]
    what = (
        f"{printable(id)!r} means {len(found)} differences" if found else f"no difference has the id {printable(id)!r}"
    )
    known = listed(found or clusters)
    raise UsageError(f"{what}; there are:\n{known}" if known else f"{what}: the last run had none")


def listed(clusters: Sequence[ClusterShape]) -> str:
    """A line each: the id, the grade, the place and what happened, where."""
    return "\n".join(map(_line, clusters))


def _line(cluster: ClusterShape) -> str:
    count = cluster.count + cluster.more
    times = f"{count} time{'' if count == 1 else 's'}"
    first = cluster.cases[0] if cluster.cases else ""
    text = f"{cluster.fingerprint}  {cluster.grade:8}  {cluster.place} {cluster.change}, {times}, in {first}"
    return printable(text + (", ..." if len(cluster.cases) > 1 else ""))


def _parts(document: Any) -> Iterator[Any]:
    """Of the result of `samewire check`, one a comparison."""
    if str(document["schema_version"]).partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise ValueError("another version")
    if "clusters" in document:
        yield document["clusters"]
    for comparison in document.get("comparisons") or () if "targets" in document else ():
        yield comparison["clusters"]


def _at_pointer(id: str) -> tuple[str, str, str]:
    """A place with a JSON Pointer has a colon of its own: `A-1:body.json:/items/0`."""
    case, colon, place = id.partition(":")
    return case, colon, place


def _is_at(cluster: ClusterShape, case: str, place: str) -> bool:
    return case in cluster.cases and cluster.place in (place, general_place(place))
