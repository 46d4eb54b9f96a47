"""What stands around a thing: those that share situations with it, and what points to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.entries import Entry
from kg.portraits.names import Named, pair, shown, written
from kg.portraits.nodes import called, class_name

MOST_COMPANIONS: Final = 12
_ROWS: Final = 300
"""The LIMIT of pointing.rq; as many rows mean that there are more."""


@dataclass(frozen=True)
class Companion:
    """Something that shares situations with a thing, some of them established."""

    other: Named
    shared: int
    established: int


@dataclass(frozen=True)
class Relative:
    """What points to a thing and is no situation: its posts, missions, units. Or claims."""

    thing: Named
    kind: str
    property: str


@dataclass(frozen=True)
class Pointing:
    """What points to a thing: the situations, and all else. Not whole where there is more."""

    situations: tuple[tuple[str, Entry], ...]
    relatives: tuple[Relative, ...]
    is_whole: bool


def read_companions(engine: Engine, iri: NamedNode) -> tuple[Companion, ...]:
    """Return those with which a thing shares most situations, its own side left out."""
    rows = select(engine, place_terms(own_query("companions"), {"thing": iri}))
    found: dict[str, Companion] = {}
    for row in rows:
        shared, established = int(row["shared"].value), int(row["established"].value)
        thing = pair(row, "other", "label")
        found.setdefault(thing.iri, Companion(thing, shared, established))
    return tuple(found.values())[:MOST_COMPANIONS]


def read_pointing(engine: Engine, iri: NamedNode) -> Pointing:
    """Return what points to a thing."""
    rows = select(engine, place_terms(own_query("pointing"), {"thing": iri}))
    situations = dict.fromkeys((_property(row), _entry(row)) for row in rows if row["standing"])
    return Pointing(tuple(situations), _relatives(rows), len(rows) < _ROWS)


def _relatives(rows: Iterable[QuerySolution]) -> tuple[Relative, ...]:
    """Return what is no situation, once a property; by kind, property and label."""
    found = {
        (row["subject"].value, row["property"].value): Relative(
            pair(row, "subject", "label"),
            class_name(pair(row, "kind", "kindLabel")),
            _property(row),
        )
        for row in rows
        if not row["standing"] and isinstance(row["subject"], NamedNode)
    }
    return tuple(sorted(found.values(), key=lambda r: (r.kind, r.property, r.thing.label)))


def _property(row: QuerySolution) -> str:
    return called(written(row["propertyLabel"] or row["property"]))


def _entry(row: QuerySolution) -> Entry:
    return Entry(
        iri=row["subject"].value,
        label=shown(row["label"].value),
        standing=written(row["standingLabel"]),
        standing_iri=row["standing"].value,
        types=frozenset(),
    )
