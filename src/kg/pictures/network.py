"""The network: who was in contact with whom, and how often.

A contact with a single known side joins nobody; it is told beside its node. Nodes stand on a circle
in the order of their names, so the same answer gives the same picture.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from math import cos, pi, sin
from typing import Final, NamedTuple

from kg.pictures.kinds import Picture
from kg.pictures.scene import Datum, Row, Scene
from kg.pictures.telling import joined
from kg.pictures.words import ACCEPTED, counted, in_lines, listed

MOST_NODES: Final = 16
_NAME_WIDTH: Final = 26
_MARGIN: Final = 46
_NEAR: Final = 0.34
"""Where on an edge its number stands; not in the middle, where edges cross."""


class _Contact(NamedTuple):
    """A contact: its standing, what it is, and who took part."""

    standing: str
    type: str
    nodes: tuple[str, ...]


def compose_network(_picture: Picture, title: str, rows: Sequence[Row]) -> Scene:
    """Return the network of the contacts in `rows`."""
    contacts = _contacts(rows)
    busy = Counter(node for contact in contacts for node in contact.nodes)
    names = sorted(name for name, _ in busy.most_common(MOST_NODES))
    radius = 40 + 21 * len(names)  # so that names below each other have room
    places = {name: _place(index, len(names), radius) for index, name in enumerate(names)}
    edges = _edges([contact for contact in contacts if set(contact.nodes) <= set(places)])
    data = {
        "nodes": [_node(name, places[name], radius, contacts) for name in names],
        "edges": [_edge(pair, told, places) for pair, told in edges.items()],
    }
    rest = len(busy) - len(names)
    said = joined(
        *_tell(contacts),
        f"{counted(rest, 'participant')} with fewer contacts are not drawn." if rest > 0 else "",
    )
    return Scene("network", title, said, data, 2 * (radius + _MARGIN))


def _contacts(rows: Sequence[Row]) -> list[_Contact]:
    """Return the contacts, each once, with the nodes that took part in it."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["contact"], []).append(row)
    return [
        _Contact(group[0]["standing"], group[0]["type"] or "contact", _nodes(group))
        for group in found.values()
    ]


def _nodes(group: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted({row["node"] or row["participant"] or "not stated" for row in group}))


def _place(index: int, count: int, radius: float) -> tuple[float, float]:
    """Return where on the circle a node stands, clockwise from the left."""
    angle = 2 * pi * index / count + (pi if count != 1 else 0)
    middle = radius + _MARGIN
    return middle + radius * cos(angle), middle + radius * sin(angle)


_Told = Counter[tuple[str, str]]
"""How many contacts of a type, each with its standing where that is not accepted."""

_Edges = dict[tuple[str, str, bool], _Told]


def _edges(contacts: Sequence[_Contact]) -> _Edges:
    """Return how often each two met, by type; what is not accepted is counted by itself."""
    edges: _Edges = {}
    for contact in contacts:
        is_fact = contact.standing == ACCEPTED
        told = (contact.type, "" if is_fact else contact.standing or "standing not stated")
        for first, second in combinations(contact.nodes, 2):
            edges.setdefault((first, second, is_fact), Counter())[told] += 1
    return edges


def _edge(
    pair: tuple[str, str, bool], told: _Told, places: dict[str, tuple[float, float]]
) -> Datum:
    (x, y), (x2, y2) = places[pair[0]], places[pair[1]]
    near = _NEAR if pair[2] else 1 - _NEAR
    return {
        "x": x, "y": y, "x2": x2, "y2": y2,
        "midX": x + (x2 - x) * near, "midY": y + (y2 - y) * near,
        "drawn": "solid" if pair[2] else "dashed",
        "tone": "accepted" if pair[2] else "unknown",
        "text": in_lines(_counts(told), 18),
    }  # fmt: skip


def _node(
    name: str, place: tuple[float, float], radius: float, contacts: Sequence[_Contact]
) -> Datum:
    alone = Counter(each.type for each in contacts if each.nodes == (name,))
    lines = in_lines(name, _NAME_WIDTH, 4)
    notes = [f"{counted(n, kind)}, other side not stated" for kind, n in sorted(alone.items())]
    side = "left" if place[0] < radius + _MARGIN - 1 else "right"
    return {"x": place[0], "y": place[1], "side": side, "text": [*lines, *notes]}


def _tell(contacts: Sequence[_Contact]) -> list[str]:
    """Return who met whom how often, facts first, and the contacts with one known side."""
    edges = _edges(contacts)
    said = [
        f"{first} and {second}: {_counts(told)}"
        for (first, second, _), told in sorted(edges.items(), key=lambda each: not each[0][2])
    ]
    alone = Counter((each.nodes[0], each.type) for each in contacts if len(each.nodes) == 1)
    single = [f"{node}: {counted(n, kind)}" for (node, kind), n in sorted(alone.items())]
    return [
        f"{counted(len(contacts), 'contact')}.",
        f"{listed(said)}." if said else "",
        f"With a single side stated: {listed(single)}." if single else "",
    ]


def _counts(told: _Told) -> str:
    return ", ".join(
        f"{counted(n, kind)} ({standing})" if standing else counted(n, kind)
        for (kind, standing), n in sorted(told.items())
    )
