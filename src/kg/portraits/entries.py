"""Situations in lists: none without its standing, facts by theme, all others by standing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.dates import read_date
from kg.portraits.meanings import ACCEPTED, Meaning, standing_order
from kg.portraits.names import Named, shown, written
from kg.portraits.themes import THEMES, is_event, theme_of


@dataclass(frozen=True)
class Entry:
    """A situation in a list: never without its standing. `date` is to be read."""

    iri: str
    label: str
    standing: str
    standing_iri: str
    types: frozenset[str] = field(repr=False)
    date: str = ""
    earliest: str = ""
    date_basis: str = ""

    @property
    def named(self) -> Named:
        """The situation with its label."""
        return Named(self.iri, self.label)

    @property
    def is_fact(self) -> bool:
        """Whether the rules accept it."""
        return self.standing_iri == ACCEPTED


@dataclass(frozen=True)
class Group:
    """Entries under one heading; `definition` says what a standing means, else it is empty."""

    heading: str
    definition: str
    entries: tuple[Entry, ...]


def read_entries(engine: Engine, iri: NamedNode) -> tuple[Entry, ...]:
    """Return the situations that concern a thing, facts first; as many as the query allows."""
    by_iri: dict[str, list[QuerySolution]] = {}
    for row in select(engine, place_terms(own_query("concerning"), {"thing": iri})):
        by_iri.setdefault(row["situation"].value, []).append(row)
    return tuple(_entry(of_one, rows) for of_one, rows in by_iri.items())


def _entry(iri: str, rows: list[QuerySolution]) -> Entry:
    first = rows[0]
    return Entry(
        iri=iri,
        label=shown(first["label"].value),
        standing=written(first["standingLabel"]),
        standing_iri=first["standing"].value,
        types=frozenset(row["type"].value for row in rows if row["type"]),
        date=shown(read_date(written(first["date"]))),
        earliest=written(first["earliest"]),
        date_basis=written(first["basisLabel"]),
    )


def by_theme(facts: Iterable[Entry], always: Iterable[str] = ()) -> tuple[Group, ...]:
    """Return the facts by theme; in a theme those with a date first, the latest before others.

    The themes of `always` are there even where they are empty.
    """
    groups: dict[str, list[Entry]] = {heading: [] for heading in always}
    for entry in sorted(facts, key=lambda entry: entry.earliest, reverse=True):
        groups.setdefault(theme_of(entry.types), []).append(entry)
    return tuple(Group(name, "", tuple(groups[name])) for name in THEMES if name in groups)


def by_standing(entries: Iterable[Entry], meanings: Mapping[str, Meaning]) -> tuple[Group, ...]:
    """Return what is not established by standing, each with what that standing means."""
    others = sorted(
        (entry for entry in entries if not entry.is_fact),
        key=lambda e: (standing_order(e.standing_iri), e.standing_iri, theme_place(e), e.label),
    )
    return tuple(
        Group(found[0].standing, meanings[iri].definition if iri in meanings else "", found)
        for iri, found in (
            (iri, tuple(group)) for iri, group in groupby(others, key=lambda e: e.standing_iri)
        )
    )


def theme_place(entry: Entry) -> int:
    """Return how far down a page the theme of an entry stands."""
    return THEMES.index(theme_of(entry.types))


def timeline(facts: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the dated events among the facts, the earliest first."""
    dated = (entry for entry in facts if entry.earliest and is_event(entry.types))
    return tuple(sorted(dated, key=lambda entry: (entry.earliest, entry.label)))
