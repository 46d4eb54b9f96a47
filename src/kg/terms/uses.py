"""How much terms are used in a build: by plain patterns, and only inside quotations.

The two are counted apart, because what is quoted is not asserted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.saved_queries import SavedQuery
from kg.sparql_tokens import tokens
from kg.vocab import expand, local_name, unwrap


@dataclass(frozen=True)
class Uses:
    """Things of which the default graph says something, and those of which only quotations do."""

    plain: int = 0
    quoted: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.plain + self.quoted


def read_uses_of_class(engine: Engine, iri: str) -> Mapping[str, Uses]:
    """Return how many things of a class have each property; under rdf:type all of them."""
    query = place_terms(own_query("uses-of-class"), {"class": NamedNode(iri)})
    return _counted(select(engine, query), "property")


def read_uses_of_property(engine: Engine, iri: str) -> Mapping[str, Uses]:
    """Return how many things of each class have a property; under an empty text, of all."""
    query = place_terms(own_query("uses-of-property"), {"property": NamedNode(iri)})
    return _counted(select(engine, query), "class")


def read_uses_of_values(engine: Engine) -> Mapping[str, Uses]:
    """Return how many things have each value of a value list."""
    return _counted(select(engine, own_query("uses-of-values")), "value")


def queries_that_use(iri: str, queries: Iterable[SavedQuery]) -> list[SavedQuery]:
    """Return the queries that write a term, in their text or as the class of a parameter."""
    local = local_name(iri)
    return [
        query
        for query in queries
        if any(iri in param.classes for param in query.params)
        or (local in query.text and iri in _names(query.text))
    ]


def _names(text: str) -> set[str]:
    """Return the IRIs that a query writes, by the prefixes that all queries here share."""
    found = {unwrap(each.text) for each in tokens(text) if each.kind == "iri"}
    words = (each.text.rstrip(".") for each in tokens(text) if each.kind == "word")
    return found | {iri for word in words if (iri := expand(word))}


def _counted(rows: Iterable[QuerySolution], by: str) -> Mapping[str, Uses]:
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        term = row[by].value if row[by] else ""
        numbers[term][row["isQuoted"].value] = int(row["uses"].value)
    return {
        term: Uses(found.get("false", 0), found.get("true", 0)) for term, found in numbers.items()
    }
