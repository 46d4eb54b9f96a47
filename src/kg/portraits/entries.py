"""Situations in lists: none without its standing, facts by theme, all others by standing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.dates import read_date
from kg.portraits.meanings import Meaning, place_of
from kg.portraits.names import Named, labels_in, named, shown, written
from kg.portraits.themes import THEMES, is_event, theme_of
from kg.vocab import ACCEPTED, DIP

CONCERNS: Final = NamedNode(DIP + "concerns")


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
    """Entries under one heading; `definition` says what a standing means, else it is empty.

    `total` is how many there are, shown or not.
    """

    heading: str
    definition: str
    entries: tuple[Entry, ...]
    total: int


def read_entries(
    engine: Engine, iri: NamedNode, link: NamedNode | None = CONCERNS
) -> tuple[Entry, ...]:
    """Return the situations that concern a thing, facts first; one more than a page holds.

    With another `link`, those that name it so; with None, those that name it in any way.
    """
    rows = select(engine, place_terms(own_query("concerning"), _placed(iri, link)))
    labels = labels_in(rows, "situation", "standing")
    by_iri: dict[object, list[QuerySolution]] = {}
    for row in rows:
        by_iri.setdefault(row["situation"], []).append(row)
    return tuple(_entry(of_one, labels) for of_one in by_iri.values())


def count_entries(engine: Engine, iri: NamedNode, link: NamedNode | None) -> dict[str, int]:
    """Return how many such situations there are, by the IRI of their standing."""
    rows = select(engine, place_terms(own_query("concerning-counts"), _placed(iri, link)))
    return {row["standing"].value: int(row["situations"].value) for row in rows}


def _placed(iri: NamedNode, link: NamedNode | None) -> dict[str, NamedNode]:
    return {"thing": iri, **({"link": link} if link else {})}


def _entry(rows: list[QuerySolution], labels: Mapping[str, str]) -> Entry:
    first = rows[0]
    situation, standing = named(first["situation"], labels), named(first["standing"], labels)
    return Entry(
        iri=situation.iri,
        label=situation.label,
        standing=standing.label,
        standing_iri=standing.iri,
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
    return tuple(
        Group(name, "", tuple(groups[name]), len(groups[name])) for name in THEMES if name in groups
    )


def by_standing(
    entries: Iterable[Entry], meanings: Mapping[str, Meaning], counts: Mapping[str, int]
) -> tuple[Group, ...]:
    """Return what is not established by standing, each with what it means and how many have it."""
    others = sorted(
        (entry for entry in entries if not entry.is_fact),
        key=lambda e: (place_of(meanings, e.standing_iri), theme_place(e), e.label),
    )
    return tuple(
        Group(found[0].standing, meanings[iri].definition if iri in meanings else "", found, total)
        for iri, found, total in (
            (iri, tuple(group), counts[iri])
            for iri, group in groupby(others, key=lambda e: e.standing_iri)
        )
    )


def theme_place(entry: Entry) -> int:
    """Return how far down a page the theme of an entry stands."""
    return THEMES.index(theme_of(entry.types))


def timeline(facts: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the dated events among the facts, the earliest first."""
    dated = (entry for entry in facts if entry.earliest and is_event(entry.types))
    return tuple(sorted(dated, key=lambda entry: (entry.earliest, entry.label)))
