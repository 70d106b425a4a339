"""What is known of noise, route by route: learnt when a difference shows, by asking the old server again."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from samewire.clusters import general_place
from samewire.compare import Rule
from samewire.exchange import Transcript
from samewire.noise import FLAKY_ON_NEW, Noise, learn
from samewire.result import Difference, NoisyPlace

_MOST_ROUTES = 2000
_MOST_TRIES = 3
"""How often a place that asking again did not explain is asked about again."""


class Route(NamedTuple):
    """Requests whose answers vary in the same places."""

    method: str
    path: str
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class Noises:
    """Forgets the routes that were not seen for longest. What is set aside on one record excuses no other record."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._known: OrderedDict[Route, Noise] = OrderedDict()
        self._everywhere = Noise()
        self._learning: dict[Route, asyncio.Lock] = {}
        self._waiting: Counter[Route] = Counter()
        """Who learns, and who waits for it."""
        self._tries: OrderedDict[tuple[Route, str], int] = OrderedDict()
        self._confirmed: OrderedDict[tuple[Route, str], None] = OrderedDict()
        self._aside: dict[tuple[str, str], NoisyPlace] = {}
        self._flaky: dict[tuple[Route, str], NoisyPlace] = {}

    def of(self, route: Route) -> Noise:
        """What is known of that route; of a new one, what may be presumed of every answer."""
        noise = self._known.get(route)
        if noise is None:
            return self._everywhere
        self._known.move_to_end(route)
        return noise

    @asynccontextmanager
    async def one_at_a_time(self, route: Route) -> AsyncIterator[None]:
        """While one learns of a route, others wait for what it finds."""
        lock = self._learning.setdefault(route, asyncio.Lock())
        self._waiting[route] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[route] -= 1
            if not self._waiting[route]:
                del self._waiting[route], self._learning[route]

    def worth_asking(self, route: Route, found: Sequence[Difference]) -> bool:
        """Whether asking the old server again may explain one of these differences; each call counts as a try."""
        keys = [(route, general_place(difference.place)) for difference in found]
        worth = False
        for key in keys:
            self._tries[key] = self._tries.get(key, 0) + 1
            worth = worth or self._tries[key] <= _MOST_TRIES
        while len(self._tries) > 4 * _MOST_ROUTES:
            self._tries.popitem(last=False)
        return worth

    def doubtful(self, route: Route, found: Sequence[Difference]) -> set[str]:
        """The places of those of which none, on this route, has come again yet."""
        return {one.place for one in found if (route, general_place(one.place)) not in self._confirmed}

    def confirm(self, route: Route, found: Sequence[Difference]) -> None:
        """These have come again: on this route others like them need not."""
        for one in found:
            self._confirmed[route, general_place(one.place)] = None
        while len(self._confirmed) > 4 * _MOST_ROUTES:
            self._confirmed.popitem(last=False)

    def flicker(self, route: Route, found: Sequence[Difference]) -> None:
        """These have not come again; one of each place is kept."""
        for one in found:
            key = route, general_place(one.place)
            if len(self._flaky) < _MOST_ROUTES:
                self._flaky.setdefault(key, NoisyPlace(str(route), key[1], FLAKY_ON_NEW, (one.old, one.new)))

    def learn(self, route: Route, samples: Sequence[Transcript]) -> Noise:
        """All that these answers of the old server to one request show; what keeps to a class is known from now on."""
        whole = learn(samples, self._rules, str(route))
        learnt, known = whole.lasting, self._known.get(route)
        self._known[route] = learnt if known is None else known.merged(learnt)
        self._everywhere = self._everywhere.merged(learnt.everywhere)
        self._known.move_to_end(route)
        if len(self._known) > _MOST_ROUTES:
            self._known.popitem(last=False)
        for place in whole.places:
            if not place.checked and len(self._aside) < _MOST_ROUTES:
                self._aside.setdefault((place.case, place.place), place)
        return whole

    def explain(self, route: Route, found: Sequence[Difference]) -> None:
        """Asking again has told what these are: it is worth it the next time, too."""
        for one in found:
            self._tries.pop((route, general_place(one.place)), None)

    def places(self) -> tuple[NoisyPlace, ...]:
        """All that is known, under the names of the routes, what was set aside, and what was flaky on the new server."""
        known = tuple(place for noise in self._known.values() for place in noise.places)
        return (*known, *self._aside.values(), *self._flaky.values())
