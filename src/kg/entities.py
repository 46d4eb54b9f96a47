"""From what people call a thing to its IRI: a label, an alias, a code, a prefixed name, an IRI.

Names are compared whole, without regard to case, accents and a leading "the". A label goes before
an alias or a code, and those before a metonym such as "Islamabad" for Pakistan's government.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode

from kg.asking import ask, own_query, select
from kg.engine.requests import Engine
from kg.errors import EntityAmbiguous, EntityNotFound, EntityOfOtherKind
from kg.placing import place_terms, place_values
from kg.vocab import DIP, PREFIXES, expand, shorten, spell_out, unwrap

_EXACT: Final = 0
_OFFERED: Final = 3
_RANKS: Final[Mapping[str, int]] = MappingProxyType(
    {
        PREFIXES["rdfs"] + "label": 1,
        PREFIXES["skos"] + "prefLabel": 1,
        DIP + "isoCode": 2,
        PREFIXES["skos"] + "altLabel": 2,
        DIP + "metonym": 3,
    }
)
"""How near a name of each property is to the thing; a label written exactly so is nearest."""


@dataclass(frozen=True)
class Name:
    """One name of one thing; `rank` 1 is a label, 2 an alias or code, 3 a metonym."""

    iri: str
    text: str
    rank: int


def resolve(engine: Engine, text: str, classes: tuple[str, ...] = ()) -> NamedNode:
    """Return the one thing that `text` names among `classes` (IRIs) and their subclasses.

    Without classes, among everything. Raises EntityNotFound with near names, EntityAmbiguous with
    the candidates, and EntityOfOtherKind where the name is only that of something else, with what
    has to do with that.
    """
    given = text.strip()
    iri = _as_iri(given)
    if iri and _is_one(engine, iri, classes):
        return iri
    names = names_of(engine, classes)
    found = _best(names, given)
    if len(found) == 1:
        return NamedNode(found[0].iri)
    if found:
        raise EntityAmbiguous(given, tuple((name.text, name.iri) for name in found))
    raise _miss(engine, given, iri, classes, names)


def names_of(engine: Engine, classes: tuple[str, ...] = ()) -> list[Name]:
    """Return every name of every thing in `classes` and their subclasses, or of everything.

    A query for each class: Virtuoso follows a path from one class, but not from several.
    """
    text = own_query("names") if classes else own_query("all-names")
    queries = [place_values(text, "class", [NamedNode(each)]) for each in classes] or [text]
    found = (
        Name(row["thing"].value, row["name"].value, _RANKS[row["property"].value])
        for query in queries
        for row in select(engine, query)
        if isinstance(row["thing"], NamedNode)
    )
    return list(dict.fromkeys(found))


def fold(text: str) -> str:
    """Return `text` as names are compared: no case, accents, leading "the" or doubled space."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"^the\s+(?=\S)", "", " ".join(bare.split()))


def _as_iri(text: str) -> NamedNode | None:
    """Return the IRI that `text` writes in full or with one of our prefixes, or None."""
    is_written_out = unwrap(text) != text or "://" in text
    iri = unwrap(text) if is_written_out else expand(text) or ""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _is_one(engine: Engine, iri: NamedNode, classes: tuple[str, ...]) -> bool:
    """Whether the graph knows `iri`, and as one of `classes` where there are any."""
    if not classes:
        return ask(engine, place_terms(own_query("is-known"), {"thing": iri}))
    query = place_values(own_query("is-a"), "class", map(NamedNode, classes))
    return ask(engine, place_terms(query, {"thing": iri}))


def _best(names: Iterable[Name], text: str) -> list[Name]:
    """Return one name a thing of those things that `text` names most directly."""
    named = _named(names, text)
    nearest = named and _directness(named[0], text)
    return [name for name in named if _directness(name, text) == nearest]


def _named(names: Iterable[Name], text: str) -> list[Name]:
    """Return one name a thing of all things that `text` names, the most direct names first."""
    wanted = fold(text)
    named = [name for name in names if fold(name.text) == wanted]
    first: dict[str, Name] = {}
    for name in sorted(named, key=lambda name: _directness(name, text)):
        first.setdefault(name.iri, name)
    return list(first.values())


def _directness(name: Name, text: str) -> int:
    return _EXACT if name.rank == 1 and name.text == text else name.rank


def _miss(
    engine: Engine,
    text: str,
    iri: NamedNode | None,
    classes: tuple[str, ...],
    names: list[Name],
) -> EntityNotFound | EntityOfOtherKind:
    """Return the error for a name that is of nothing wanted: of something else, or of nothing."""
    wanted = " or ".join(map(spell_out, classes)) or "thing"
    others = _named(names_of(engine), text) if classes and not iri else []
    things = [NamedNode(name.iri) for name in others] or ([iri] if iri else [])
    for thing in things:
        if kinds := kinds_of(engine, thing):
            related = _related(engine, things, names)
            rest = [name for name in names if name.iri not in related]
            offered = (*related.values(), *_suggest(text, rest))[:_OFFERED]
            return EntityOfOtherKind(text, " and ".join(kinds), wanted, offered)
    return EntityNotFound(text, wanted, _suggest(text, names))


def _related(engine: Engine, things: Iterable[NamedNode], names: Iterable[Name]) -> dict[str, str]:
    """Return the labels of what has to do with `things` and is of `names`, the nearest first."""
    labels: dict[str, str] = {}
    for name in names:
        if name.rank == 1:
            labels.setdefault(name.iri, name.text)
    rows = select(engine, place_values(own_query("related"), "thing", things))
    near = [row["other"].value for row in rows if row["other"].value in labels]
    return {iri: labels[iri] for iri in near}


def kinds_of(engine: Engine, thing: NamedNode) -> list[str]:
    """Return the labels of the narrowest classes of `thing`."""
    rows = select(engine, place_terms(own_query("kinds"), {"thing": thing}))
    named = {
        row["kind"].value: row["label"].value if row["label"] else spell_out(row["kind"].value)
        for row in rows
        if isinstance(row["kind"], NamedNode)
    }
    return sorted(set(named.values()))


def _suggest(text: str, names: Iterable[Name]) -> tuple[str, ...]:
    """Return up to three names near `text`: spelled like it, or holding it as a word."""
    known = {fold(name.text): name.text for name in names}
    short = {fold(shorten(name.iri)): shorten(name.iri) for name in names if ":" in text}
    near = get_close_matches(fold(text), [*known, *short], _OFFERED, 0.7)
    word = re.compile(rf"\b{re.escape(fold(text))}\b")
    holding = sorted((name for name in known if word.search(name)), key=len)
    return tuple(dict.fromkeys((known | short)[name] for name in [*near, *holding]))[:_OFFERED]
