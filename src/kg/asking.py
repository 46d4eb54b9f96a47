"""Ask an engine and read its answer back as RDF terms, for the package's own questions.

Not for text from outside: its answers go out as they are.
"""

from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kg.engine.requests import Engine, Request
from kg.formats import JSON, N_TRIPLES
from kg.vocab import minted

QUERIES: Final = Path(__file__).with_name("sparql")


@cache
def own_query(name: str) -> str:
    """Return the text of one of the package's own queries."""
    return minted((QUERIES / f"{name}.rq").read_text("utf-8"))


def select(engine: Engine, query: str) -> list[QuerySolution]:
    """Return the rows of a SELECT."""
    answer = engine.answer(Request(query, rows=JSON, graph=None, is_own=True))
    found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    return list(found) if isinstance(found, QuerySolutions) else []


def ask(engine: Engine, query: str) -> bool:
    """Return the answer of an ASK."""
    answer = engine.answer(Request(query, rows=JSON, graph=None, is_own=True))
    found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    return isinstance(found, QueryBoolean) and bool(found)


def construct(engine: Engine, query: str) -> list[Triple]:
    """Return the triples of a CONSTRUCT."""
    answer = engine.answer(Request(query, rows=None, graph=N_TRIPLES, is_own=True))
    return [quad.triple for quad in parse(answer.body, RdfFormat.N_TRIPLES)]
