"""Compares two transcripts; everything here is pure."""

from parity.compare import json_tokens, pairing
from parity.compare.accepted import Accepted, Applied, apply, stale
from parity.compare.delta import Delta, sides
from parity.compare.globs import fits
from parity.compare.http_date import imf_fixdate
from parity.compare.redact import hide, mask, redact, redact_field
from parity.compare.regrade import Graded, regraded
from parity.compare.rules import Answers, Rule
from parity.compare.shown import bounded, digest, printable, shown_place
from parity.compare.transcripts import Found, compare, deltas, differences, shown_sides
from parity.compare.views import Names, decode, media_type

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
