"""All that is told of one term together: what it is, what is used with it, and how often."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kg.engine.requests import Engine
from kg.overview import Class, read_classes
from kg.saved_queries import SavedQuery
from kg.terms.ontology import CLASS, Ontology, Term
from kg.terms.rules import Rule, Rules
from kg.terms.trying import Trial, trials_of
from kg.terms.uses import Uses, queries_that_use, read_uses_of_class, read_uses_of_property
from kg.vocab import PREFIXES, local_name

_TYPE: Final = PREFIXES["rdf"] + "type"


@dataclass(frozen=True)
class Line:
    """A class with a property: what the shapes expect, and how many things of it have one.

    `rule` is None where the shapes say nothing of the two.
    """

    of: str
    predicate: str
    rule: Rule | None
    uses: Uses

    def values(self, ontology: Ontology) -> tuple[str, ...]:
        """Return what the values are of: as the shapes say, else the range of the property."""
        term = ontology.terms.get(self.predicate)
        return (self.rule.values if self.rule else ()) or (term.ranges if term else ())


@dataclass(frozen=True)
class Edge:
    """Terms that some properties join to the one that is told of; a property joins what has it."""

    predicates: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """What a page tells of a term.

    `found` is a class as one looks around in it, where it has things. `uses` counts the things of a
    class, or those that have a property. `lines` are those of the term itself, `inherited` of the
    classes above it; `allowed` are properties that things of a class may have beside them.
    """

    term: Term
    found: Class | None
    uses: Uses
    lines: tuple[Line, ...]
    inherited: tuple[Line, ...]
    allowed: tuple[str, ...]
    incoming: tuple[Edge, ...]
    outgoing: tuple[Edge, ...]
    trials: tuple[Trial, ...]
    saved: tuple[SavedQuery, ...]


def read_profile(
    engine: Engine, ontology: Ontology, rules: Rules, term: Term, saved: Iterable[SavedQuery]
) -> Profile:
    """Return what is to be told of a term; `saved` are the queries that may use it."""
    queries = tuple(queries_that_use(term.iri, saved))
    tell = _of_class if term.kind == CLASS else _of_property
    return tell(engine, ontology, rules, term, queries)


def _of_class(
    engine: Engine, ontology: Ontology, rules: Rules, term: Term, saved: tuple[SavedQuery, ...]
) -> Profile:
    uses = read_uses_of_class(engine, term.iri)
    above = ontology.ancestors(term.iri)
    own, inherited = rules.of_class([term.iri]), rules.of_class(above)
    below = rules.of_class(ontology.descendants(term.iri))
    ruled = {rule.predicate for rule in (*own, *inherited)}
    allowed = tuple(each for each in rules.allowed_of(term.iri) if each not in ruled)
    known = ruled | {*allowed, _TYPE} | {rule.predicate for rule in below}
    others = [Line(term.iri, each, None, uses[each]) for each in uses if each not in known]
    lines = (*_lines(own, uses), *others)
    return Profile(
        term=term,
        found=_found(engine, term),
        uses=uses.get(_TYPE, Uses()),
        lines=lines,
        inherited=_lines(inherited, uses),
        allowed=allowed,
        incoming=_edges((rule.predicate, (rule.of,)) for rule in rules.leading_to(term.iri)),
        outgoing=_edges(
            (line.predicate, line.values(ontology)) for line in _lines(own, uses) if _may_have(line)
        ),
        trials=trials_of(ontology, term, is_quoted=False),
        saved=saved,
    )


def _of_property(
    engine: Engine, ontology: Ontology, rules: Rules, term: Term, saved: tuple[SavedQuery, ...]
) -> Profile:
    uses = read_uses_of_property(engine, term.iri)
    ruled = [
        Line(rule.of, term.iri, rule, uses.get(rule.of, Uses()))
        for rule in rules.of_property(term.iri)
    ]
    others = [
        Line(iri, term.iri, None, uses[iri])
        for iri in _outermost(ontology, uses, {line.of for line in ruled})
    ]
    lines = (*ruled, *others)
    values = {value: None for line in ruled for value in line.values(ontology)}
    return Profile(
        term=term,
        found=None,
        uses=uses.get("", Uses()),
        lines=lines,
        inherited=(),
        allowed=(),
        incoming=tuple(Edge((), (line.of,)) for line in lines if _may_have(line)),
        outgoing=tuple(Edge((), (value,)) for value in values or term.ranges),
        trials=trials_of(ontology, term, is_quoted=uses.get("", Uses()).quoted > 0),
        saved=saved,
    )


def _found(engine: Engine, term: Term) -> Class | None:
    """Return the class as one looks around in it: found by its name there, and the same class."""
    found = read_classes(engine).find(local_name(term.iri))
    return found if found and found.iri == term.iri else None


def _lines(rules: Iterable[Rule], uses: Mapping[str, Uses]) -> tuple[Line, ...]:
    return tuple(
        Line(rule.of, rule.predicate, rule, uses.get(rule.predicate, Uses()))
        for rule in rules
        if rule.predicate != _TYPE
    )


def _may_have(line: Line) -> bool:
    return line.rule is None or line.rule.most != 0


def _outermost(ontology: Ontology, uses: Mapping[str, Uses], ruled: set[str]) -> list[str]:
    """Return the broadest declared classes among the uses that no class with a rule stands by."""
    below_ruled = {iri for iri in uses if ruled & {iri, *ontology.ancestors(iri)}}
    above_ruled = {iri for each in ruled for iri in ontology.ancestors(each)}
    free = {iri for iri in uses if iri in ontology.terms} - below_ruled - above_ruled
    found = [iri for iri in free if not free & set(ontology.ancestors(iri))]
    return sorted(found, key=lambda iri: (-uses[iri].total, ontology.label(iri)))


def _edges(pairs: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[Edge, ...]:
    """Return an edge for all properties that join the same terms."""
    ends: dict[str, dict[str, None]] = defaultdict(dict)
    for name, joined in pairs:
        ends[name].update(dict.fromkeys(joined))
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, found in ends.items():
        together[tuple(found)].append(name)
    return tuple(Edge(tuple(names), found) for found, names in together.items())
