"""The portraits of a situation, of the proposition that quotes it, and of one claim."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.claims import Claim, claims_about
from kg.portraits.entries import Entry
from kg.portraits.meanings import Meaning, read_meanings
from kg.portraits.neighbours import read_pointing
from kg.portraits.nodes import LABELS, TYPE, Line, Node, read_lines, read_node
from kg.portraits.reasons import Wording, reason, spread
from kg.vocab import ACCEPTED, DIP, PREFIXES

_ELSEWHERE: Final = frozenset(
    {
        *(
            DIP + name
            for name in (
                "acceptedFrom",
                "concerns",
                "earliest",
                "kind",
                "latest",
                "numberOfClaims",
                "quotedIn",
                "situationType",
                "standing",
                "strongestWording",
                "weakestWording",
            )
        ),
        PREFIXES["prov"] + "wasDerivedFrom",
        TYPE,
        *LABELS,
    }
)
"""Properties that a page tells in other places than the content."""


@dataclass(frozen=True)
class Connection:
    """Situations that name another one by the same property."""

    property: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class SituationPortrait:
    """What a page tells of a situation.

    `quoted` is what the proposition graph `quoted_in` says, empty where the situation is
    accepted; `lines` is what the default graph says besides. `claims` are the first of
    `claim_count`; a reason is told where they are all of them. Not whole where more points to it.
    """

    node: Node
    standing: Meaning
    reason: str
    spread: tuple[Wording, ...]
    lines: tuple[Line, ...]
    quoted: tuple[Line, ...]
    quoted_in: str
    claims: tuple[Claim, ...]
    claim_count: int
    connections: tuple[Connection, ...]
    concerns: tuple[Line, ...]
    words: tuple[Meaning, ...]
    is_whole: bool

    @property
    def is_fact(self) -> bool:
        """Whether the rules accept it."""
        return self.standing.iri == ACCEPTED

    @property
    def kind(self) -> str:
        """Which kind of situation it is, or would be."""
        return self.node.first("kind").label or ", ".join(self.node.kinds)

    @property
    def wording(self) -> tuple[str, str]:
        """How strongly it is worded where it is worded most strongly, and most weakly."""
        return self.node.first("strongestWording").label, self.node.first("weakestWording").label


def read_situation(engine: Engine, node: Node) -> SituationPortrait:
    """Return the portrait of the situation that `node` is."""
    iri = NamedNode(node.iri)
    claims = claims_about(engine, iri)
    standing = node.first("standing")
    quoted = () if standing.iri == ACCEPTED else read_quoted(engine, iri)
    meanings = read_meanings(engine)
    pointing = read_pointing(engine, iri)
    return SituationPortrait(
        node=node,
        standing=meanings.get(standing.iri, Meaning(standing.iri, standing.label, "")),
        reason=reason(standing.iri, claims.shown) if claims.is_whole else "",
        spread=spread(claims.shown),
        lines=tuple(line for line in node.lines(_ELSEWHERE) if line not in quoted),
        quoted=quoted,
        quoted_in=node.first("quotedIn").iri,
        claims=claims.shown,
        claim_count=claims.total,
        connections=tuple(
            Connection(name, tuple(entry for _, entry in found))
            for name, found in groupby(sorted(pointing.situations, key=_first), key=_first)
        ),
        concerns=node.lines_of("concerns"),
        words=_words(claims.shown, meanings),
        is_whole=pointing.is_whole,
    )


def read_about(engine: Engine, iri: NamedNode) -> SituationPortrait | None:
    """Return the portrait of the situation that a proposition or a claim is about, if any."""
    rows = select(engine, place_terms(own_query("quoted-situation"), {"thing": iri}))
    return read_situation(engine, read_node(engine, rows[0]["situation"])) if rows else None


def read_quoted(engine: Engine, iri: NamedNode) -> tuple[Line, ...]:
    """Return the content of the graph that quotes a situation: not asserted."""
    rows = select(engine, place_terms(own_query("quoted"), {"thing": iri}))
    lines = (line for name, line in read_lines(rows) if name not in _ELSEWHERE)
    return tuple(sorted(lines, key=lambda line: (line.property, line.value.label)))


def _words(claims: Iterable[Claim], meanings: Mapping[str, Meaning]) -> tuple[Meaning, ...]:
    """Return what the words mean by which claims are described."""
    used = {word for claim in claims for word in claim.axes}
    return tuple(meaning for meaning in meanings.values() if meaning.label in used)


def _first(pair: tuple[str, Entry]) -> str:
    return pair[0]
