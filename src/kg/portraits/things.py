"""The portrait of a thing: what is established, what is only said, when, and with whom."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.asking import own_query
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.entries import (
    CONCERNS,
    Entry,
    Group,
    by_standing,
    by_theme,
    count_entries,
    read_entries,
    timeline,
)
from kg.portraits.levels import Level, read_levels
from kg.portraits.meanings import read_meanings
from kg.portraits.names import Named
from kg.portraits.neighbours import Companion, Relative, read_companions, read_pointing
from kg.portraits.nodes import Line, Node
from kg.vocab import ACCEPTED, DIP, PREFIXES

MOST: Final = 300
"""Situations on one page, one less than the LIMIT in concerning.rq; a query asks for the rest."""

REPRESENTATION: Final = DIP + "Representation"

_ELSEWHERE: Final = frozenset({DIP + "sameSide", PREFIXES["owl"] + "sameAs"})


@dataclass(frozen=True)
class ThingPortrait:
    """What a page tells of a thing; `is_whole` is false where there is more than it holds.

    The counts are those of all situations, shown or not.
    """

    node: Node
    lines: tuple[Line, ...]
    side: tuple[Named, ...]
    levels: tuple[Level, ...]
    facts: tuple[Group, ...]
    others: tuple[Group, ...]
    timeline: tuple[Entry, ...]
    companions: tuple[Companion, ...]
    relatives: tuple[Relative, ...]
    fact_count: int
    other_count: int
    is_whole: bool


def read_thing(engine: Engine, node: Node) -> ThingPortrait:
    """Return the portrait of the thing that `node` is."""
    iri = NamedNode(node.iri)
    pointing = read_pointing(engine, iri)
    link = CONCERNS if (found := read_entries(engine, iri)) else None
    found = found or read_entries(engine, iri, link)
    entries, counts = found[:MOST], Counter(entry.standing_iri for entry in found)
    if len(found) > MOST:
        counts = Counter(count_entries(engine, iri, link))
    facts = tuple(entry for entry in entries if entry.is_fact)
    meanings = read_meanings(engine) if len(facts) < len(entries) else {}
    has_level = any(REPRESENTATION in entry.types for entry in facts)
    return ThingPortrait(
        node=node,
        lines=node.lines(_ELSEWHERE),
        side=tuple(each for each in node.all("sameSide") if each.iri != node.iri),
        levels=read_levels(engine, iri) if has_level else (),
        facts=by_theme(facts, _asked_of(node)),
        others=by_standing(entries, meanings, counts),
        timeline=timeline(facts),
        companions=read_companions(engine, iri) if link else (),
        relatives=pointing.relatives,
        fact_count=counts[ACCEPTED],
        other_count=counts.total() - counts[ACCEPTED],
        is_whole=pointing.is_whole and len(found) <= MOST,
    )


def everything_about(node: Node) -> str:
    """Return the query for all that a page tells of a thing, for where it is more than it holds.

    Of a document, that is its claims; of anything else, all that points to it.
    """
    name = "everything-in" if node.form == "source" else "everything-with"
    return place_terms(own_query(name), {"thing": NamedNode(node.iri)})


def _asked_of(node: Node) -> tuple[str, ...]:
    """Return the themes that people ask about first: they stand there even where empty."""
    is_party = node.is_a("State") or node.is_a("Government")
    return ("Representation", "Recognition", "Contacts") if is_party else ()
