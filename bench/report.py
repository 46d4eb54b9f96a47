"""From figures to text: tables of one graph, the goals and whether they are met, and growth."""

import math
from collections.abc import Iterable, Iterator, Mapping

from figures import median, number, ratio, table
from race import CLIENTS, Results

OURS, OTHER, LIMIT = "ours", "oxigraph", "on disk"
NAMES = {
    OURS: "kg serve",
    OTHER: "oxigraph serve-read-only",
    "rdflib": "rdflib-endpoint",
    LIMIT: "pyoxigraph, disk",
    "in memory": "pyoxigraph, memory",
}
SMALL = 0.002
"""Seconds: a query that costs the engine less is a small one."""


def report(results: Results) -> str:
    """Return everything about one graph as Markdown."""
    return "\n".join(
        (
            f"### {results.quads:,} quads\n",
            "One client, warm; median of the medians of the rounds, ms:\n",
            _latencies(results),
            f"{CLIENTS} clients; good answers a second:\n",
            _rates(results),
            "Start, first queries, memory, disk, and the hostile client:\n",
            _facts(results),
            "Goals:\n",
            _goals(results),
        )
    )


def _latencies(results: Results) -> str:
    names = _present(results.p50)
    rows = [
        [row, *(number(_of(results.p50, row, name) * 1000) for name in names), _ratio(results, row)]
        for row in results.p50
    ]
    return table(["", *(NAMES[name] for name in names), "ours / oxigraph"], rows)


def _ratio(results: Results, row: str) -> str:
    return number(ratio(_of(results.p50, row, OURS), _of(results.p50, row, OTHER)))


def _rates(results: Results) -> str:
    names = _present(results.rates)
    rows = [
        [
            row,
            *(number(_of(results.rates, row, name)) for name in names),
            number(ratio(_of(results.rates, row, OURS), _of(results.rates, row, OTHER))),
        ]
        for row in results.rates
    ]
    return table(["", *(NAMES[name] for name in names), "ours / oxigraph"], rows)


def _facts(results: Results) -> str:
    names = _present(results.facts)
    rows = [
        [fact, *(_said(values.get(name, math.nan)) for name in names)]
        for fact, values in results.facts.items()
    ]
    return table(["", *(NAMES[name] for name in names)], rows)


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else number(value)


def _present(figures: Mapping[str, Mapping[str, object]]) -> list[str]:
    return [name for name in NAMES if any(name in each for each in figures.values())]


def _of(figures: dict[str, dict[str, list[float]]], row: str, name: str) -> float:
    return median(figures.get(row, {}).get(name, []))


def _goals(results: Results) -> str:
    return table(("goal", "row", "figure", "allowed", ""), _verdicts(results))


def _verdicts(results: Results) -> Iterator[tuple[str, str, str, str, str]]:
    for row in results.p50:
        ours, other = (_of(results.p50, row, name) for name in (OURS, OTHER))
        limit = _of(results.p50, row, LIMIT)
        if row == "repeated GET":
            continue
        if row.startswith("export"):
            yield _verdict("an export takes as long", row, ratio(ours, other), 1.1)
        elif limit >= SMALL:
            yield _verdict("no slower from 2 ms on", row, ratio(ours, other), 1.0)
        else:
            yield _verdict("a small query: ms more", row, (ours - other) * 1000, 0.5)
        if limit >= 0.01:  # noqa: PLR2004 - seconds, as the goal says
            yield _verdict("near pyoxigraph from 10 ms on", row, ratio(ours, limit), 1.3)
    yield from _crowd_verdicts(results)


def _crowd_verdicts(results: Results) -> Iterator[tuple[str, str, str, str, str]]:
    for row, most in (
        (f"point query, {CLIENTS} clients", 1.0),
        (f"repeated GET, {CLIENTS} clients", 5.0),
    ):
        rate = ratio(_of(results.rates, row, OURS), _of(results.rates, row, OTHER))
        yield _verdict("throughput, times oxigraph's", row, rate, most, is_least=True)
    before = results.facts.get("p99 of the mix, ms", {}).get(OURS, math.nan)
    after = results.facts.get("p99 beside a hostile client, ms", {}).get(OURS, math.nan)
    if isinstance(before, float) and isinstance(after, float):
        yield _verdict("p99 beside a hostile client", "mix", ratio(after, before), 3.0)


def _verdict(
    goal: str, row: str, figure: float, bound: float, *, is_least: bool = False
) -> tuple[str, str, str, str, str]:
    is_met = figure >= bound if is_least else figure <= bound
    allowed = f"{'at least' if is_least else 'at most'} {bound:g}"
    return goal, row, number(figure), allowed, "met" if is_met else "**missed**"


def growth(all_results: Iterable[Results]) -> str:
    """Return how latency, memory, start and disk grow with the graph."""
    results = sorted(all_results, key=lambda each: each.quads)
    rows = []
    for row in results[0].p50:
        for name in (OURS, OTHER):
            figures = [number(_of(each.p50, row, name) * 1000) for each in results]
            rows.append([f"{row}, ms", NAMES[name], *figures])
    for fact in ("start, s", "load and optimize, s", "PSS warm, MB", "RSS warm, MB", "disk, MB"):
        for name in (OURS, OTHER):
            values = [each.facts.get(fact, {}).get(name, math.nan) for each in results]
            rows.append([fact, NAMES[name], *map(_said, values)])
    return table(["", "", *(f"{each.quads:,}" for each in results)], rows)
