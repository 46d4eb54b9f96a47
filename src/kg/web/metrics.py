"""Counts what an operator's Prometheus collects (text format 0.0.4 and OpenMetrics)."""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from kg.engine.front import CACHED, Front
from kg.web.logs import Log

_SECONDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
"""Bounds of the histogram; most queries take less than the second of them."""


class Metrics:
    """Counts requests and queries for one application."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kg_http_requests", "Requests answered.", ("route", "status"), registry=self._registry
        )
        self._of_requests: dict[tuple[str, int], Counter] = {}
        self._queries = Counter(
            "kg_queries",
            "Queries by outcome: ok, cached, or the code of the error.",
            ("outcome",),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "kg_query_seconds",
            "Seconds from a query to its whole answer or error; those from the cache left out.",
            buckets=_SECONDS,
            registry=self._registry,
        )

    def count_request(self, route: str, status: int) -> None:
        """Count an answered request; `route` is the rule of the URL, never the URL itself."""
        counted = self._of_requests.get((route, status))
        if counted is None:
            counted = self._of_requests[route, status] = self._requests.labels(route, str(status))
        counted.inc()

    def count_query(self, outcome: str, seconds: float) -> None:
        """Count a query."""
        self._queries.labels(outcome).inc()
        if outcome != CACHED:
            self._seconds.observe(seconds)

    def to_text(self, accept: str) -> tuple[bytes, str]:
        """Return all numbers, and the content type that fits an Accept header best."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type

    def show(self, front: Front, log: Log) -> None:
        """Show what these two can tell of themselves."""
        self._registry.register(_Gauges(front, log))


class _Gauges(Collector):
    """Asks for the numbers when they are collected."""

    def __init__(self, front: Front, log: Log) -> None:
        self._front, self._log = front, log

    def collect(self) -> Iterator[Metric]:
        """Yield the numbers of this moment."""
        for name, value in self._front.statistics().items():
            text = f"{name.replace('_', ' ')} now, or since the start.".capitalize()
            yield GaugeMetricFamily(f"kg_engine_{name}", text, value=value)
        yield GaugeMetricFamily("kg_log_lines_lost", "Lines no reader took.", value=self._log.lost)
        yield InfoMetricFamily("kg_build", "The build that is served.", {"hash": self._front.build})
