"""What is counted, and its text."""

from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from shared_handlers.host import HostState
from shared_handlers.metrics import Metrics


def outcome(**changes: Any) -> dict[str, Any]:
    return {"method": "GET", "route": "/items/{id}", "status": 200, "sent": 10, "seconds": 0.002} | changes


def samples(metrics: Metrics, host: HostState | None = None) -> dict[tuple[str, ...], float]:
    text = metrics.render(host or HostState("memory")).decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_and_bytes_are_counted_by_method_route_and_status() -> None:
    metrics = Metrics()
    for status in (200, 200, 404):
        metrics.observe(**outcome(status=status))
    found = samples(metrics)
    assert found["nlweb_http_requests_total", "GET", "/items/{id}", "200"] == 2
    assert found["nlweb_http_requests_total", "GET", "/items/{id}", "404"] == 1
    assert found["nlweb_http_response_bytes_total", "GET", "/items/{id}", "200"] == 20


def test_durations_fall_into_cumulative_buckets() -> None:
    metrics = Metrics()
    for seconds in (0.0001, 0.002, 100.0):
        metrics.observe(**outcome(seconds=seconds))
    found = samples(metrics)
    name, labels = "nlweb_http_request_duration_seconds", ("GET", "/items/{id}", "200")
    buckets = {key[1]: value for key, value in found.items() if key[0] == f"{name}_bucket"}
    assert (buckets["0.0005"], buckets["0.0025"], buckets["10.0"], buckets["+Inf"]) == (1, 2, 2, 3)
    assert found[f"{name}_count", *labels] == 3
    assert found[f"{name}_sum", *labels] == 0.0001 + 0.002 + 100.0


def test_methods_that_clients_make_up_share_one_series() -> None:
    metrics = Metrics()
    for number in range(100):
        metrics.observe(**outcome(method=f"X{number}"))
    assert samples(metrics)["nlweb_http_requests_total", "other", "/items/{id}", "200"] == 100
    assert len(metrics._series) == 1


def test_open_connections_and_streams_are_the_servers_own() -> None:
    found = samples(Metrics(), HostState("memory", connections=3, streams=2))
    assert found["nlweb_http_open_connections",] == 3
    assert found["nlweb_http_open_streams",] == 2
