"""Dates as they stand in answers (EDTF), placed on an axis.

Of EDTF (ISO 8601-2) this reads days, months and years, `/` for from-to and `[..]` for one day of
several; anything else has no place on an axis and stays words.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DAY: Final = r"\d{4}(?:-\d\d){0,2}[~?%]?"
_ONE: Final = re.compile(rf"({_DAY})", re.ASCII)
_THROUGH: Final = re.compile(rf"({_DAY}|\.\.)?/({_DAY}|\.\.)?", re.ASCII)
_AMONG: Final = re.compile(rf"\[({_DAY})?\.\.({_DAY})?\]", re.ASCII)
_LEAST_MARGIN: Final = timedelta(days=12)
_QUARTER: Final = 150
_SOME_YEARS: Final = 6 * 366


@dataclass(frozen=True)
class Span:
    """From a first day to a last one; None where an end is open or not known."""

    first: date | None
    last: date | None
    lasts: bool = False
    """Whether all of it is meant, and not one day in it."""

    @property
    def is_closed(self) -> bool:
        """Whether both ends are known."""
        return self.first is not None and self.last is not None

    @property
    def ends(self) -> tuple[date, ...]:
        """The days that are known, the first first, each once."""
        return tuple(dict.fromkeys(day for day in (self.first, self.last) if day))


def read_span(text: str) -> Span | None:
    """Return the days that a date stands for, or None where it is no date that can be placed."""
    found = _ONE.fullmatch(text) or _THROUGH.fullmatch(text) or _AMONG.fullmatch(text)
    if found is None:
        return None
    begun, ended = found[1] or "", found[found.re.groups] or ""
    try:
        first, last = _bound(begun, is_last=False), _bound(ended, is_last=True)
    except ValueError:
        return None
    is_placed = bool(first or last) and (first or date.min) <= (last or date.max)
    return Span(first, last, found.re is _THROUGH) if is_placed else None


def axis(days: Iterable[date]) -> tuple[list[str], str]:
    """Return the two ends of an axis that holds all of `days`, and how its days are written.

    Of no days at all there are no ends.
    """
    known = sorted(days)
    if not known:
        return [], ""
    span = known[-1] - known[0]
    margin = max(_LEAST_MARGIN, span / 16)
    first = known[0] - min(margin, known[0] - date.min)
    last = known[-1] + min(margin, date.max - known[-1])
    if (last - first).days <= _QUARTER:
        return [first.isoformat(), last.isoformat()], "%-d %b %Y"
    is_short = (last - first).days <= _SOME_YEARS
    return [first.isoformat(), last.isoformat()], "%b %Y" if is_short else "%Y"


def middle(span: Span) -> date:
    """Return the day in the middle of the known ends."""
    ends = span.ends
    return ends[0] + (ends[-1] - ends[0]) / 2


def _bound(text: str, *, is_last: bool) -> date | None:
    """Return the first or the last day of a written date. Raises ValueError for no such day."""
    written = text.rstrip("~?%")
    if not written.strip("."):
        return None
    year, month, day = (*map(int, written.split("-")), 0, 0)[:3]
    if not month:
        return date(year, 12 if is_last else 1, 31 if is_last else 1)
    return date(year, month, day or (monthrange(year, month)[1] if is_last else 1))
