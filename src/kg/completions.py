"""The names that a query can use, for whoever writes one: an editor completes them."""

from dataclasses import dataclass

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.vocab import PREFIXES, shorten


@dataclass(frozen=True)
class Completion:
    """A name, as it is written in a query."""

    name: str
    """A prefixed name, or an IRI in angle brackets where no prefix fits."""

    label: str
    kind: str
    """class, property, concept or thing."""


def read_completions(engine: Engine) -> list[Completion]:
    """Return the names in the order of kind and IRI: 5000 at most, terms of the ontology first."""
    rows = select(engine, own_query("completions"))
    return [
        Completion(_written(row["name"].value), row["label"].value, row["kind"].value)
        for row in rows
    ]


def start_query() -> str:
    """Return a query to begin with, that every build answers."""
    return own_query("start").strip()


def prefix_lines() -> str:
    """Return the prefixes that are declared already, as a query would declare them."""
    return "\n".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items())


def _written(iri: str) -> str:
    name = shorten(iri)
    return f"<{iri}>" if name == iri else name
