"""The beginning of an answer, read back for people: what a page shows of it.

The answer stays whole; whoever wants all of it downloads it. However large it is, no more than
its beginning is held here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from pyoxigraph import QueryBoolean, QuerySolution, QuerySolutions, parse_query_results

from kg.engine.requests import Answer
from kg.formats import JSON, TURTLE

ROWS: Final = JSON
"""The form that rows and booleans must come in."""

GRAPH: Final = TURTLE
"""The form that a graph must come in."""

MOST_LINES: Final = 1000
_MOST_BYTES: Final = 1 << 20
"""Of a graph."""

_SLICE: Final = 5000
"""Cells that are read before others go on."""

Pause = Callable[[], None]
"""Is called while many rows are read, so that others can go on."""


@dataclass(frozen=True)
class Bounds:
    """How much of an answer is read: rows, cells, and characters of all values."""

    rows: int
    cells: int
    characters: int


BEGINNING: Final = Bounds(1000, 10_000, 1 << 20)
"""What one page can show of rows that somebody asks for."""


@dataclass(frozen=True)
class Rows:
    """The rows that were read; `is_cut` where the answer has more."""

    columns: tuple[str, ...]
    solutions: Sequence[QuerySolution]
    is_cut: bool

    def as_mappings(self) -> list[Mapping[str, object]]:
        """Return each row as a mapping from column to term."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.solutions]


@dataclass(frozen=True)
class Text:
    """The first lines of a graph in Turtle; `is_cut` where it has more."""

    text: str
    is_cut: bool


Excerpt = Rows | Text | bool


def read_excerpt(answer: Answer, pause: Pause, bounds: Bounds = BEGINNING) -> Excerpt:
    """Return the beginning of an answer that came as ROWS or GRAPH: one row at least, of any."""
    if answer.kind == "graph":
        return _text(answer)
    content = answer.content
    with BytesIO(content) if isinstance(content, bytes) else content as file:
        file.seek(0)
        found = parse_query_results(file, ROWS.oxigraph)
        return bool(found) if isinstance(found, QueryBoolean) else _rows(found, pause, bounds)


def _text(answer: Answer) -> Text:
    taken = b""
    for chunk in answer.chunks():
        taken += chunk
        if len(taken) > _MOST_BYTES:
            break
    lines = taken.split(b"\n")
    shown = lines[:MOST_LINES]
    is_cut = len(taken) < answer.size or len(lines) > len(shown)
    return Text(b"\n".join(shown).decode(errors="replace").rstrip(), is_cut)


def _rows(found: QuerySolutions, pause: Pause, bounds: Bounds) -> Rows:
    columns = tuple(variable.value for variable in found.variables)
    width = max(len(columns), 1)
    most = max(min(bounds.rows, bounds.cells // width), 1)
    often = max(_SLICE // width, 1)
    solutions: list[QuerySolution] = []
    characters = 0
    for row in found:
        characters += sum(len(str(term)) for term in row if term is not None)
        if len(solutions) == most or (solutions and characters > bounds.characters):
            return Rows(columns, solutions, is_cut=True)
        solutions.append(row)
        if len(solutions) % often == 0:
            pause()
    return Rows(columns, solutions, is_cut=False)
