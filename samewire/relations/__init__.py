"""What answers of one server must be beside each other: agreement with another server is not correctness.

Each relation is a pure function of the full answer to a GET and an answer that goes with it: to HEAD, to a condition, to
a range, in a coding. `derived` makes the cases that ask for them out of cases that are a GET answered 200.
"""

from samewire.relations.exercised import exercised
from samewire.relations.full import Full, Related
from samewire.relations.laws import LAWS, held
from samewire.relations.own import own_differences
from samewire.relations.select import RelationSettings, chosen, derived

__all__ = ["LAWS", "Full", "Related", "RelationSettings", "chosen", "derived", "exercised", "held", "own_differences"]
