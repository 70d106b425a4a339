"""The narrowest entry of `[[accepted]]` that excuses a cluster."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from samewire.report.document import ClusterShape

_RECORD = re.compile(r"(.+):[0-9]+")
"""The id of a record: its source and its place in it."""
_LISTED = 10
"""Cases that are named one by one; more are named by what their ids begin with."""

Entry = dict[str, Any]
"""As `samewire.compare.Accepted` takes it, in the order in which it is written."""


def entry(cluster: ClusterShape, reason: str, owner: str, until: date, *, any_value: bool = False) -> Entry:
    """What is shown on a side is asked for where it never varied, unless `any_value`."""
    made: Entry = {"place": cluster.place, "cases": globs(cluster.cases)}
    if not any_value:
        sides = {"old": cluster.old, "new": cluster.new}
        made |= {side: shown for side, shown in sides.items() if shown is not None}
    return made | {"reason": reason, "owner": owner, "until": until}


def globs(cases: Sequence[str]) -> str | list[str]:
    """One case, several, or a glob over many, of which a cluster names but the first: so numbers at its end are left out.

    Of records of traffic all of their source: the next recording has others at their places.
    """
    sources = [_RECORD.fullmatch(case) for case in cases]
    if sources and all(sources):
        cases = sorted({f"{source[1]}:*" for source in sources if source})
    if len(cases) == 1:
        return cases[0]
    if len(cases) <= _LISTED:
        return list(cases)
    first, last = min(cases), max(cases)
    alike = next((at for at, char in enumerate(first) if last[at : at + 1] != char), len(first))
    return f"{first[:alike].rstrip('0123456789')}*"
