"""What can be chosen for a parameter of a saved query, as a form offers it, and what was."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.entities import fold
from kg.labels import best_labels, labels_of
from kg.placing import Term, place_values
from kg.saved_queries import Param, choices
from kg.vocab import shorten

_TRUE: Final = ("true", "1")
_LONGEST: Final = 200
"""Characters of a label that a form shows; it may come from anybody."""


@dataclass(frozen=True)
class Choice:
    """A value to give, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True)
class Meaning:
    """What a value was taken for."""

    iri: str
    label: str


def read_choices(engine: Engine, param: Param) -> list[Choice]:
    """Return the values of an enum, and for an entity the first 150 things of its classes.

    Of the other types there is nothing to choose from. Raises what Engine.answer raises.
    """
    if param.type == "enum":
        return _values(engine, param)
    return _things(engine, param) if param.classes else []


def read_meanings(engine: Engine, terms: Mapping[str, Term]) -> dict[str, Meaning]:
    """Return, for each value that is a thing or a concept, which one, by parameter."""
    iris = {name: term.value for name, term in terms.items() if isinstance(term, NamedNode)}
    labels = labels_of(engine, iris.values())
    return {name: Meaning(iri, labels.get(iri, shorten(iri))) for name, iri in iris.items()}


def _values(engine: Engine, param: Param) -> list[Choice]:
    """Return the values in the order of the header, as the graph labels them."""
    terms = choices(param)
    labels = labels_of(engine, [t.value for t in terms.values() if isinstance(t, NamedNode)])
    return [Choice(name, labels.get(term.value, name)) for name, term in terms.items()]


def _things(engine: Engine, param: Param) -> list[Choice]:
    """Return things by label, those with a short and single name; others by a prefixed name."""
    query = place_values(own_query("suggestions"), "class", map(NamedNode, param.classes))
    rows = select(engine, query)
    labels = best_labels((row["thing"].value, row["label"]) for row in rows)
    situations = {row["thing"].value for row in rows if row["isSituation"].value in _TRUE}
    told = Counter(map(fold, labels.values()))
    return [
        Choice(
            _written(iri, label, is_name=iri not in situations and told[fold(label)] == 1),
            label if len(label) <= _LONGEST else f"{label[:_LONGEST]}…",
        )
        for iri, label in labels.items()
    ]


def _written(iri: str, label: str, *, is_name: bool) -> str:
    """Return what to give for a thing: its label where that is short and leads to it alone."""
    return label if is_name and len(label) <= _LONGEST else shorten(iri)
