"""What was found so far: counts of what was the same, and a few examples of each cause of what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from samewire.clusters import fingerprint
from samewire.compare import media_type
from samewire.exchange import Answer, Answered, Transcript
from samewire.replay.noises import Route
from samewire.replay.routes import MAX_ROUTES, OTHER
from samewire.result import CaseRun, Covered, PairResult

Finish = Callable[[PairResult], PairResult]
"""Makes a pair fit to be kept."""
EXAMPLES = 3
"""Pairs kept of one cause."""
_MOST_PAIRS = 1000
_LONGEST_BODY = 64 * 1024
"""Bytes of a body that are kept in an example, when there is more than the room for whole ones."""
_ROOM = 64 * 1024 * 1024


class Tally:
    """Memory grows with the causes and the routes, both bounded, and not with the exchanges."""

    def __init__(self) -> None:
        self.pairs: list[PairResult] = []
        self.unchanged = 0
        self.omitted = 0
        self.more: Counter[str] = Counter()
        """Of each cause, by its fingerprint, the exchanges that differ and are not kept."""
        self.differing = 0
        self._covered: Counter[tuple[str, str, int, str]] = Counter()
        self._paths: set[str] = set()
        self._shown: Counter[str] = Counter()
        """Of each cause, the pairs kept."""
        self._room = _ROOM

    @property
    def done(self) -> int:
        """Exchanges so far."""
        return len(self.pairs) + self.unchanged + self.omitted

    def same(self, route: Route, answer: Answer | None) -> None:
        """An exchange that was the same; `answer` is the old server's."""
        self._cover(route, answer)
        self.unchanged += 1

    def add(self, pair: PairResult, route: Route, answer: Answer | None, finished: Finish) -> None:
        """An exchange that was looked at closely."""
        self._cover(route, answer)
        self._count(pair, finished)

    def changed_after_all(self, pair: PairResult, finished: Finish) -> None:
        """An exchange that was counted as the same, and of which more was seen since."""
        self.unchanged -= 1
        self._count(pair, finished)

    def coverage(self) -> tuple[Covered, ...]:
        """Routes in the order of the alphabet."""
        return tuple(Covered(*key, times) for key, times in sorted(self._covered.items()))

    def _count(self, pair: PairResult, finished: Finish) -> None:
        self.differing += bool(pair.differences)
        causes = set(_causes(pair))
        if len(self.pairs) < _MOST_PAIRS and any(self._shown[cause] < EXAMPLES for cause in causes):
            self._shown.update(causes)
            self._keep(finished(pair))
        elif pair.differences:
            self.omitted += 1
            self.more.update(cause for cause in causes if cause in self._shown)
        elif pair.evident:
            self.unchanged += 1

    def _cover(self, route: Route, answer: Answer | None) -> None:
        path = route.path
        if path not in self._paths:
            path = path if len(self._paths) < MAX_ROUTES else OTHER
            self._paths.add(path)
        kind = media_type(answer) if answer else ""
        self._covered[path, route.method[:20], route.status, kind[:60]] += 1

    def _keep(self, pair: PairResult) -> None:
        self._room -= _size(pair.old.transcript) + _size(pair.new.transcript)
        if self._room < 0:
            pair = replace(pair, old=_shortened(pair.old), new=_shortened(pair.new))
        self.pairs.append(pair)


def _causes(pair: PairResult) -> Iterator[str]:
    """Why a pair is worth showing."""
    yield from map(fingerprint, pair.differences)
    for accepted in pair.accepted:
        yield f"accepted {fingerprint(accepted.difference)}"
    for run in (pair.old, pair.new):
        yield from (f"failed {failure.place}" for failure in run.failures)
    if not pair.evident:
        yield "not observed"


def _size(transcript: Transcript) -> int:
    return sum(len(seen.answer.body) for seen in transcript.observations if isinstance(seen, Answered) and seen.answer)


def _shortened(run: CaseRun) -> CaseRun:
    observations = tuple(
        replace(seen, answer=_cut(seen.answer)) if isinstance(seen, Answered) and seen.answer else seen
        for seen in run.transcript.observations
    )
    return replace(run, transcript=replace(run.transcript, observations=observations))


def _cut(answer: Answer) -> Answer:
    if len(answer.body) <= _LONGEST_BODY:
        return answer
    return replace(answer, body=answer.body[:_LONGEST_BODY], chunks=())
