"""What the SHACL shapes expect of a property, class by class: which values, and how many.

Reads the shapes as plain triples: enough to tell a reader what a thing may have, not to validate.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.vocab import PREFIXES, minted

_SH: Final = "http://www.w3.org/ns/shacl#"
_RDF: Final = PREFIXES["rdf"]
_TYPE: Final = _RDF + "type"
_IN_SCHEME: Final = PREFIXES["skos"] + "inScheme"

_Node = NamedNode | BlankNode | Literal | Triple
_Graph = dict[_Node, dict[str, list[_Node]]]


@dataclass(frozen=True)
class Rule:
    """A property that things of a class have, what its values are, and how many there are.

    `values` are classes, value lists and datatypes; empty where anything goes. `most` is None where
    there is no limit, and 0 where such a thing never has the property.
    """

    of: str
    predicate: str
    values: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None

    @property
    def how_many(self) -> str:
        """The number of values, in words."""
        words = {(1, 1): "exactly one", (0, 1): "at most one", (0, None): "any number"}
        if self.most == 0:
            return "never"
        at_least = "one or more" if self.least == 1 else f"{self.least} or more"
        between = at_least if self.most is None else f"{self.least} to {self.most}"
        return words.get((self.least, self.most), between)


@dataclass(frozen=True)
class Rules:
    """All rules, and what a thing of a class may have beside them."""

    rules: tuple[Rule, ...] = ()
    allowed: tuple[tuple[str, str], ...] = ()
    """Class and property."""

    def of_class(self, iris: Iterable[str]) -> tuple[Rule, ...]:
        """Return the rules of some classes, in the order of the classes."""
        return tuple(each for iri in iris for each in self.rules if each.of == iri)

    def of_property(self, iri: str) -> tuple[Rule, ...]:
        """Return the rules on a property."""
        return tuple(each for each in self.rules if each.predicate == iri)

    def leading_to(self, iri: str) -> tuple[Rule, ...]:
        """Return the rules whose values are of a class or list."""
        return tuple(each for each in self.rules if iri in each.values)

    def allowed_of(self, iri: str) -> tuple[str, ...]:
        """Return the properties that a thing of a class may have without a rule of that class."""
        return tuple(name for of, name in self.allowed if of == iri)


def read_rules(folder: Path) -> Rules:
    """Return the rules in the shapes of a folder; none where there is no such folder.

    Raises SyntaxError where a file is no Turtle.
    """
    graph: _Graph = defaultdict(lambda: defaultdict(list))
    for path in sorted(folder.glob("*.ttl")):
        text = minted(path.read_text("utf-8"))
        for quad in parse(text.encode(), RdfFormat.TURTLE, rename_blank_nodes=True):
            graph[quad.subject][quad.predicate.value].append(quad.object)
    shapes = list(graph)
    found = [rule for shape in shapes for rule in _rules(graph, shape)]
    allowed = {pair for shape in shapes for pair in _allowed(graph, shape)}
    return Rules(tuple(_merged(found)), tuple(sorted(allowed)))


def _rules(graph: _Graph, shape: _Node) -> Iterator[Rule]:
    for of in _named(graph, shape, "targetClass"):
        for part in _objects(graph, shape, "property"):
            for name in _named(graph, part, "path"):
                least = _number(graph, part, "minCount")
                most = _number(graph, part, "maxCount")
                yield Rule(of, name, tuple(_values(graph, part)), least or 0, most)


def _allowed(graph: _Graph, shape: _Node) -> Iterator[tuple[str, str]]:
    for of in _named(graph, shape, "targetClass"):
        for first in _objects(graph, shape, "ignoredProperties"):
            for each in _members(graph, first):
                if isinstance(each, NamedNode) and each.value != _TYPE:
                    yield of, each.value


def _values(graph: _Graph, shape: _Node) -> Iterator[str]:
    """Yield the classes, value lists and datatypes that a shape lets a value be of."""
    yield from _named(graph, shape, "class")
    yield from _named(graph, shape, "datatype")
    for name in ("or", "xone", "and"):
        for first in _objects(graph, shape, name):
            for each in _members(graph, first):
                yield from _values(graph, each)
    for each in _objects(graph, shape, "node"):
        yield from _values(graph, each)
        for part in _objects(graph, each, "property"):
            if _IN_SCHEME in _named(graph, part, "path"):
                yield from _named(graph, part, "hasValue")


def _merged(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield one rule for each class and property: all rules of a class hold together."""
    together: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        together[rule.of, rule.predicate].append(rule)
    for (of, name), each in together.items():
        values = dict.fromkeys(value for rule in each for value in rule.values)
        limits = [rule.most for rule in each if rule.most is not None]
        most = min(limits) if limits else None
        yield Rule(of, name, tuple(values), max(rule.least for rule in each), most)


def _objects(graph: _Graph, subject: _Node, name: str) -> list[_Node]:
    return graph[subject][_SH + name] if subject in graph else []


def _named(graph: _Graph, subject: _Node, name: str) -> list[str]:
    found = _objects(graph, subject, name)
    return [each.value for each in found if isinstance(each, NamedNode)]


def _number(graph: _Graph, subject: _Node, name: str) -> int | None:
    found = _objects(graph, subject, name)
    return next((int(each.value) for each in found if isinstance(each, Literal)), None)


def _members(graph: _Graph, first: _Node) -> Iterator[_Node]:
    """Yield the members of an RDF list."""
    seen = set()
    while first in graph and first not in seen:
        seen.add(first)
        yield from graph[first][_RDF + "first"][:1]
        rest = graph[first][_RDF + "rest"]
        first = rest[0] if rest else first
