"""What "nothing differs" is worth: how much of the traffic may differ all the same."""

from __future__ import annotations

from typing import NamedTuple

from samewire.result import DiffResult, Verdict

CONFIDENCE = 0.95


class Bound(NamedTuple):
    """No difference in so many exchanges of sampled traffic."""

    compared: int
    accepted: bool = False
    """Whether differences that are accepted were not counted."""

    @property
    def share(self) -> float:
        """The largest share of such traffic that differs and still shows nothing in one run of twenty.

        Exact for independent exchanges (Clopper and Pearson, 1934): (1 - share) ** compared is 0.05. The rule of three
        in the words, 3 / compared, is a little above it.
        """
        return float(1 - (1 - CONFIDENCE) ** (1 / self.compared))

    def __str__(self) -> str:
        at_most = 3 / self.compared
        if at_most >= 1:
            return f"0 in {self.compared}: too few to say how much of this traffic differs"
        differs = "differs in what is not accepted" if self.accepted else "differs"
        return (
            f"0 in {self.compared}: at most 3/{self.compared} ({_percent(at_most)}) of this traffic {differs}, at 95 %"
        )


def bound(result: DiffResult) -> Bound | None:
    """None unless nothing differs in traffic: cases are chosen, not drawn, and say nothing of what was not chosen."""
    sent = sum(account.sent for account in result.accounts)
    compared = min(sent, result.comparisons)
    accepted = any(pair.accepted for pair in result.pairs)
    return Bound(compared, accepted) if compared and result.verdict is Verdict.SAME else None


def bound_line(result: DiffResult) -> str:
    """The bound in words; of cases alone, that there is none; empty when something differs or nothing was compared."""
    found = bound(result)
    if found is not None:
        return str(found)
    if result.verdict is not Verdict.SAME:
        return ""
    cases = f"{result.comparisons} case{'' if result.comparisons == 1 else 's'}"
    return f"0 in {cases}: chosen, not sampled, so no share of any traffic is bounded by them"


def _percent(share: float) -> str:
    return f"{share * 100:.2g} %"
