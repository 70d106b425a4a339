"""Learns from several answers of one server to the same request what of them varies, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from samewire.clusters import general_place
from samewire.compare import Found, Rule, deltas, pairing, shown_sides
from samewire.compare.delta import Values
from samewire.exchange import Answer, Transcript
from samewire.noise.fitting import fit
from samewire.noise.lengths import follows_from_content
from samewire.noise.model import Entry, Noise
from samewire.noise.permuted import arrays_above, permuted_array, permuted_events
from samewire.noise.place import has_class, stream_of
from samewire.noise.seen import seen
from samewire.noise.shape import SetAside, Shape

MAX_SAMPLES = 16
"""More of one case teach nothing new."""


def learn(samples: Sequence[Transcript], rules: Sequence[Rule], label: str | None = None) -> Noise:
    """What varies between answers to one request, of one server or of two starts of it.

    What keeps to a class is known of all places that differ in their numbers alone; what is set aside, of itself only.
    `label` is where it was learnt, as reports name it: else the case's id. What a rule excuses is not noise. Of fewer
    than two samples that could be carried out nothing is learnt.
    """
    whole = sorted((sample for sample in samples if not sample.error), key=lambda sample: sample.began)[:MAX_SAMPLES]
    if len(whole) < 2:
        return Noise()
    name = whole[0].case if label is None else label
    entries: dict[str, Entry] = {}
    for place, entry in _entries(name, whole, rules):
        for key in dict.fromkeys((place, general_place(place))) if entry.lasting else (place,):
            known = entries.get(key)
            entries[key] = known.merged(entry) if known else replace(entry, place=key)
    return Noise(MappingProxyType(entries), whole[-1].began - whole[0].began)


class _Varied:
    """A place that differs between the first sample and another."""

    __slots__ = ("found", "values")

    def __init__(self, found: Found, samples: int) -> None:
        self.found = found
        """The first time: its old side is the first sample's."""
        self.values: list[Values] = [found.delta.old] * samples


def _entries(label: str, samples: Sequence[Transcript], rules: Sequence[Rule]) -> Iterator[tuple[str, Entry]]:
    found = [_apart(samples[0], other, rules) for other in samples[1:]]
    alike: dict[str, list[Found]] = {}
    for item in (item for items in found for item in items):
        alike.setdefault(item.place, []).append(item)
    answers = [_answers(samples[0], sample) for sample in samples]
    varied: dict[str, _Varied] = {}
    arrays: dict[str, Found] = {}
    for number, items in enumerate(found, start=1):
        for item in items:
            if (array := _permuted(item, alike[item.place])) is not None:
                arrays.setdefault(array, item)
            else:
                varied.setdefault(item.place, _Varied(item, len(samples))).values[number] = item.delta.new
    for place, item in arrays.items():
        yield place, Entry(label, place, shown_sides(item, samples[0].secrets), array=True)
    for place, one in varied.items():
        yield place, _entry(label, place, one, samples, [side.get(one.found.prefix) for side in answers])


def _apart(first: Transcript, other: Transcript, rules: Sequence[Rule]) -> list[Found]:
    """Where two samples part; lengths follow from what else does."""
    found = deltas(first, other, rules)
    return [item for item in found if not follows_from_content(item.delta, item.answers, first, other)]


def _entry(
    label: str, place: str, varied: _Varied, samples: Sequence[Transcript], answers: Sequence[Answer | None]
) -> Entry:
    present = [
        seen(place, varied.found.delta, values, sample, answer)
        for values, sample, answer in zip(varied.values, samples, answers, strict=True)
        if values
    ]
    sometimes = len(present) < len(samples)
    unique = len({one.text for one in present}) == len(samples)
    varies = len({(one.quoted, one.text) for one in present}) > 1
    shape = fit(present) if varies and has_class(place) else None
    variants, shapes = _unfitted(place, varied.values) if shape is None and varies else (frozenset(), ())
    example = shown_sides(varied.found, samples[0].secrets)
    classes = (shape,) if shape is not None else shapes
    return Entry(label, place, example, classes, variants, sometimes=sometimes, unique=unique)


def _unfitted(place: str, values: Sequence[Values]) -> tuple[frozenset[Values], tuple[Shape, ...]]:
    """What comes again, or can have few values, is flaky; what is new each time is set aside."""
    variants = frozenset(values)
    comes_again = len(variants) < len(values)
    return (variants, ()) if comes_again or not has_class(place) else (frozenset(), (SetAside(),))


def _answers(first: Transcript, other: Transcript) -> dict[str, Answer | None]:
    """The answers of one sample by the prefix of their places."""
    return {pair.prefix: pair.new.answer if pair.new else None for pair in pairing.answers(first, other)}


def _permuted(item: Found, alike: Sequence[Found]) -> str | None:
    """The place of the array or stream whose members only change their order wherever this one differs, or None."""
    if (stream := stream_of(item.place)) is not None:
        return stream if all(permuted_events(*other.answers) for other in alike) else None
    before, mark, pointer = item.place.partition("body.json:")
    if not mark or before != item.prefix:
        return None
    for above in arrays_above(pointer):
        if all(permuted_array(above, *other.answers) for other in alike):
            return f"{before}{mark}{above}"
    return None
