"""Compares two transcripts; everything here is pure."""

from samewire.compare import json_tokens, pairing
from samewire.compare.accepted import Accepted, Applied, apply, stale
from samewire.compare.delta import Delta, sides
from samewire.compare.globs import fits
from samewire.compare.http_date import imf_fixdate
from samewire.compare.redact import hide, mask, redact, redact_field
from samewire.compare.regrade import Graded, regraded
from samewire.compare.rules import Answers, Rule
from samewire.compare.shown import bounded, digest, printable, shown_place
from samewire.compare.transcripts import Found, compare, deltas, differences, shown_sides
from samewire.compare.views import Names, decode, media_type

__all__ = [
    "Accepted",
    "Answers",
    "Applied",
    "Delta",
    "Found",
    "Graded",
    "Names",
    "Rule",
    "apply",
    "bounded",
    "compare",
    "decode",
    "deltas",
    "differences",
    "digest",
    "fits",
    "hide",
    "imf_fixdate",
    "json_tokens",
    "mask",
    "media_type",
    "pairing",
    "printable",
    "redact",
    "redact_field",
    "regraded",
    "shown_place",
    "shown_sides",
    "sides",
    "stale",
]
