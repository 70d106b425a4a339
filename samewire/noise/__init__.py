"""Learns which places of a server's answers vary by themselves, and how; everything here is pure."""

from samewire.noise.judging import FLAKY_ON_NEW, Judged, Samples, judge
from samewire.noise.learning import learn
from samewire.noise.model import Noise

__all__ = ["FLAKY_ON_NEW", "Judged", "Noise", "Samples", "judge", "learn"]
