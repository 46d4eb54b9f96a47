"""From the rows of an answer to a scene: what each column is, and how many rows are looked at."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from kg.pictures.kinds import KINDS, Picture
from kg.pictures.ladder import compose_ladder
from kg.pictures.network import compose_network
from kg.pictures.scene import Row, Scene
from kg.pictures.strength import compose_strength
from kg.pictures.telling import joined, scene_of_words, tell_rest
from kg.pictures.timeline import compose_timeline
from kg.pictures.words import cut, plain

NOTHING: Final = "There is nothing to draw: the graph does not say. That is not a no."

MOST_ROWS: Final = 500
"""Rows that are looked at; of more, the words say so."""

_MOST_ASKED: Final = 60

Rows = Sequence[Mapping[str, object]]
"""Rows of an answer: what stands in each column, as RDF terms or as texts."""

_COMPOSERS: Final[Mapping[str, Callable[[Picture, str, Sequence[Row]], Scene]]] = MappingProxyType(
    {
        "ladder": compose_ladder,
        "timeline": compose_timeline,
        "network": compose_network,
        "strength": compose_strength,
    }
)


def compose(
    picture: Picture, title: str, rows: Rows, given: Mapping[str, str] = MappingProxyType({})
) -> Scene:
    """Return the scene of `rows`; where there are none, it says so in words.

    `given` is what was asked for, by label. A ladder has it in its rows.
    """
    asked = "" if picture.kind == "ladder" and rows else _asked(given)
    named = f"{plain(title)}{asked}"
    if not rows:
        return scene_of_words(named, NOTHING)
    read = [_read(picture, row) for row in rows[:MOST_ROWS]]
    scene = _COMPOSERS[picture.kind](picture, named, read)
    rest = tell_rest(len(read), len(rows), "rows of the answer")
    return replace(scene, description=joined(scene.description, rest))


def given_by_label(labels: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return what was given for parameters by their labels instead of their names."""
    return {labels.get(name, name): value for name, value in given.items() if value.strip()}


def rows_of(answer: bytes) -> Rows:
    """Return the rows of an answer in the JSON of SPARQL 1.1, as texts."""
    found = json.loads(answer)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def _read(picture: Picture, row: Mapping[str, object]) -> Row:
    """Return a row by roles; a role without a column, or a column without a value, is empty."""
    kind = KINDS[picture.kind]
    roles = (*kind.required, *kind.optional)
    return {role: plain(row.get(picture.columns.get(role, ""))) for role in roles}


def _asked(given: Mapping[str, str]) -> str:
    """Return what was asked for, in brackets."""
    said = (
        f"{cut(plain(label), _MOST_ASKED).lower()}: {cut(plain(value), _MOST_ASKED)}"
        for label, value in given.items()
    )
    return f" ({'; '.join(said)})" if given else ""
