"""The marks and the line that stand for a span of days."""

from kg.pictures.days import Span, middle
from kg.pictures.scene import Datum
from kg.pictures.words import ACCEPTED, tone_of


def marks_of(span: Span, shape: str, standing: str) -> tuple[Datum, ...]:
    """Return a mark at each known end of what lasts, else one in the middle: solid only for facts.

    Where only one of several days is meant, none of them is the day: the line shows them all.
    """
    days = span.ends if span.lasts else (middle(span),)
    return tuple({**mark_of(shape, standing), "first": day.isoformat()} for day in days)


def mark_of(shape: str, standing: str) -> Datum:
    """Return a mark: solid for what is accepted, hollow for anything else."""
    tone = tone_of(standing)
    return {"shape": shape, "tone": tone, "filling": tone if standing == ACCEPTED else "surface"}


def lines_of(span: Span, standing: str) -> tuple[Datum, ...]:
    """Return the line between two known ends: solid only where all of it is accepted."""
    if len(span.ends) == 1:
        return ()
    first, last = (day.isoformat() for day in span.ends)
    lasting = "solid" if standing == ACCEPTED else "dashed"
    drawn = lasting if span.lasts else "between"
    return ({"first": first, "last": last, "drawn": drawn, "tone": tone_of(standing)},)
