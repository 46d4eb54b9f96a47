"""How much of what the served build holds, asked of an engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.errors import EngineBusy
from kg.vocab import BASE, KINDS

_TRIES: Final = 3


@dataclass(frozen=True)
class PropertyCount:
    """How often a property is used, for how many different things and values."""

    iri: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True)
class Counts:
    """What the default graph of a build holds, and by how much its named graphs.

    `entities` are the things whose IRIs are ours. `classes` counts the things of each class,
    `layers` the triples of each named graph but those that quote propositions. `examples` are
    things that exist: one of each kind that the build has.
    """

    build: str
    triples: int
    subjects: int
    objects: int
    entities: int
    classes: Mapping[str, int]
    properties: tuple[PropertyCount, ...]
    layers: Mapping[str, int]
    quoting_graphs: int
    quoted_triples: int
    examples: tuple[str, ...]


def count(engine: Engine) -> Counts:
    """Return the counts, all of one build: where another takes over meanwhile, of that one.

    Raises a QueryError where there is no answer, and EngineBusy where builds change too often.
    """
    for _ in range(_TRIES):
        build = engine.build
        counts = _count(engine, build)
        if engine.build == build:
            return counts
    raise EngineBusy("one build follows the other; try again in a moment")


def _count(engine: Engine, build: str) -> Counts:
    totals = select(engine, own_query("dataset-totals"))[0]
    classes = select(engine, own_query("class-partitions"))
    properties = select(engine, own_query("property-partitions"))
    layers = {row["layer"].value: row for row in select(engine, own_query("layer-counts"))}
    quoted = layers.pop("", None)
    return Counts(
        build=build,
        triples=_number(totals, "triples"),
        subjects=_number(totals, "subjects"),
        objects=_number(totals, "objects"),
        entities=_number(totals, "entities"),
        classes={row["class"].value: _number(row, "entities") for row in classes},
        properties=tuple(map(_property_count, properties)),
        layers={name: _number(row, "triples") for name, row in layers.items()},
        quoting_graphs=_number(quoted, "graphs") if quoted else 0,
        quoted_triples=_number(quoted, "triples") if quoted else 0,
        examples=_examples(classes),
    )


def _property_count(row: QuerySolution) -> PropertyCount:
    numbers = (_number(row, name) for name in ("triples", "subjects", "objects"))
    return PropertyCount(row["property"].value, *numbers)


def _examples(classes: list[QuerySolution]) -> tuple[str, ...]:
    """Return one thing of each kind of ours, in the order of kinds."""
    found = [row["example"].value for row in classes]
    firsts = (next((i for i in found if i.startswith(f"{BASE}id/{k}/")), "") for k in KINDS)
    return tuple(filter(None, firsts))


def _number(row: QuerySolution, name: str) -> int:
    term = row[name]
    return int(term.value) if isinstance(term, Literal) else 0
