"""Reads the names of a build from an engine."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final

from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

from kg.asking import own_query
from kg.engine.requests import Engine, Request
from kg.formats import JSON
from kg.saved_queries import SavedQuery
from kg.searching.names import QUESTION, Entry, Names, Pause, gather
from kg.vocab import spell_out

_COLUMNS: Final = ("thing", "name", "class", "kind", "standing", "group", "isOffice")
_TRUE: Final = ("true", "1")


def read_names(
    engine: Engine, saved: Iterable[SavedQuery], asked: Mapping[str, str], pause: Pause
) -> Names:
    """Return the names of everything that can be found in the engine's build, and `saved`.

    `asked` are questions in the words of people, by the saved query that answers each. Raises what
    Engine.answer raises.
    """
    answer = engine.answer(Request(own_query("all-searchable"), JSON, None, is_own=True))
    found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    questions = (
        (Entry(query.name, query.title, "question", QUESTION, about=_about(query)), name)
        for query in saved
        for name in (query.title, asked.get(query.name))
        if name
    )
    rows = list(found) if isinstance(found, QuerySolutions) else []
    about = {row["thing"].value: row["about"].value for row in rows if row["about"] is not None}
    named = (_entry(row, about) for row in rows if row["name"] is not None)
    return gather(answer.build, chain(questions, named), pause)


def _about(query: SavedQuery) -> str:
    """Return what a saved query tells of itself beside its title."""
    examples = (f"{param.label} {param.example}" for param in query.params)
    return " ".join((query.description, *query.keywords, *examples))


def _entry(row: QuerySolution, about: Mapping[str, str]) -> tuple[Entry, str]:
    """Return what a row of the query names, and how."""
    said = {name: row[name].value for name in _COLUMNS if row[name] is not None}
    kind = said.get("kind") or spell_out(said.get("class", ""))
    entry = Entry(
        said["thing"],
        said["name"],
        kind,
        said["group"],
        said.get("standing", ""),
        about.get(said["thing"], ""),
        is_office=said.get("isOffice") in _TRUE,
    )
    return entry, said["name"]
