"""Chooses the class of a place: of those that hold all its samples, the one that says most."""

from __future__ import annotations

from collections.abc import Sequence

from samewire.noise.clock import fit_clock
from samewire.noise.echoes import fit_echo, fit_sent
from samewire.noise.numbers import fit_counter, fit_growing, fit_jitter
from samewire.noise.permuted import fit_permuted
from samewire.noise.seen import Seen
from samewire.noise.shape import Fit, Shape
from samewire.noise.template import fit_affixed, fit_template
from samewire.noise.tokens import fit_token, fit_uuid

_EXACT: tuple[Fit, ...] = (fit_echo, fit_clock, fit_uuid, fit_sent, fit_growing, fit_counter, fit_jitter)


def fit(samples: Sequence[Seen]) -> Shape | None:
    """The shape of samples that are not all equal, in the order of asking; None when they fit no class."""
    if len({sample.quoted for sample in samples}) > 1:
        return None
    return _first(samples, (*_EXACT, fit_permuted)) or fit_template(samples, fit_piece) or fit_piece(samples)


def fit_piece(samples: Sequence[Seen]) -> Shape | None:
    """The shape of a text without inner make-up."""
    return _first(samples, _EXACT) or fit_affixed(samples, _exact) or fit_token(samples)


def _exact(samples: Sequence[Seen]) -> Shape | None:
    return _first(samples, _EXACT)


def _first(samples: Sequence[Seen], fits: Sequence[Fit]) -> Shape | None:
    return next((shape for fit in fits if (shape := fit(samples)) is not None), None)
