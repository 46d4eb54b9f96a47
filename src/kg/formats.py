"""The formats an answer can have, and the choice among them for an Accept header or a short name.

Pure: no store, no web framework. Serializing is done by the engine, with pyoxigraph.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

import pyoxigraph

from kg.errors import NotAcceptable


@dataclass(frozen=True)
class Format:
    """A way to write an answer down."""

    name: str
    """The short name: `?format=` and `--format`."""

    media_type: str
    extension: str
    """Of a file in this format, without the dot."""

    aliases: tuple[str, ...] = ()
    """Other names and media types that clients use for it."""


@dataclass(frozen=True)
class ResultFormat(Format):
    """A format of rows and of a boolean."""

    @property
    def oxigraph(self) -> pyoxigraph.QueryResultsFormat:
        """The same format as pyoxigraph names it."""
        found = pyoxigraph.QueryResultsFormat.from_media_type(self.media_type)
        return _known(found, self.media_type)


@dataclass(frozen=True)
class RdfFormat(Format):
    """A format of a graph."""

    @property
    def oxigraph(self) -> pyoxigraph.RdfFormat:
        """The same format as pyoxigraph names it."""
        return _known(pyoxigraph.RdfFormat.from_media_type(self.media_type), self.media_type)


_SHOWN: Final = 80
"""Characters of a header that a message repeats."""

F = TypeVar("F", bound=Format)
T = TypeVar("T")

JSON: Final = ResultFormat("json", "application/sparql-results+json", "srj", ("application/json",))
XML: Final = ResultFormat(
    "xml", "application/sparql-results+xml", "srx", ("application/xml", "text/xml")
)
CSV: Final = ResultFormat("csv", "text/csv", "csv")
TSV: Final = ResultFormat("tsv", "text/tab-separated-values", "tsv")

TURTLE: Final = RdfFormat("ttl", "text/turtle", "ttl", ("turtle",))
N_TRIPLES: Final = RdfFormat("nt", "application/n-triples", "nt", ("ntriples", "n-triples"))
RDF_XML: Final = RdfFormat(
    "rdfxml", "application/rdf+xml", "rdf", ("xml", "rdf", "application/xml", "text/xml")
)
JSON_LD: Final = RdfFormat(
    "jsonld", "application/ld+json", "jsonld", ("json", "json-ld", "application/json")
)
TRIG: Final = RdfFormat("trig", "application/trig", "trig")
N_QUADS: Final = RdfFormat("nq", "application/n-quads", "nq", ("nquads", "n-quads"))

HTML: Final = Format("html", "text/html", "html", ("application/xhtml+xml",))
"""A page for people."""

RESULT_FORMATS: Final = (JSON, XML, CSV, TSV)
"""Formats of rows; the first is the default, and wins a tie."""

RDF_FORMATS: Final = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, TRIG, N_QUADS)
"""Formats of graphs; the first is the default, and wins a tie."""

BY_EXTENSION: Final[Mapping[str, RdfFormat]] = {each.extension: each for each in RDF_FORMATS}
"""Formats of graphs by the ending of the address of a document."""


def by_name(name: str) -> ResultFormat | RdfFormat:
    """Return the format with this name, alias, extension or media type; `json`, `xml` mean rows.

    Raises NotAcceptable, listing the names, where there is none.
    """
    rows, graph = named(name)
    found = rows or graph
    if found is None:
        raise NotAcceptable(f"no format {name!r}; there are {names()}")
    return found


def named(name: str) -> tuple[ResultFormat | None, RdfFormat | None]:
    """Return the rows format and the graph format of this name, alias, extension or media type."""
    wanted = name.strip().lower()
    return _first(RESULT_FORMATS, wanted), _first(RDF_FORMATS, wanted)


def choose(accept: str | None, offered: Sequence[F]) -> F:
    """Return the format that an Accept header likes best, as RFC 9110, 12.5.1 says.

    The most specific range that fits a format gives its weight; ties go to the earlier of
    `offered`, and no header at all to the first. Raises NotAcceptable, listing what is offered.
    """
    found = _best(accept, offered)
    if found is None:
        raise NotAcceptable(_nothing_in(accept, offered))
    return found


def negotiate(
    accept: str | None, name: str | None = None
) -> tuple[ResultFormat | None, RdfFormat | None]:
    """Return the formats for rows and for a graph, None where that kind is not acceptable.

    A `name` (`?format=`) goes before the header. Raises NotAcceptable where neither kind is.
    """
    rows, graph = _liked(accept) if name is None else named(name)
    if rows is None and graph is None:
        raise NotAcceptable(
            _nothing_in(accept, (*RESULT_FORMATS, *RDF_FORMATS))
            if name is None
            else f"no format {name[:_SHOWN]!r}; there are {names()}"
        )
    return rows, graph


@lru_cache(maxsize=256)
def prefers_html(accept: str | None) -> bool:
    """Whether an Accept header likes HTML better than any data; programs say neither."""
    return bool(accept) and _best(accept, (*RESULT_FORMATS, *RDF_FORMATS, HTML)) is HTML


def names() -> str:
    """Return the short names of all formats, for a message."""
    return ", ".join(each.name for each in (*RESULT_FORMATS, *RDF_FORMATS))


def media_types(offered: Sequence[Format]) -> str:
    """Return the media types of `offered`, for a message."""
    return ", ".join(each.media_type for each in offered)


def _nothing_in(accept: str | None, offered: Sequence[Format]) -> str:
    shown = (accept or "")[:_SHOWN]
    return f"nothing offered is in {shown!r}; offered: {media_types(offered)}"


def _known(found: T | None, media_type: str) -> T:
    if found is None:
        raise TypeError(f"pyoxigraph does not know {media_type}")
    return found


def _first(offered: Sequence[F], wanted: str) -> F | None:
    return next((each for each in offered if wanted in _names(each)), None)


def _names(each: Format) -> tuple[str, ...]:
    return each.name, each.extension, each.media_type, *each.aliases


@lru_cache(maxsize=256)
def _liked(accept: str | None) -> tuple[ResultFormat | None, RdfFormat | None]:
    """Return the formats that a header likes best; most clients send one of a few headers."""
    return _best(accept, RESULT_FORMATS), _best(accept, RDF_FORMATS)


def _best(accept: str | None, offered: Sequence[F]) -> F | None:
    if not accept or not accept.strip():
        return offered[0]
    ranges = _ranges(accept)
    weights = [_weight_of(each, ranges) for each in offered]
    best = max(weights)
    return offered[weights.index(best)] if best > 0 else None


def _ranges(accept: str) -> dict[str, float]:
    """Return the weight of each media range; what is not a number weighs nothing."""
    parts = (part.split(";") for part in accept.lower().split(","))
    return {name.strip(): _quality(parameters) for name, *parameters in parts}


def _quality(parameters: Sequence[str]) -> float:
    pairs = (parameter.strip().partition("=") for parameter in parameters)
    given = [value for name, _, value in pairs if name == "q"]
    try:
        quality = float(given[0]) if given else 1.0
    except ValueError:
        return 0.0
    return min(quality, 1.0) if math.isfinite(quality) else 0.0


def _weight_of(offer: Format, ranges: Mapping[str, float]) -> float:
    kind = offer.media_type.partition("/")[0]
    return _weight(kind, (offer.media_type, *offer.aliases), ranges)


def _weight(kind: str, media_types: Iterable[str], ranges: Mapping[str, float]) -> float:
    """Return the weight of what has these media types: the most specific range that fits counts."""
    exact = [ranges[name] for name in media_types if name in ranges]
    if exact:
        return max(exact)
    return ranges.get(f"{kind}/*", ranges.get("*/*", 0.0))
