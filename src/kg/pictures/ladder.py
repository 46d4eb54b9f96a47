"""The ladder: at which level states are represented in another over time.

Solid is only what is accepted, from the first to the last day on which it is known. All else is
hollow, with its standing in words, and never joined to what is solid. What is no level (a
designation, say) stands below the rungs.
"""

from collections.abc import Sequence
from typing import Final

from kg.pictures.days import Span, axis, read_span
from kg.pictures.extents import lines_of, mark_of, marks_of
from kg.pictures.kinds import Picture
from kg.pictures.lanes import Entry, Lane, stack
from kg.pictures.scene import MOST_ENTRIES, Row, Scene
from kg.pictures.telling import joined, tell_by_standing, tell_rest
from kg.pictures.words import ACCEPTED, listed, tone_of

_NAME_WIDTH: Final = 18
_WORDS_WIDTH: Final = 58
_NO_DATE: Final = ("date", "not stated")


def compose_ladder(picture: Picture, title: str, rows: Sequence[Row]) -> Scene:
    """Return the ladder of each sending and receiving state in `rows`."""
    drawn = rows[:MOST_ENTRIES]
    pairs = list(dict.fromkeys(map(_pair, drawn)))
    lanes = [lane for pair in pairs for lane in _lanes_of(pair, drawn, picture.scale, pairs)]
    data, height = stack(lanes, _NAME_WIDTH, _WORDS_WIDTH)
    days = [day for row in drawn if (span := _span(row)) for day in span.ends]
    ends, day_format = axis(days)
    data["ends"] = [{"first": day} for day in ends]
    data["columns"] = [{"y": 0, "y2": height, "text": _NO_DATE}]
    said = joined(
        "Levels are drawn against time; what is no level stands below them.",
        tell_by_standing(rows),
        tell_rest(len(drawn), len(rows), "entries"),
    )
    subject = listed(map(_pair, rows), 3)
    return Scene("ladder", f"{title}: {subject}", said, data, height, day_format)


def _pair(row: Row) -> str:
    return f"{row['sender']} in {row['receiver']}"


def _lanes_of(
    pair: str, drawn: Sequence[Row], scale: Sequence[str], pairs: Sequence[str]
) -> list[Lane]:
    """Return the rungs of one pair, the highest first, and below them what is no level."""
    rows = [row for row in drawn if _pair(row) == pair]
    rungs = [
        Lane(level, [_entry(row, scale) for row in rows if row["level"] == level])
        for level in _levels(rows, scale, beside=int(len(pairs) == 1))
    ]
    others = [row for row in rows if not row["level"]]
    name = f"no level: {listed(sorted({row['type'] for row in others}), 3)}"
    below = [Lane(name, [_entry(row, scale) for row in others])] if others else []
    return [*([Lane(pair)] if len(pairs) > 1 else []), *rungs, *below]


def _levels(rows: Sequence[Row], scale: Sequence[str], beside: int) -> list[str]:
    """Return the levels that occur, what is between them, and so many beside on each side."""
    named = dict.fromkeys(row[role] for row in rows for role in ("level", "fromLevel"))
    places = [scale.index(level) for level in named if level in scale]
    ranked = scale[max(min(places) - beside, 0) : max(places) + 1 + beside] if places else ()
    return [*ranked, *(level for level in named if level and level not in scale)]


def _entry(row: Row, scale: Sequence[str]) -> Entry:
    standing, span, shape = row["standing"], _span(row), _shape(row, scale)
    head, tone = standing or "standing not stated", tone_of(standing)
    if span is None:
        return Entry(head, tone, row["label"], undated=(mark_of(shape, standing),))
    note = " (placed at its announcement)" if _is_shown_early(row) else ""
    marks, lines = marks_of(span, shape, standing), lines_of(span, standing)
    return Entry(head + note, tone, row["label"], marks, lines)


def _span(row: Row) -> Span | None:
    """Return the days on which a row is drawn, or None where they are not stated."""
    if row["first"] or row["last"]:
        return read_span(f"{row['first']}/{row['last']}")
    span = read_span(row["announced"] if _is_shown_early(row) else row["date"])
    return span if span and (span.lasts or span.is_closed) else None


def _is_shown_early(row: Row) -> bool:
    """Whether only the announcement has a date. What is accepted is never shown before its own."""
    is_dated = row["first"] or row["last"] or row["date"]
    return bool(row["announced"] and not is_dated and row["standing"] != ACCEPTED)


def _shape(row: Row, scale: Sequence[str]) -> str:
    """Return a circle for a level, a triangle for a change towards it, a diamond for the rest."""
    if not row["level"]:
        return "diamond"
    if not row["fromLevel"]:
        return "circle"
    if row["level"] not in scale or row["fromLevel"] not in scale:
        return "triangle-right"
    is_rise = scale.index(row["level"]) < scale.index(row["fromLevel"])
    return "triangle-up" if is_rise else "triangle-down"
