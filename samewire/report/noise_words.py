"""What varies by itself, in plain text: how many places of which kind are still checked, and by name those that are not."""

from __future__ import annotations

from collections import Counter

from samewire.result import DiffResult, NoisyPlace

_NAMED = 10


def noise_lines(result: DiffResult) -> tuple[str, ...]:
    """A line of the places that keep to a class; one each of those that are set aside, flaky, flaky on the new server."""
    checked = Counter(kind for place in result.noise if place.checked for kind in place.kind.split("+"))
    lines = []
    if checked:
        counted = ", ".join(f"{number} {kind}" for kind, number in checked.most_common())
        lines.append(f"varies by itself on {result.old}, and is held against its class on both: {counted}")
    new = [place for place in result.noise if place.kind == "flaky on new"]
    aside = [place for place in result.noise if not place.checked and place not in new]
    if aside:
        lines.append(f"varies by itself on {result.old}, and is not compared: {_named(aside)}")
    if new:
        lines.append(f"differed once on {result.new}, and not when it was asked again: {_named(new)}")
    if result.asked_once:
        listed = f"{', '.join(result.asked_once[:_NAMED])}{', ...' if result.asked_once[_NAMED:] else ''}"
        lines.append(f"asked once, because they change state: {listed}")
    return tuple(lines)


def _named(places: list[NoisyPlace]) -> str:
    shown = ", ".join(f"{place.place} ({place.kind}, {place.case})" for place in places[:_NAMED])
    return f"{shown}{f' and {len(places) - _NAMED} more' if places[_NAMED:] else ''}"
