"""What the words for standing, wording and dates mean, as the value lists of the graph say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.portraits.names import written
from kg.vocab import DIPV

ACCEPTED: Final = DIPV + "accepted"
STANDINGS: Final = tuple(
    DIPV + name
    for name in (
        "accepted",
        "contested",
        "announced",
        "called-for",
        "denied",
        "hedged",
        "attributed",
        "inferred",
        "forecast",
        "interpretation",
        "not-known",
    )
)
"""In the order of a page: facts, then what is taken for a fact most easily."""


@dataclass(frozen=True)
class Meaning:
    """A value of a value list, what it is called, and its definition."""

    iri: str
    label: str
    definition: str


def read_meanings(engine: Engine) -> Mapping[str, Meaning]:
    """Return the meanings by IRI."""
    rows = select(engine, own_query("meanings"))
    return {
        row["value"].value: Meaning(
            row["value"].value, written(row["label"]), written(row["definition"])
        )
        for row in rows
    }


def standing_order(iri: str) -> int:
    """Return the place of a standing on a page; one that is not ours comes last."""
    return STANDINGS.index(iri) if iri in STANDINGS else len(STANDINGS)
