"""One node of the graph: what it is called, its kinds, and what is said of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.labels import best_labels
from kg.placing import place_terms
from kg.portraits.dates import read_date
from kg.portraits.names import NOTHING, Named, labels_in, named, shown, written
from kg.vocab import DIP, PREFIXES, shorten, spell_out

LABELS: Final = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
TYPE: Final = PREFIXES["rdf"] + "type"
Form: TypeAlias = OneOf["thing", "situation", "claim", "proposition", "source", "part"]
_ROWS: Final = 500
"""What a page tells of a thing at most: one less than the LIMIT in node.rq."""

_DEFINITION: Final = PREFIXES["skos"] + "definition"
_VALUES: Final = (PREFIXES["skos"] + "Concept", PREFIXES["skos"] + "ConceptScheme")

_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dct:creator": "written by",
        "dct:description": "description",
        "dct:language": "language",
        "dct:source": "taken from",
        "org:holds": "holds",
        "org:memberOf": "member of",
        "org:postIn": "post in",
        "org:unitOf": "unit of",
        "rdfs:isDefinedBy": "defined by",
        "skos:altLabel": "also called",
        "skos:definition": "definition",
        "skos:example": "example",
        "skos:inScheme": "value list",
        "skos:notation": "notation",
        "skos:scopeNote": "note",
    }
)
"""What the properties of other vocabularies are called, which bring no labels."""

DATES: Final = frozenset(DIP + name for name in ("date", "announcedOn"))


@dataclass(frozen=True)
class Line:
    """A property and one value, both to be read; `standing` where the value is a situation."""

    property: str
    value: Named
    standing: str = ""


@dataclass(frozen=True)
class Node:
    """What the default graph says of one thing: `said` holds every value, by property IRI.

    Not whole where there is more than a page tells; what the thing is comes first.
    """

    iri: str
    label: str
    kinds: tuple[str, ...]
    said: Mapping[str, tuple[Line, ...]]
    is_whole: bool = True

    @property
    def named(self) -> Named:
        """The thing with its label."""
        return Named(self.iri, self.label)

    @property
    def form(self) -> Form:
        """Which page the thing has."""
        if self.all("standing"):
            return "situation"
        if self.all("expresses"):
            return "claim"
        if self.is_a("Proposition"):
            return "proposition"
        if self.is_a("SourceDocument"):
            return "source"
        return "part" if self.all("inDocument") and self.all("paragraph") else "thing"

    @property
    def is_value(self) -> bool:
        """Whether it is a value of a value list, or such a list."""
        kinds = {line.value.iri for line in self.said.get(TYPE, ())}
        return not kinds.isdisjoint(_VALUES)

    @property
    def definition(self) -> str:
        """What it is defined as, else empty."""
        return next((each.value.label for each in self.said.get(_DEFINITION, ())), "")

    def first(self, name: str) -> Named:
        """Return the first value of a property of ours, or nothing."""
        return next(iter(self.all(name)), NOTHING)

    def all(self, name: str) -> tuple[Named, ...]:
        """Return the values of a property of ours."""
        return tuple(line.value for line in self.said.get(DIP + name, ()))

    def is_a(self, name: str) -> bool:
        """Whether the thing is in a class of ours."""
        return any(line.value.iri == DIP + name for line in self.said.get(TYPE, ()))

    def lines_of(self, name: str) -> tuple[Line, ...]:
        """Return what is said by a property of ours, by the name of the value."""
        lines = self.said.get(DIP + name, ())
        return tuple(sorted(lines, key=lambda line: (bool(line.standing), line.value.label)))

    def lines(self, without: Iterable[str] = ()) -> tuple[Line, ...]:
        """Return what is said, by the name of the property, but for some properties' IRIs."""
        hidden = {TYPE, *LABELS, *without}
        found = [line for iri, lines in self.said.items() if iri not in hidden for line in lines]
        return tuple(sorted(found, key=lambda line: (line.property, line.value.label)))


def read_node(engine: Engine, iri: NamedNode) -> Node:
    """Return what the default graph says of `iri`; of an unknown one, nothing but its IRI."""
    said: dict[str, list[Line]] = defaultdict(list)
    rows = select(engine, place_terms(own_query("node"), {"thing": iri}))
    for line_of, line in read_lines(rows[:_ROWS]):
        said[line_of].append(line)
    own = best_labels(
        (iri.value, row["value"])
        for row in rows
        if row["property"].value in LABELS and isinstance(row["value"], Literal)
    )
    return Node(
        iri=iri.value,
        label=shown(own.get(iri.value, shorten(iri.value))),
        kinds=_kinds(said.get(TYPE, ())),
        said={name: tuple(lines) for name, lines in said.items()},
        is_whole=len(rows) <= _ROWS,
    )


def _kinds(types: Iterable[Line]) -> tuple[str, ...]:
    """Return what a thing is: by our classes where it is in any, else by those of others."""
    classes = [line.value for line in types]
    ours = [each for each in classes if each.iri.startswith(DIP)]
    return tuple(sorted({class_name(each) for each in ours or classes}))


def class_name(kind: Named) -> str:
    """Return what a class is called; one without a label, by the end of its IRI."""
    if kind.label != shorten(kind.iri):
        return kind.label
    return spell_out(kind.iri)


def called(property_name: str) -> str:
    """Return what a property is called, from its label or its prefixed name."""
    return _CALLED.get(property_name, property_name)


def read_lines(rows: Iterable[QuerySolution]) -> list[tuple[str, Line]]:
    """Return each row with a property and a value as (IRI of the property, line), once."""
    rows = list(rows)
    labels = labels_in(rows, "property", "value")
    return list(dict.fromkeys((row["property"].value, _line(row, labels)) for row in rows))


def _line(row: QuerySolution, labels: Mapping[str, str]) -> Line:
    value = named(row["value"], labels)
    if row["property"].value in DATES:
        value = Named("", shown(read_date(value.label)))
    name = called(named(row["property"], labels).label)
    return Line(name, value, written(row["standingLabel"]))
