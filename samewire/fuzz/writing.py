"""Writes a finding's case, and beside it the command that sends the same bytes, into a folder of cases."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from samewire.ascii import whole_number
from samewire.cases.model import Case
from samewire.cases.reproducer import reproduce
from samewire.cases.yaml_file import write
from samewire.compare import printable
from samewire.launch import Running

PREFIX = "FUZ"
_OWN = re.compile(rf"{PREFIX}-(\d+)", re.ASCII)


class Shelf:
    """The cases there are, and the numbers that are still free."""

    def __init__(self, cases: Iterable[Case], folder: Path | None) -> None:
        """`folder` is where cases are written; None: nowhere."""
        self.written: list[Path] = []
        self._folder = folder
        self._ids = {_steps(case): case.id for case in cases}
        names = [case.id for case in cases] + ([path.stem for path in folder.glob(f"{PREFIX}-*")] if folder else [])
        self._last = max((whole_number(match[1]) for name in names if (match := _OWN.match(name))), default=0)

    def next_id(self) -> str:
        self._last += 1
        return f"{PREFIX}-{self._last:03d}"

    def known(self, case: Case) -> str | None:
        """The id of a case with the same steps, if there is one."""
        return self._ids.get(_steps(case))

    def put(self, case: Case, old: Running, new: Running) -> None:
        """Write the case and its reproducer. Raises OSError."""
        self._ids[_steps(case)] = case.id
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{case.id}.yaml"
        path.write_text(write([case]), "utf-8")
        path.with_suffix(".sh").write_text(_script(case, old, new), "utf-8")
        self.written.append(path)


def _steps(case: Case) -> str:
    return repr([step.model_dump() for step in case.steps if not hasattr(step, "receive")])


def _script(case: Case, old: Running, new: Running) -> str:
    lines = [
        "#!/bin/sh",
        f"# {case.id}: {printable(case.title)}",
        "# The addresses are those of the run that found it.",
    ]
    for side in (old, new):
        lines += [f"echo {shlex.quote(f'== {printable(side.name)}')}", reproduce(case, side.address, made_up=True)]
    return "\n".join(lines) + "\n"
