"""Whether an answer is sent as it is made or all at once, decided by statistics over repeats and never by one timing."""

from samewire.streaming.arrival import Arrival, Judged, chance, judge, pieces_lost, suspicious
from samewire.streaming.repeats import Sampled, sample
from samewire.streaming.shares import share

__all__ = ["Arrival", "Judged", "Sampled", "chance", "judge", "pieces_lost", "sample", "share", "suspicious"]
