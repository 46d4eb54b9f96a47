"""What stands around a thing: those that share situations with it, and what points to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.entries import Entry
from kg.portraits.names import Named, labels_in, named, pair
from kg.portraits.nodes import called, class_name

MOST_COMPANIONS: Final = 12
MOST: Final = 300
"""What points to a thing on one page: one less than the LIMIT in pointing.rq."""


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
    labels = labels_in(rows, "subject", "property", "kind", "standing")
    found = {(row["property"], row["subject"]): row for row in rows}
    told = list(found.values())[:MOST]
    situations = ((_property(row, labels), _entry(row, labels)) for row in told if row["standing"])
    others = (row for row in told if not row["standing"])
    return Pointing(tuple(situations), _relatives(others, labels), len(found) <= MOST)


def _relatives(rows: Iterable[QuerySolution], labels: Mapping[str, str]) -> tuple[Relative, ...]:
    """Return what is no situation, by kind, property and label."""
    found = (
        Relative(
            named(row["subject"], labels),
            class_name(named(row["kind"], labels)),
            _property(row, labels),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda r: (r.kind, r.property, r.thing.label)))


def _property(row: QuerySolution, labels: Mapping[str, str]) -> str:
    return called(named(row["property"], labels).label)


def _entry(row: QuerySolution, labels: Mapping[str, str]) -> Entry:
    situation, standing = named(row["subject"], labels), named(row["standing"], labels)
    return Entry(situation.iri, situation.label, standing.label, standing.iri, frozenset())
