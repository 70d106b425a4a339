"""Generated exchanges on two servers: what differs is confirmed, made small, and kept as a case.

What generates (`parity.fuzz.generate` and below) needs hypothesis, the extra `fuzz`; all else does without.
"""

from parity.fuzz.asking import Asking
from parity.fuzz.batches import Wanted, generate
from parity.fuzz.example import Example, Kind, digest
from parity.fuzz.known import Known, known
from parity.fuzz.speed import Speed, speed
from parity.fuzz.whole import Found, Options, fuzz_targets

__all__ = [
    "Asking", "Example", "Found", "Kind", "Known", "Options", "Speed", "Wanted", "digest", "fuzz_targets", "generate",
    "known", "speed",
]  # fmt: skip
