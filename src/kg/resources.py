"""The description of one IRI, as labelled lines for people: what is quoted, under its standing.

Not here: the RDF document for programs (kg.descriptions).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolution, Triple

from kg.asking import construct, own_query, select
from kg.engine.requests import Engine
from kg.entities import kinds_of
from kg.labels import best_labels, read_term
from kg.placing import place_terms
from kg.portraits.claims import Claim, read_claims
from kg.portraits.reasons import reason
from kg.vocab import DIP, DIPV, PREFIXES, shorten

LABEL: Final = PREFIXES["rdfs"] + "label"
PREFERRED: Final = PREFIXES["skos"] + "prefLabel"
TYPE: Final = PREFIXES["rdf"] + "type"
INCOMING: Final = 300
"""How many incoming triples a description holds at most: the LIMIT in describe.rq."""

_ELSEWHERE: Final = frozenset(
    {
        LABEL,
        PREFERRED,
        TYPE,
        PREFIXES["owl"] + "sameAs",
        *(DIP + name for name in ("acceptedFrom", "quotedIn", "situationType", "standing")),
    }
)
"""Properties that a description tells in other lines than its facts."""


@dataclass(frozen=True)
class Fact:
    """A property and one value, both to be read; `iri` where the value is a thing."""

    property: str
    value: str
    iri: str = ""


@dataclass(frozen=True)
class Mention:
    """Something that points to the thing described, and by which properties."""

    iri: str
    label: str
    properties: tuple[str, ...]
    standing: str = ""


@dataclass(frozen=True)
class Description:
    """What the graph says of one thing.

    `standing` is that of a situation, and `reason` says why; else they are empty. `quoted` is what
    only the proposition graph `quoted_in` says, and is empty where the situation is accepted. Facts
    and mentions leave out the claims, which stand by themselves. `is_whole` is false where more
    points to the thing than is told.
    """

    iri: str
    label: str
    kinds: tuple[str, ...]
    standing: str
    reason: str
    facts: tuple[Fact, ...]
    quoted_in: str
    quoted: tuple[Fact, ...]
    mentions: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    is_whole: bool


def read_description(engine: Engine, iri: NamedNode) -> Description:
    """Return what the graph says of `iri`, for people."""
    triples = construct(engine, _query(iri))
    labels = _labels(triples)
    said = [t for t in triples if t.subject == iri]
    standing = next((read_term(t.object, labels) for t in said if _is(t, DIP + "standing")), "")
    incoming = [t for t in triples if t.object == iri and t.subject != iri]
    claims = tuple(claim for claim in read_claims(engine, iri) if claim.iri != iri.value)
    told = {claim.iri for claim in claims}
    return Description(
        iri=iri.value,
        label=labels.get(iri.value, shorten(iri.value)),
        kinds=tuple(kinds_of(engine, iri)),
        standing=standing,
        reason=reason(_standing(said), claims),
        facts=tuple(fact for fact in _facts(said, labels) if fact.iri not in told),
        quoted_in=next((_iri(t.object) for t in said if _is(t, DIP + "quotedIn")), ""),
        quoted=() if _standing(said) == DIPV + "accepted" else _quoted(engine, iri),
        mentions=tuple(m for m in _mentions(incoming, triples, labels) if m.iri not in told),
        claims=claims,
        is_whole=len(incoming) < INCOMING,
    )


def _query(iri: NamedNode) -> str:
    return place_terms(own_query("describe"), {"thing": iri})


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _is(triple: Triple, predicate: str) -> bool:
    return bool(triple.predicate.value == predicate)


def _standing(said: Iterable[Triple]) -> str:
    """Return the IRI of the standing, or nothing."""
    return next((_iri(t.object) for t in said if _is(t, DIP + "standing")), "")


def _labels(triples: Iterable[Triple]) -> dict[str, str]:
    return best_labels(
        (t.subject.value, t.object)
        for t in triples
        if _is(t, LABEL) and isinstance(t.subject, NamedNode) and isinstance(t.object, Literal)
    )


def _facts(said: Iterable[Triple], labels: Mapping[str, str]) -> tuple[Fact, ...]:
    told = (t for t in said if t.predicate.value not in _ELSEWHERE)
    return tuple(sorted({_fact(t.predicate, t.object, labels) for t in told}, key=_fact_order))


def _fact(predicate: NamedNode, value: object, labels: Mapping[str, str]) -> Fact:
    return Fact(read_term(predicate, labels), read_term(value, labels), _iri(value))


def _fact_order(fact: Fact) -> tuple[str, str]:
    return fact.property, fact.value


def _quoted(engine: Engine, iri: NamedNode) -> tuple[Fact, ...]:
    rows = select(engine, place_terms(own_query("quoted"), {"thing": iri}))
    told = [row for row in rows if row["property"].value not in _ELSEWHERE]
    facts = {_fact(row["property"], row["value"], _row_labels(row)) for row in told}
    return tuple(sorted(facts, key=_fact_order))


def _row_labels(row: QuerySolution) -> dict[str, str]:
    pairs = (("property", "propertyLabel"), ("value", "valueLabel"))
    return {row[name].value: row[label].value for name, label in pairs if row[label]}


def _mentions(
    incoming: Iterable[Triple], triples: Iterable[Triple], labels: Mapping[str, str]
) -> tuple[Mention, ...]:
    properties: dict[str, set[str]] = defaultdict(set)
    for t in incoming:
        if isinstance(t.subject, NamedNode):
            properties[t.subject.value].add(read_term(t.predicate, labels))
    standings = {
        t.subject: read_term(t.object, labels) for t in triples if _is(t, DIP + "standing")
    }
    found = (
        Mention(
            iri,
            labels.get(iri, shorten(iri)),
            tuple(sorted(by)),
            standings.get(NamedNode(iri), ""),
        )
        for iri, by in properties.items()
    )
    return tuple(sorted(found, key=lambda m: (m.standing, m.label, m.iri)))
