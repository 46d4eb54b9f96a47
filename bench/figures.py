"""Medians, percentiles and tables in Markdown."""

import math
import statistics
from collections.abc import Iterable, Sequence


def median(values: Sequence[float]) -> float:
    """Return the median, or NaN where there are no values."""
    return statistics.median(values) if values else math.nan


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that is not below `percent` of them (nearest rank), or NaN."""
    if not values:
        return math.nan
    rank = math.ceil(len(values) * percent / 100)
    return sorted(values)[max(rank, 1) - 1]


def ratio(ours: float, theirs: float) -> float:
    """Return ours divided by theirs, or NaN where one is missing."""
    return ours / theirs if theirs and math.isfinite(theirs) and math.isfinite(ours) else math.nan


def milliseconds(seconds: float) -> str:
    """Return seconds as milliseconds with three significant digits."""
    return number(seconds * 1000)


def number(value: float) -> str:
    """Return a number with three significant digits, and a dash where there is none."""
    if not math.isfinite(value):
        return "-"
    digits = 3 - len(str(int(abs(value)))) if abs(value) >= 1 else 3
    return f"{value:,.{max(digits, 0)}f}"


def table(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; all columns but the first stand to the right."""
    names = list(heads)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
