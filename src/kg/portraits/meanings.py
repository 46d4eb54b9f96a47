"""What the words for standing, wording and dates mean, as the value lists of the graph say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.portraits.names import labels_in, named, written

_LAST: Final = 1 << 31
"""The place of what has none."""


@dataclass(frozen=True)
class Meaning:
    """A value of a value list, what it is called, its definition, and its place in the list."""

    iri: str
    label: str
    definition: str
    order: int = _LAST


def read_meanings(engine: Engine) -> Mapping[str, Meaning]:
    """Return the meanings by IRI."""
    rows = select(engine, own_query("meanings"))
    labels = labels_in(rows, "value")
    return {
        row["value"].value: Meaning(
            row["value"].value,
            named(row["value"], labels).label,
            written(row["definition"]),
            int(row["order"].value) if row["order"] else _LAST,
        )
        for row in rows
    }


def place_of(meanings: Mapping[str, Meaning], iri: str) -> tuple[int, str]:
    """Return by what a value is sorted: its place in its list, and those without one by IRI."""
    return meanings[iri].order if iri in meanings else _LAST, iri
