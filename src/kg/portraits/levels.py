"""At which level one side is represented with another, as far as it is established."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.names import Named, pair, written

_ROWS: Final = 100
"""The LIMIT in representations.rq: the last of so many may have changes that are not among them."""


@dataclass(frozen=True)
class Change:
    """Something that may have ended a state of affairs; `to_level` where it would change that."""

    change: Named
    standing: str
    to_level: str


@dataclass(frozen=True)
class Level:
    """How one side is represented with another, when that was last known, and what is unsure."""

    situation: Named
    standing: str
    sender: Named
    receiver: Named
    level: str
    last_known: str
    changes: tuple[Change, ...]


def read_levels(engine: Engine, iri: NamedNode) -> tuple[Level, ...]:
    """Return the accepted representations that concern a thing, what it sends before the rest.

    As many as a page holds; the others stand among its facts alone.
    """
    rows = select(engine, place_terms(own_query("representations"), {"thing": iri}))
    levels = [
        _level(list(group)) for _, group in groupby(rows, key=lambda row: row["situation"].value)
    ]
    is_cut = len(rows) == _ROWS
    return tuple(levels[:-1] if is_cut else levels)


def _level(rows: list[QuerySolution]) -> Level:
    first = rows[0]
    return Level(
        situation=pair(first, "situation", "label"),
        standing=written(first["standingLabel"]),
        sender=pair(first, "sender", "senderLabel"),
        receiver=pair(first, "receiver", "receiverLabel"),
        level=written(first["levelLabel"]),
        last_known=written(first["lastKnownOn"]),
        changes=tuple(
            Change(
                pair(row, "change", "changeLabel"),
                written(row["changeStandingLabel"]),
                written(row["toLevelLabel"]),
            )
            for row in rows
            if row["change"]
        ),
    )
