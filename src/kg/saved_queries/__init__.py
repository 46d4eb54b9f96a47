"""Saved queries: self-describing .rq files with typed parameters.

A file is valid SPARQL that runs in any tool; its `#+` lines are TOML. A parameter is a variable
of the same name: its value, always an RDF term, stands wherever the variable is written. An item
of the outermost SELECT or GROUP BY may be a parameter too: the column then holds the value.
A required parameter has neither `default` nor `optional = true`. An optional one that is not
given stays a variable, so the query answers for all values.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.placing import Term, place_terms
from kg.saved_queries.header import Param
from kg.saved_queries.reading import (
    SavedQuery,
    find_saved_query,
    query_names,
    read_folder,
    read_saved_queries,
    read_saved_query,
)
from kg.saved_queries.values import bind_params, choices

if TYPE_CHECKING:
    from kg.engine.requests import Engine

__all__ = [
    "Param",
    "SavedQuery",
    "Term",
    "bind",
    "choices",
    "fill",
    "find_saved_query",
    "place",
    "query_names",
    "read_folder",
    "read_saved_queries",
    "read_saved_query",
]


def bind(query: SavedQuery, given: Mapping[str, str], engine: "Engine") -> dict[str, Term]:
    """Return the term of each parameter of `query` that has a value, given or by default.

    Raises ParameterError where a name or a value does not fit, with what would.
    """
    return bind_params(query.params, given, engine)


def place(query: SavedQuery, values: Mapping[str, Term]) -> str:
    """Return the text of `query` with `values` in the places of its parameters."""
    return place_terms(query.text, values)


def fill(query: SavedQuery, given: Mapping[str, str], engine: "Engine") -> str:
    """Return the text to answer: `query` with what was given bound and placed."""
    return place(query, bind(query, given, engine))
