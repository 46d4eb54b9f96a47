"""The timeline: events in the order of their dates, with the days between which each lies."""

from collections.abc import Sequence
from typing import Final

from kg.pictures.days import Span, axis, read_span
from kg.pictures.extents import lines_of, marks_of
from kg.pictures.kinds import Picture
from kg.pictures.lanes import Entry, Lane, stack
from kg.pictures.scene import MOST_ENTRIES, Row, Scene
from kg.pictures.telling import joined, scene_of_words, tell_by_standing, tell_rest
from kg.pictures.words import ACCEPTED, tone_of

_NAME_WIDTH: Final = 18
_WORDS_WIDTH: Final = 58


def compose_timeline(_picture: Picture, title: str, rows: Sequence[Row]) -> Scene:
    """Return the timeline of the events in `rows`, in their order."""
    placed = [(row, span) for row in rows if (span := _span(row))]
    drawn = placed[:MOST_ENTRIES]
    if not drawn:
        return scene_of_words(title, f"No event has a date. {tell_by_standing(rows)}")
    data, height = stack((_lane(*each) for each in drawn), _NAME_WIDTH, _WORDS_WIDTH)
    ends, day_format = axis(day for _, span in drawn for day in span.ends)
    data["ends"] = [{"first": day} for day in ends]
    said = joined(
        "Events in the order of their dates.",
        tell_by_standing(rows),
        tell_rest(len(drawn), len(rows), "events"),
    )
    return Scene("timeline", title, said, data, height, day_format)


def _lane(row: Row, span: Span) -> Lane:
    standing = row["standing"]
    caveat = "" if standing == ACCEPTED else f" ({standing or 'standing not stated'})"
    marks, lines = marks_of(span, "circle", standing), lines_of(span, standing)
    head = f"{_when(row, span)}{caveat}"
    return Lane(row["type"], [Entry(head, tone_of(standing), row["label"], marks, lines)])


def _span(row: Row) -> Span | None:
    """Return the days between which an event lies: the bounds of the answer, where it has both."""
    said = read_span(row["date"])
    span = read_span(f"{row['earliest']}/{row['latest']}")
    if span is None or not span.is_closed:
        return said
    return Span(span.first, span.last, said is not None and said.lasts)


def _when(row: Row, span: Span) -> str:
    """Return the date as people read it, with how it is known."""
    first, last = (day.isoformat() for day in (span.ends[0], span.ends[-1]))
    date = row["date"].rstrip("~?%")
    if first == last:
        when = f"about {first}" if date != row["date"] else first
    elif first.startswith(date):
        when = f"{date}, day not stated"
    else:
        when = f"from {first} to {last}" if span.lasts else f"between {first} and {last}"
    return when if row["basis"] in ("", "stated") else f"{when}, {row['basis']}"
