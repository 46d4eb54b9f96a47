"""The rows of an answer as a table for people: things by their labels, standings counted.

A column `state` and its `stateLabel` are one column here. The standing comes first, and what it is
the standing of; what is the same in every row is told once; a column without any value is none. The
answer itself stays as it is: whoever wants all of it downloads it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    parse_query_results,
)

from kg.engine.requests import Answer, Engine
from kg.labels import labels_of, read_term
from kg.portraits.dates import read_date
from kg.portraits.names import part
from kg.saved_queries.header import spell_out
from kg.vocab import PREFIXES

MOST_ROWS: Final = 20_000
"""Rows that are read and counted; of more, a page tells that there are more."""

FACT: Final = "accepted"
"""The standing of what is taken as fact."""

Pause = Callable[[], None]
"""Is called while many rows are read, so that others can go on."""

_SLICE: Final = 500
_SEVERAL: Final = 2
_LONG_TEXT: Final = "long"
_STANDING: Final = "standing"
_LABEL: Final = "Label"
_ABOUT: Final = re.compile(r"[:\s]+$|\s+about[:\s]+$")
_LONG: Final = 40
"""Characters from which a text needs a broad column."""

_LONGEST: Final = 2000
"""Characters of a value that a page shows."""

_DATE: Final = re.compile(r"\[?-?\d\d[\dX]{2}[-\dX?~%./\]]*", re.ASCII)
"""A date in EDTF; its literal is a string like any other."""

_NUMBERS: Final = frozenset(
    f"{PREFIXES['xsd']}{name}" for name in ("integer", "decimal", "double", "float", "int", "long")
)
_BOOLEAN: Final = f"{PREFIXES['xsd']}boolean"
_WORDS: Final = {"true": "yes", "1": "yes", "false": "no", "0": "no"}


@dataclass(frozen=True)
class Rows:
    """The rows that were read; `is_cut` where the answer has more."""

    columns: tuple[str, ...]
    solutions: Sequence[QuerySolution]
    is_cut: bool

    def as_mappings(self) -> list[Mapping[str, object]]:
        """Return each row as a mapping from column to term."""
        return [{name: row[name] for name in self.columns} for row in self.solutions]


@dataclass(frozen=True)
class Column:
    """A column as it is shown: `kind` is standing, number, date, long or text."""

    name: str
    heading: str
    kind: str


@dataclass(frozen=True)
class Cell:
    """One value: its text, of a thing also the IRI, and the caveat that its label ends with."""

    text: str = ""
    iri: str = ""
    caveat: str = ""


@dataclass(frozen=True)
class Table:
    """Some of the rows; `same` is what every row of the answer has, `unstated` what none has."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    same: tuple[tuple[Column, Cell], ...]
    unstated: tuple[str, ...]


@dataclass(frozen=True)
class _Pair:
    """A column of the table: the variables of the answer that give the thing and its text."""

    name: str
    thing: str
    label: str


def read_rows(answer: Answer, pause: Pause) -> Rows:
    """Return the rows of an answer that came in JSON, MOST_ROWS at most."""
    content = answer.content
    with BytesIO(content) if isinstance(content, bytes) else content as file:
        file.seek(0)
        found = cast("QuerySolutions", parse_query_results(file, QueryResultsFormat.JSON))
        solutions: list[QuerySolution] = []
        for number, row in enumerate(found):
            if number == MOST_ROWS:
                break
            if number % _SLICE == _SLICE - 1:
                pause()
            solutions.append(row)
        is_cut = len(solutions) == MOST_ROWS and next(found, None) is not None
        return Rows(tuple(each.value for each in found.variables), solutions, is_cut)


def count_standings(rows: Rows) -> Counter[str]:
    """Return how many rows have each standing; none where the rows have no such column."""
    name = f"{_STANDING}{_LABEL}"
    if name not in rows.columns:
        return Counter()
    return Counter(row[name].value for row in rows.solutions if row[name] is not None)


def lay_out(engine: Engine, rows: Rows, first: int, count: int) -> Table:
    """Return `count` rows from the row `first` on, counted from 0, as a table.

    `engine` knows the labels that the rows do not have. Raises what Engine.answer raises.
    """
    pairs = list(_pairs(rows.columns))
    stated = [pair for pair in pairs if any(map(_has(pair), rows.solutions))]
    shown = rows.solutions[first : first + count]
    labels = labels_of(engine, set(_unlabelled(stated, shown)))
    cells = [tuple(_read_row(stated, row, labels)) for row in shown]
    columns = [_column(pair, shown, cells, place) for place, pair in enumerate(stated)]
    same = [place for place, pair in enumerate(stated) if _is_same(pair, rows.solutions)]
    order = _in_order(columns, cells, same)
    return Table(
        tuple(columns[place] for place in order),
        tuple(tuple(row[place] for place in order) for row in cells),
        tuple((columns[place], cells[0][place]) for place in same) if cells else (),
        tuple(heading_of(pair.name) for pair in pairs if pair not in stated and shown),
    )


