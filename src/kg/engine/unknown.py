"""Finds names of this graph's own that lead nowhere, so that no typo passes for an empty answer.

Not here: names of other vocabularies, and what a query means; only which names it writes.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import Literal, NamedNode, Store

from kg.engine.tokens import Token, tokenize
from kg.vocab import BASE, DIP, PREFIXES, shorten

_ONTOLOGY: Final = NamedNode(BASE + "ontology")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_NAMED_BY: Final = tuple(
    NamedNode(iri)
    for iri in (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "altLabel", DIP + "isoCode")
)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CANDIDATES: Final = 100_000
"""The most names that are looked through for near ones."""

_SUGGESTIONS: Final = 3


def explain_unknown_names(store: Store, text: str) -> str:
    """Return a sentence for each name in a SELECT that nothing in the store has; "" where all do.

    Other query forms may ask whether a thing exists, and are left alone.
    """
    unknown = [iri for iri in names_asked_with(text) if not _is_known(store, iri)]
    return "; ".join(_explain(store, iri) for iri in unknown)


def names_asked_with(text: str) -> list[str]:
    """Return the IRIs under our base that a SELECT asks with, each once; none of other forms."""
    tokens = tokenize(text)
    return list(dict.fromkeys(_own_names(tokens))) if _is_select(tokens) else []


def _is_select(tokens: Sequence[Token]) -> bool:
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    words = (text.upper() for kind, text in tokens if kind == "words")
    return next((word for word in words if word in forms), "") == "SELECT"


def _own_names(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the IRIs under our base that the text asks with: not those of BASE and PREFIX lines."""
    prefixes, base = dict(PREFIXES), ""
    before = ("", "")
    for place, (kind, text) in enumerate(tokens):
        declares = before[1].upper() if before[0] == "words" else ""
        if kind == "iri" and declares == "BASE":
            base = _resolve(text, base)
        elif kind == "name" and declares == "PREFIX":
            pass
        elif kind == "iri" and _declares_prefix(tokens, place):
            prefixes[before[1].removesuffix(":")] = _resolve(text, base)
        elif kind in ("iri", "name"):
            iri = _resolve(text, base) if kind == "iri" else _expand(text, prefixes)
            if iri.startswith(BASE) and iri[-1] not in "/#":
                yield iri
        before = (kind, text)


def _declares_prefix(tokens: Sequence[Token], place: int) -> bool:
    return place > 1 and tokens[place - 2][1].upper() == "PREFIX"


def _resolve(text: str, base: str) -> str:
    """Return the IRI that `<…>` stands for, as it is where it is absolute: urljoin drops its `#`.

    Without a BASE line a relative one stays so: it may be no IRI at all, but `?a<?b && ?c>?d`.
    """
    iri = _unescape(text[1:-1])
    return iri if _ABSOLUTE.match(iri) or not base else urljoin(base, iri)


def _unescape(text: str) -> str:
    r"""Return an IRI with its `\uXXXX` and `\UXXXXXXXX` as the characters they stand for."""
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), text)


def _expand(name: str, prefixes: dict[str, str]) -> str:
    prefix, _, rest = name.partition(":")
    return prefixes.get(prefix, "") + rest.replace("\\", "").rstrip(".")


def _is_known(store: Store, iri: str) -> bool:
    node = NamedNode(iri)
    if iri.startswith(DIP) and next(store.quads_for_pattern(_ONTOLOGY, None, None), None) is None:
        return True
    places = ((node, None, None), (None, None, node), (None, node, None), (None, None, None, node))
    return any(next(store.quads_for_pattern(*place), None) is not None for place in places)


def _explain(store: Store, iri: str) -> str:
    names = {
        quad.subject.value
        for quad in islice(store.quads_for_pattern(None, _TYPE, None, None), _CANDIDATES)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
    }
    alike = dict.fromkeys([*_called(store, iri), *_near(iri, names)])
    near = " or ".join(map(shorten, islice(alike, _SUGGESTIONS)))
    return f"{shorten(iri)} is no name in this graph" + (f"; did you mean {near}?" if near else "")


def _called(store: Store, iri: str) -> list[str]:
    """Return the things that have the last part of `iri` as a name, such as `ttp` or `uae`."""
    word = _letters(_last_part(iri))
    return [
        quad.subject.value
        for property_ in _NAMED_BY
        for quad in islice(store.quads_for_pattern(None, property_, None, None), _CANDIDATES)
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
        and _letters(quad.object.value) == word
    ]


def _near(iri: str, names: set[str]) -> list[str]:
    """Return names like this one: near ones of its kind, those that hold it, its like elsewhere."""
    word = _last_part(iri).lower()
    kind = iri[: -len(word)]
    lowered = {
        _last_part(name).lower(): name
        for name in sorted(names)
        if name[: -len(_last_part(name))] == kind
    }
    close = [lowered[key] for key in get_close_matches(word, lowered)]
    holding = [name for key, name in lowered.items() if word in key]
    elsewhere = sorted(name for name in names if _last_part(name).lower() == word)
    return [*close, *holding, *elsewhere]


def _last_part(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _letters(name: str) -> str:
    """Return a name as names are compared here: `TTP` and `ttp`, `e-Taliban` and `e taliban`."""
    return "".join(filter(str.isalnum, name.casefold()))
