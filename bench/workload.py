"""What is asked: the same questions of every server, and different texts each time.

A comment with a number ends each text, so that no server can answer from memory what it was asked
before, unless a row is about just that. Ours has an address for a saved query; the other servers
get the text that it stands for.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from kg.config import read_config
from kg.placing import place_terms
from kg.saved_queries import read_saved_query

JSON, CSV, N_TRIPLES = "application/sparql-results+json", "text/csv", "application/n-triples"
PREFIXES: Final = (
    "PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
POINT: Final = "SELECT ?p ?o WHERE { %s ?p ?o }"
TWO_HOPS: Final = (
    "SELECT ?claim ?label WHERE { ?situation dip:sendingState %s . "
    "?claim dip:about ?situation ; rdfs:label ?label } LIMIT 100"
)
AGGREGATION: Final = (
    "SELECT ?kind (COUNT(?claim) AS ?n) WHERE { ?claim dip:about/dip:kind ?kind } "
    "GROUP BY ?kind ORDER BY ?kind"
)
SCAN: Final = (
    "SELECT ?standing (COUNT(?s) AS ?n) WHERE { ?s dip:standing ?standing } GROUP BY ?standing"
)
ROWS: Final = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 100000"
TRIPLES: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 100000"
SITUATIONS: Final = "SELECT DISTINCT ?x WHERE { ?x dip:standing ?y } LIMIT 2000"
STATES: Final = "SELECT DISTINCT ?x WHERE { ?x a dip:State ; dip:isoCode ?y } LIMIT 500"

HOSTILE: Final = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f",
    "SELECT (COUNT(*) AS ?n) WHERE { ?a (dip:concerns|^dip:concerns)* ?b . ?b (!dip:x)* ?c }",
    "SELECT (GROUP_CONCAT(?l) AS ?x) WHERE { ?a rdfs:label ?l . ?b rdfs:label ?m }",
)
"""Queries that run into a deadline or need all memory (cross products, sorting, closures)."""

NESTED: Final = "SELECT (" + "STR(" * 3000 + "1" + ")" * 3000 + " AS ?x) WHERE {}"
"""A query that overflows the stack of a parser that calls itself."""


@dataclass(frozen=True)
class Workload:
    """The questions over one build; the things they ask about are taken from it."""

    situations: tuple[str, ...]
    states: tuple[str, ...]
    timeline: str

    def text(self, row: str, number: int) -> str:
        """Return the text of a row; a number gives the same text each time."""
        if row == "saved query":
            since, until = _days(number)
            days = {"since": _date(since), "until": _date(until)}
            return place_terms(self.timeline, days)
        subject = random.Random(number)  # noqa: S311 - chosen so that it can be repeated
        text = {
            "point query": POINT % subject.choice(self.situations),
            "two-hop join": TWO_HOPS % subject.choice(self.states),
        }.get(row) or FIXED[row][0]
        return f"{PREFIXES}{text} # {number}"


FIXED: Final = {
    "aggregation": (AGGREGATION, JSON),
    "scan": (SCAN, JSON),
    "export, JSON": (ROWS, JSON),
    "export, CSV": (ROWS, CSV),
    "export, CONSTRUCT": (TRIPLES, N_TRIPLES),
    "repeated GET": (AGGREGATION, JSON),
}
ROWS_OF_TABLE: Final = ("point query", "saved query", "two-hop join", *FIXED)
MIX: Final = (("point query", 10), ("two-hop join", 5), ("saved query", 3), ("aggregation", 1))
"""What eight clients ask, and how often of 19 times."""

_DATE: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


def read_workload(store: ox.Store) -> Workload:
    """Return the questions over a store."""
    query = read_saved_query(read_config().root / "queries" / "timeline.rq")
    return Workload(_things(store, SITUATIONS), _things(store, STATES), query.text)


def _things(store: ox.Store, query: str) -> tuple[str, ...]:
    rows = store.query(PREFIXES + query)
    return tuple(sorted(str(row["x"]) for row in rows))  # type: ignore[union-attr]


def _days(number: int) -> tuple[date, date]:
    """Return days before and after all that the graphs tell of, no pair twice."""
    rest, first = divmod(number, 300_000)
    return date(1000, 1, 1) + timedelta(first), date(3000, 1, 1) + timedelta(rest)


def _date(day: date) -> ox.Literal:
    return ox.Literal(str(day), datatype=_DATE)


def request(server: str, path: str, row: str, workload: Workload, number: int) -> bytes:
    """Return the bytes of a request."""
    accept = FIXED.get(row, ("", JSON))[1]
    if row == "saved query" and server == "ours":
        since, until = _days(number)
        return _get(f"/queries/timeline?since={since}&until={until}", accept)
    if row == "repeated GET":
        number = 0
    return get(path, workload.text(row, number), accept)


def get(path: str, query: str, accept: str = JSON) -> bytes:
    """Return the bytes of a GET of a query."""
    return _get(f"{path}?query={quote(query)}", accept)


def _get(target: str, accept: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()


def post(path: str, query: str) -> bytes:
    """Return the bytes of a POST of a query, for those that are too long for a GET."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    return f"{head}Content-Length: {len(query)}\r\n\r\n{query}".encode()


def requests(server: str, path: str, row: str, workload: Workload, first: int) -> Iterator[bytes]:
    """Yield requests of a row, no text twice, that begin with a number."""
    for number in itertools.count(first):
        yield request(server, path, row, workload, number)


def mixed(server: str, path: str, workload: Workload, first: int) -> Iterator[bytes]:
    """Yield requests of all rows of MIX in a random order."""
    chance = random.Random(first)  # noqa: S311 - chosen so that it can be repeated
    names, weights = [name for name, _ in MIX], [weight for _, weight in MIX]
    for number in itertools.count(first):
        yield request(server, path, chance.choices(names, weights)[0], workload, number)


def hostile(path: str, first: int) -> Iterator[bytes]:
    """Yield requests that need more time or memory than anyone should get, in the same order."""
    for number in itertools.count():
        yield get(path, f"{PREFIXES}{HOSTILE[number % len(HOSTILE)]} # {first}-{number}")