def heading_of(name: str) -> str:
    """Return the name of a variable as a heading: `fromLevelLabel` becomes `From level`."""
    words = spell_out(name.removesuffix(_LABEL) or name)
    return words[:1].upper() + words[1:]


def _pairs(columns: Sequence[str]) -> Iterator[_Pair]:
    """Yield a pair a column, in order; a label that has its thing beside it is no column."""
    for name in columns:
        base = name.removesuffix(_LABEL)
        if base != name and base not in columns:
            yield _Pair(base, "", name)
        elif base == name:
            yield _Pair(name, name, f"{name}{_LABEL}" if f"{name}{_LABEL}" in columns else "")


def _is_same(pair: _Pair, rows: Sequence[QuerySolution]) -> bool:
    """Whether all of several rows have one value; a standing is never told apart from its row."""
    if len(rows) < _SEVERAL or pair.name.lower().endswith(_STANDING):
        return False
    names = [name for name in (pair.thing, pair.label) if name]
    return all(row[name] == rows[0][name] for row in rows for name in names)


def _in_order(
    columns: Sequence[Column], cells: Sequence[Sequence[Cell]], same: Sequence[int]
) -> list[int]:
    """Return the places of the columns to show: the standing, what has it, and the others.

    What has it is told at length, with its caveat: the things with the longest names.
    """
    places = [place for place in range(len(columns)) if place not in same]
    leading = [place for place in places if columns[place].name == _STANDING]
    lengths = {
        place: sum(len(row[place].text) + len(row[place].caveat) for row in cells)
        for place in places
        if columns[place].kind == _LONG_TEXT and any(row[place].iri for row in cells)
    }
    if leading and lengths:
        leading.append(max(lengths, key=lengths.__getitem__))
    return [*leading, *(place for place in places if place not in leading)]


def _has(pair: _Pair) -> Callable[[QuerySolution], bool]:
    names = [name for name in (pair.thing, pair.label) if name]
    return lambda row: any(row[name] is not None for name in names)


def _unlabelled(pairs: Iterable[_Pair], rows: Sequence[QuerySolution]) -> Iterator[str]:
    """Yield the IRIs that have no label in their row."""
    for pair in pairs:
        for row in rows if pair.thing else ():
            term = row[pair.thing]
            if isinstance(term, NamedNode) and not (pair.label and row[pair.label]):
                yield term.value


def _read_row(
    pairs: Sequence[_Pair], row: QuerySolution, labels: Mapping[str, str]
) -> Iterator[Cell]:
    cells = [_read(pair, row, labels) for pair in pairs]
    whole = {cell.text for cell in cells}
    for cell in cells:
        text = _without_others(cell.text, whole) if cell.iri in labels else cell.text
        name, caveat = part(text) if cell.iri else (text, "")
        yield Cell(_cut(name), cell.iri, _cut(caveat))


def _read(pair: _Pair, row: QuerySolution, labels: Mapping[str, str]) -> Cell:
    """Return what a row has in a column: a label goes before the thing's own text."""
    thing = row[pair.thing] if pair.thing else None
    label = row[pair.label] if pair.label else None
    iri = thing.value if isinstance(thing, NamedNode) else ""
    if label is None and isinstance(thing, Literal):
        return Cell(_read_literal(thing))
    return Cell(read_term(thing if label is None else label, labels), iri)


def _read_literal(literal: Literal) -> str:
    """Return a literal as people read it: a truth as yes or no, a date in EDTF in words."""
    text, kind = literal.value, literal.datatype.value
    if kind == _BOOLEAN:
        return _WORDS.get(text, text)
    return read_date(text) if kind not in _NUMBERS and _DATE.fullmatch(text) else text


def _without_others(text: str, others: Iterable[str]) -> str:
    """Return a label without the label of another cell that it ends with.

    `Claim in paragraph 2 about: Visit of X` stands beside `Visit of X`.
    """
    for other in others:
        if other and other != text and text.endswith(other):
            return _ABOUT.sub("", text.removesuffix(other))
    return text


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _column(
    pair: _Pair, rows: Sequence[QuerySolution], cells: Sequence[Sequence[Cell]], place: int
) -> Column:
    return Column(pair.name, heading_of(pair.name), _kind(pair, rows, cells, place))


def _kind(
    pair: _Pair, rows: Sequence[QuerySolution], cells: Sequence[Sequence[Cell]], place: int
) -> str:
    texts = [row[place].text for row in cells if row[place].text]
    terms = [row[pair.thing] for row in rows if row[pair.thing]] if pair.thing else []
    if pair.label and pair.name.lower().endswith(_STANDING):
        return _STANDING
    if terms and all(isinstance(t, Literal) and t.datatype.value in _NUMBERS for t in terms):
        return "text" if pair.label else "number"
    if terms and all(isinstance(t, Literal) and _DATE.fullmatch(t.value) for t in terms):
        return "date"
    return _LONG_TEXT if any(len(text) > _LONG for text in texts) else "text"
