"""Compares two transcripts; everything here is pure."""

from parity.compare import json_tokens, pairing
from parity.compare.accepted import Accepted, Applied, apply, stale
from parity.compare.globs import fits
from parity.compare.http_date import imf_fixdate
from parity.compare.redact import mask, redact, redact_field
from parity.compare.rules import DEFAULT_RULES, Rule
from parity.compare.shown import bounded, digest, printable
from parity.compare.transcripts import compare
from parity.compare.views import decode, media_type

__all__ = [
    "DEFAULT_RULES",
    "Accepted",
    "Applied",
    "Rule",
    "apply",
    "bounded",
    "compare",
    "decode",
    "digest",
    "fits",
    "imf_fixdate",
    "json_tokens",
    "mask",
    "media_type",
    "pairing",
    "printable",
    "redact",
    "redact_field",
    "stale",
]
