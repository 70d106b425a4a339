"""Generated exchanges on two servers: what differs is confirmed, made small, and kept as a case.

What generates (`samewire.fuzz.generate` and below) needs hypothesis, the extra `fuzz`; all else does without.
"""

from samewire.fuzz.asking import Asking
from samewire.fuzz.batches import Wanted, generate
from samewire.fuzz.example import Example, Kind, digest
from samewire.fuzz.known import Known, known
from samewire.fuzz.speed import Speed, speed
from samewire.fuzz.whole import Found, Options, fuzz_targets

__all__ = [
    "Asking", "Example", "Found", "Kind", "Known", "Options", "Speed", "Wanted", "digest", "fuzz_targets", "generate",
    "known", "speed",
]  # fmt: skip
