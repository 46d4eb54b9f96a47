"""What there is to tell of whatever kind of thing, one list after the other: for a terminal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.requests import Engine
from kg.portraits.claims import Claim, Claims, claim_itself, claims_about
from kg.portraits.entries import Entry, read_entries
from kg.portraits.meanings import place_of, read_meanings
from kg.portraits.names import Named
from kg.portraits.neighbours import Relative, read_pointing
from kg.portraits.nodes import Line, Node, read_node
from kg.portraits.reasons import reason
from kg.portraits.situations import read_quoted
from kg.portraits.sources import read_source
from kg.portraits.things import MOST
from kg.vocab import ACCEPTED, DIP, PREFIXES

_ELSEWHERE: Final = frozenset(
    {
        PREFIXES["owl"] + "sameAs",
        *(DIP + name for name in ("acceptedFrom", "quotedIn", "situationType", "standing")),
    }
)
"""Properties that are told in other places than the lines."""


@dataclass(frozen=True)
class Mention:
    """Something that points to a thing, and by which properties; `standing` of a situation."""

    thing: Named
    properties: tuple[str, ...]
    standing: str = ""


@dataclass(frozen=True)
class Summary:
    """What is told of a thing, a situation, a claim, a proposition or a source.

    `quoted` is what the proposition graph `quoted_in` alone says. Not whole where there is more of
    anything than is told.
    """

    node: Node
    standing: Named
    reason: str
    lines: tuple[Line, ...]
    quoted_in: str
    quoted: tuple[Line, ...]
    claims: tuple[Claim, ...]
    claim_count: int
    mentions: tuple[Mention, ...]
    is_whole: bool

    @property
    def is_fact(self) -> bool:
        """Whether it is a situation that the rules accept."""
        return self.standing.iri == ACCEPTED


def read_summary(engine: Engine, iri: NamedNode) -> Summary:
    """Return what is told of `iri`; of an unknown one, nothing but its IRI."""
    node = read_node(engine, iri)
    claims, standing = _claims(engine, node), node.first("standing")
    told = {claim.iri for claim in claims.shown}
    pointing, entries = read_pointing(engine, iri), read_entries(engine, iri)
    situations = [*pointing.situations, *(("concerns", entry) for entry in entries[:MOST])]
    others = [each for each in pointing.relatives if each.thing.iri not in told]
    return Summary(
        node=node,
        standing=standing,
        reason=reason(standing.iri, claims.shown) if claims.is_whole else "",
        lines=tuple(each for each in node.lines(_ELSEWHERE) if each.value.iri not in told),
        quoted_in=node.first("quotedIn").iri,
        quoted=() if standing.iri == ACCEPTED else read_quoted(engine, iri),
        claims=claims.shown,
        claim_count=claims.total,
        mentions=(*_things(others), *_situations(engine, situations)),
        is_whole=node.is_whole and pointing.is_whole and len(entries) <= MOST,
    )


def _claims(engine: Engine, node: Node) -> Claims:
    """Return the claims about a situation, of a proposition or in a source, or the one it is."""
    iri = NamedNode(node.iri)
    if node.form in ("situation", "proposition"):
        return claims_about(engine, iri)
    if node.form == "claim":
        return Claims((claim_itself(engine, iri),), 1)
    return _claims_in(engine, node) if node.form == "source" else Claims((), 0)


def _claims_in(engine: Engine, node: Node) -> Claims:
    """Return the claims in all pages of a source."""
    found: list[Claim] = []
    following = "1"
    while following:
        page = read_source(engine, node, int(following))
        found += (claim for paragraph in page.shown for claim in paragraph.claims)
        following = page.following
    return Claims(tuple(found), page.counts.claims)


def _things(relatives: Iterable[Relative]) -> tuple[Mention, ...]:
    by: dict[Named, list[str]] = {}
    for each in sorted(relatives, key=lambda each: each.thing.label):
        by.setdefault(each.thing, []).append(each.property)
    return tuple(Mention(thing, tuple(names)) for thing, names in by.items())


def _situations(engine: Engine, pairs: Iterable[tuple[str, Entry]]) -> tuple[Mention, ...]:
    """Return situations by standing, in the order of the value list."""
    by: dict[str, list[str]] = {}
    found: dict[str, Entry] = {}
    for name, entry in pairs:
        by.setdefault(entry.iri, []).append(name)
        found[entry.iri] = entry
    meanings = read_meanings(engine) if found else {}
    ordered = sorted(found.values(), key=lambda e: (place_of(meanings, e.standing_iri), e.label))
    return tuple(
        Mention(each.named, tuple(sorted(by[each.iri])), each.standing) for each in ordered
    )
