"""The ontology as values: its header, its terms, its value lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.overview import outline
from kg.vocab import DIP, PREFIXES, expand, local_name, shorten

CLASS: Final = "class"
OBJECT_PROPERTY: Final = "object property"
DATATYPE_PROPERTY: Final = "datatype property"
ANNOTATION_PROPERTY: Final = "annotation property"

_APART: Final = re.compile(r"[^A-Za-z0-9]+")
_DATATYPES: Final[Mapping[str, str]] = {
    PREFIXES["rdf"] + "langString": "text with its language",
    PREFIXES["xsd"] + "boolean": "true or false",
    PREFIXES["xsd"] + "date": "day",
    PREFIXES["xsd"] + "integer": "whole number",
    PREFIXES["xsd"] + "string": "text",
}


@dataclass(frozen=True)
class Match:
    """A term of another vocabulary, and how near it is."""

    relation: str
    iri: str


@dataclass(frozen=True, kw_only=True)
class Term:
    """What the ontology says of a class, a property, a value or a list of values.

    All other terms are named by their IRIs. A term of another vocabulary that the ontology only
    declares has no definition, and its prefixed name for a label.
    """

    iri: str
    kind: str
    label: str
    definition: str = ""
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    sources: tuple[str, ...] = ()
    is_deprecated: bool = False

    @property
    def name(self) -> str:
        """The prefixed name."""
        return shorten(self.iri)

    @property
    def is_own(self) -> bool:
        """Whether the ontology defines the term and not only uses it."""
        return self.iri.startswith(DIP)

    @property
    def path(self) -> str:
        """The name in the address of the term's page: that of another vocabulary has a prefix.

        The IRI itself where no prefix fits.
        """
        return self.iri.removeprefix(DIP) if self.is_own else self.name

    @property
    def anchor(self) -> str:
        """The id of the term on a page of all terms: of an own term the fragment of its IRI."""
        return _APART.sub("-", self.path)


@dataclass(frozen=True)
class Value:
    """A value of a list, with its place there (0 where there is no order) and codes elsewhere."""

    term: Term
    order: int
    codes: tuple[tuple[str, str], ...]
    """Property (IRI) and code."""

    @property
    def anchor(self) -> str:
        """The id of the value on a page of all lists."""
        return local_name(self.term.iri)


@dataclass(frozen=True)
class ValueList:
    """A SKOS concept scheme with its values, in their order, else by label."""

    term: Term
    values: tuple[Value, ...]

    @property
    def anchor(self) -> str:
        """The id of the list on a page of all lists."""
        return local_name(self.term.iri)

    @property
    def is_ordered(self) -> bool:
        """Whether the order of the values means something."""
        return any(value.order for value in self.values)


@dataclass(frozen=True, kw_only=True)
class Ontology:
    """The header, the terms by IRI, and the value lists by label."""

    iri: str
    title: str
    description: str
    version: str
    version_iri: str
    license: str
    creators: tuple[str, ...]
    created: str
    modified: str
    terms: Mapping[str, Term]
    lists: tuple[ValueList, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    """The labels of all terms, value lists, values and sources that have one."""

    def find(self, path: str) -> Term | None:
        """Return the term whose page has a path, or None."""
        return self.terms.get(expand(path) or DIP + path, self.terms.get(path))

    def label(self, iri: str) -> str:
        """Return what people call a term, a list, a datatype or a source."""
        return self.labels.get(iri) or _DATATYPES.get(iri) or shorten(iri)

    def own(self, kind: str) -> tuple[Term, ...]:
        """Return the terms of a kind that the ontology defines, by label."""
        return tuple(each for each in self._sorted if each.kind == kind and each.is_own)

    @property
    def borrowed(self) -> tuple[Term, ...]:
        """The terms of other vocabularies, by prefixed name."""
        return tuple(each for each in self._sorted if not each.is_own)

    def children(self, iri: str) -> tuple[str, ...]:
        """Return the terms directly below a term, by label."""
        return tuple(each.iri for each in self._sorted if iri in each.parents)

    def descendants(self, iri: str) -> tuple[str, ...]:
        """Return all terms below a term."""
        return tuple(each for each in self.terms if iri in self.ancestors(each))

    def disjoint_with(self, iri: str) -> tuple[str, ...]:
        """Return the classes that share nothing with a class, whichever of the two says so."""
        said = self.terms[iri].disjoint
        saying = (each.iri for each in self._sorted if iri in each.disjoint)
        return tuple(sorted({*said, *saying}, key=self.label))

    def ancestors(self, iri: str) -> tuple[str, ...]:
        """Return all terms above a term, nearest first."""
        found: list[str] = []
        waiting = [iri]
        while waiting:
            term = self.terms.get(waiting.pop(0))
            above = [each for each in (term.parents if term else ()) if each not in found]
            found += above
            waiting += above
        return tuple(found)

    @property
    def _sorted(self) -> list[Term]:
        return sorted(self.terms.values(), key=by_label)


def by_label(term: Term) -> tuple[str, str]:
    """Return what terms are sorted by for people."""
    return term.label.casefold(), term.iri


def class_tree(ontology: Ontology) -> list[tuple[int, str]]:
    """Return the classes with their depths: each follows the first class above it.

    All own classes, and those of other vocabularies that stand above one.
    """
    own = ontology.own(CLASS)
    above = {iri for term in own for iri in ontology.ancestors(term.iri)}
    broader = [term for term in ontology.borrowed if term.iri in above]
    members = sorted((*broader, *own), key=by_label)
    return list(
        outline([each.iri for each in members], {each.iri: each.parents for each in members})
    )
