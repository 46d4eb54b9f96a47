"""The beginning of an answer, read back for people: what a page shows of it.

The answer stays whole; whoever wants all of it downloads it. However large it is, no more than
its beginning is held here.
"""

from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from kg.engine.requests import Answer, Engine
from kg.formats import JSON, TURTLE
from kg.labels import labels_of, read_term
from kg.vocab import shorten

ROWS: Final = JSON
"""The form that rows and booleans must come in."""

GRAPH: Final = TURTLE
"""The form that a graph must come in."""

MOST_ROWS: Final = 1000
MOST_LINES: Final = 1000
MOST_CHARACTERS: Final = 2000
"""Of one value; what is cut ends in an ellipsis."""

_MOST_OF_ALL: Final = 1 << 20
"""Characters of all values, bytes of a graph."""

_MOST_LABELS: Final = 3000

_Term = NamedNode | BlankNode | Literal | Triple
_Row = list[_Term | None]


@dataclass(frozen=True)
class Cell:
    """One value: `text` as people read it; of a thing also its IRI and how queries write it."""

    text: str
    iri: str = ""
    name: str = ""


@dataclass(frozen=True)
class Table:
    """The first rows; `is_cut` where the answer has more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_cut: bool


@dataclass(frozen=True)
class Text:
    """The first lines of a graph in Turtle; `is_cut` where it has more."""

    text: str
    is_cut: bool


Excerpt = Table | Text | bool


def read_excerpt(engine: Engine, answer: Answer) -> Excerpt:
    """Return the beginning of an answer that came as ROWS or GRAPH; `engine` knows the labels."""
    if answer.kind == "graph":
        return _text(answer)
    content = answer.content
    with BytesIO(content) if isinstance(content, bytes) else content as file:
        file.seek(0)
        found = parse_query_results(file, ROWS.oxigraph)
        if isinstance(found, QueryBoolean):
            return bool(found)
        return _table(engine, found)


def _text(answer: Answer) -> Text:
    taken = b""
    for chunk in answer.chunks():
        taken += chunk
        if len(taken) > _MOST_OF_ALL:
            break
    lines = taken.split(b"\n")
    shown = lines[:MOST_LINES]
    is_cut = len(taken) < answer.size or len(lines) > len(shown)
    return Text(b"\n".join(shown).decode(errors="replace").rstrip(), is_cut)


def _table(engine: Engine, found: QuerySolutions) -> Table:
    columns = tuple(variable.value for variable in found.variables)
    rows, is_cut = _rows(found, columns)
    things = {term.value for row in rows for term in row if isinstance(term, NamedNode)}
    labels = labels_of(engine, islice(sorted(things), _MOST_LABELS))
    shown = tuple(tuple(_cell(term, labels) for term in row) for row in rows)
    return Table(columns, shown, is_cut)


def _rows(found: QuerySolutions, columns: tuple[str, ...]) -> tuple[list[_Row], bool]:
    """Return the first rows, and whether there are more."""
    rows: list[_Row] = []
    characters = 0
    for solution in found:
        row = [solution[column] for column in columns]
        characters += sum(len(str(term)) for term in row)
        if len(rows) == MOST_ROWS or characters > _MOST_OF_ALL:
            return rows, True
        rows.append(row)
    return rows, False


def _cell(term: _Term | None, labels: dict[str, str]) -> Cell:
    if isinstance(term, NamedNode):
        return Cell(_cut(read_term(term, labels)), term.value, shorten(term.value))
    return Cell(_cut(str(term) if isinstance(term, (BlankNode, Triple)) else read_term(term, {})))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
