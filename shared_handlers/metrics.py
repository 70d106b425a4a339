"""What is counted of every exchange, and its Prometheus text."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from shared_handlers.host import HostState

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the duration histogram, in seconds."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})


class Key(NamedTuple):
    """What is told apart: a route's pattern and never a path, so a client can't make series at will."""

    method: str
    route: str
    status: int


class _Series:
    __slots__ = ("buckets", "bytes", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BUCKETS) + 1)
        self.bytes = 0
        self.seconds = 0.0


class Metrics:
    """Counts in plain numbers while requests run; the Prometheus library sees them only when scraped."""

    __slots__ = ("_counting", "_series")

    def __init__(self) -> None:
        self._counting = threading.Lock()
        self._series: dict[tuple[str, str, int], _Series] = {}

    def observe(self, method: str, route: str, status: int, sent: int, seconds: float) -> None:
        """Count one finished exchange; `route` is the pattern that matched, or empty."""
        bucket = bisect_left(BUCKETS, seconds)
        with self._counting:
            series = self._series.get((method, route, status)) or self._new_series(method, route, status)
            series.buckets[bucket] += 1
            series.bytes += sent
            series.seconds += seconds

    def _new_series(self, method: str, route: str, status: int) -> _Series:
        return self._series.setdefault((method if method in _METHODS else "other", route, status), _Series())

    def render(self, host: HostState) -> bytes:
        """The text of a scrape (format 0.0.4); the same names on every server."""
        registry = CollectorRegistry(auto_describe=False)
        with self._counting:
            series = {Key(*key): series for key, series in self._series.items()}
        registry.register(_Snapshot(series, host))
        return generate_latest(registry)


class _Snapshot(Collector):
    def __init__(self, series: dict[Key, _Series], host: HostState) -> None:
        self._series = sorted(series.items())
        self._host = host

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        labels = ("method", "route", "status")
        requests = CounterMetricFamily("nlweb_http_requests", "Final answers.", labels=labels)
        sent = CounterMetricFamily("nlweb_http_response_bytes", "Bytes of content sent.", labels=labels)
        seconds = HistogramMetricFamily(
            "nlweb_http_request_duration_seconds", "From the head of a request to the end of its answer.", labels=labels
        )
        for key, series in self._series:
            values = (key.method, key.route, str(key.status))
            requests.add_metric(values, sum(series.buckets))
            sent.add_metric(values, series.bytes)
            seconds.add_metric(values, _cumulative(series), series.seconds)
        yield from (requests, sent, seconds)
        yield GaugeMetricFamily("nlweb_http_open_connections", "Open connections.", self._host.connections)
        yield GaugeMetricFamily("nlweb_http_open_streams", "Streams and WebSockets under way.", self._host.streams)


def _cumulative(series: _Series) -> list[tuple[str, float]]:
    bounds = [*(str(bound) for bound in BUCKETS), "+Inf"]
    return list(zip(bounds, map(float, accumulate(series.buckets)), strict=True))
