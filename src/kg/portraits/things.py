"""The portrait of a thing: what is established, what is only said, when, and with whom."""

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.asking import own_query
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.entries import Entry, Group, by_standing, by_theme, read_entries, timeline
from kg.portraits.levels import Level, read_levels
from kg.portraits.meanings import read_meanings
from kg.portraits.names import Named
from kg.portraits.neighbours import Companion, Relative, read_companions, read_pointing
from kg.portraits.nodes import Line, Node
from kg.vocab import DIP, PREFIXES

MOST: Final = 300
"""Situations on one page; what is more is asked with a query."""

REPRESENTATION: Final = DIP + "Representation"

_ELSEWHERE: Final = frozenset({DIP + "sameSide", PREFIXES["owl"] + "sameAs"})


@dataclass(frozen=True)
class ThingPortrait:
    """What a page tells of a thing; `is_whole` is false where there is more than it holds."""

    node: Node
    lines: tuple[Line, ...]
    side: tuple[Named, ...]
    levels: tuple[Level, ...]
    facts: tuple[Group, ...]
    others: tuple[Group, ...]
    timeline: tuple[Entry, ...]
    companions: tuple[Companion, ...]
    relatives: tuple[Relative, ...]
    is_whole: bool

    @property
    def fact_count(self) -> int:
        """How many facts there are."""
        return sum(len(group.entries) for group in self.facts)

    @property
    def other_count(self) -> int:
        """How many things are said of it that are not established."""
        return sum(len(group.entries) for group in self.others)


def read_thing(engine: Engine, node: Node) -> ThingPortrait:
    """Return the portrait of the thing that `node` is."""
    iri = NamedNode(node.iri)
    pointing = read_pointing(engine, iri)
    concerning = read_entries(engine, iri)
    found = concerning or tuple(dict.fromkeys(entry for _, entry in pointing.situations))
    entries = found[:MOST]
    facts = tuple(entry for entry in entries if entry.is_fact)
    has_level = any(REPRESENTATION in entry.types for entry in facts)
    return ThingPortrait(
        node=node,
        lines=node.lines(_ELSEWHERE),
        side=tuple(each for each in node.all("sameSide") if each.iri != node.iri),
        levels=read_levels(engine, iri) if has_level else (),
        facts=by_theme(facts, _asked_of(node)),
        others=by_standing(entries, read_meanings(engine) if len(facts) < len(entries) else {}),
        timeline=timeline(facts),
        companions=read_companions(engine, iri) if concerning else (),
        relatives=pointing.relatives[:MOST],
        is_whole=pointing.is_whole and len(found) <= MOST,
    )


def everything_about(node: Node) -> str:
    """Return the query for all that a page tells of a thing, for where it is more than it holds.

    Of a value, that is everything with it; of anything else, the situations that concern it.
    """
    name = "everything-with" if node.is_value else "everything-about"
    return place_terms(own_query(name), {"thing": NamedNode(node.iri)})


def _asked_of(node: Node) -> tuple[str, ...]:
    """Return the themes that people ask about first: they stand there even where empty."""
    is_party = node.is_a("State") or node.is_a("Government")
    return ("Representation", "Recognition", "Contacts") if is_party else ()
