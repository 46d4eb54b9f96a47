"""The JSON-LD context of the graph: the terms of its ontology and its prefixes, by plain names.

A term that shares its name with a prefix (`dip:post`, `post:`) is written with its own prefix, and
so is a term of another vocabulary.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.vocab import PREFIXES, shorten

_OWL: Final = PREFIXES["owl"]
_XSD: Final = PREFIXES["xsd"]
_OURS: Final = "dip"


def read_context(engine: Engine) -> Mapping[str, object]:
    """Return the context document; raises a QueryError where there is no answer."""
    rows = select(engine, own_query("context-terms"))
    aliases = {"id": "@id", "type": "@type"}
    return {"@context": {"@version": 1.1, **aliases, **PREFIXES, **dict(_terms(rows))}}


def _terms(rows: list[QuerySolution]) -> Iterator[tuple[str, object]]:
    for row in rows:
        short = shorten(row["term"].value)
        prefix, colon, plain = short.partition(":")
        if colon and prefix in PREFIXES:
            is_plain = prefix == _OURS and plain not in PREFIXES
            definition = _definition(row, short)
            if is_plain:
                yield plain, definition or short
            elif definition:
                yield short, definition


def _definition(row: QuerySolution, short: str) -> Mapping[str, str] | None:
    """Return the IRI of a property and the type of its values; None where there is none."""
    kind = row["kind"].value.removeprefix(_OWL)
    if kind == "ObjectProperty":
        return {"@id": short, "@type": "@id"}
    least, most = row["least"], row["most"]
    if kind != "DatatypeProperty" or least is None or least != most:
        return None
    is_typed = least.value.startswith(_XSD) and least.value != _XSD + "string"
    return {"@id": short, "@type": shorten(least.value)} if is_typed else None
