"""The rows of an answer as a table for people: things by their labels, standings counted.

A column `state` and its `stateLabel` are one column here. The standing comes first, and what it is
the standing of; what is the same in every row is told once, except what says how sure a row is; a
column without any value is none. The answer itself stays as it is: whoever wants all of it
downloads it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, Triple

from kg.engine.requests import Engine
from kg.excerpts import Bounds, Rows
from kg.labels import labels_of, read_term
from kg.portraits.dates import read_date
from kg.portraits.names import part, shown
from kg.vocab import PREFIXES, shorten, spell_out

COUNTED: Final = Bounds(20_000, 1_000_000, 1 << 26)
"""What is read and counted of a saved query; of more, a page tells that there is more."""

MOST_COLUMNS: Final = 100
"""Columns that are shown of a query of somebody's own."""

FACT: Final = "accepted"
"""The standing of what is taken as fact."""

_SEVERAL: Final = 2
_LONG_TEXT: Final = "long"
_STANDING: Final = "standing"
_SITUATION: Final = "situation"
_LABEL: Final = "Label"
_WORTH: Final = re.compile(
    "(?:standing|basis|certainty|actuality|polarity|wording|cue|status|presupposed)$", re.IGNORECASE
)
"""Ends the names of columns that say how sure a row is."""

_ABOUT: Final = re.compile(r"[:\s]+$|\s+about[:\s]+$")
_LONG: Final = 40
"""Characters from which a text needs a broad column."""

_DATE: Final = re.compile(r"\[?-?\d\d[\dX]{2}[-\dX?~%./\]]*", re.ASCII)
"""A date in EDTF; its literal is a string like any other."""

_NUMBERS: Final = frozenset(
    f"{PREFIXES['xsd']}{name}" for name in ("integer", "decimal", "double", "float", "int", "long")
)
_BOOLEAN: Final = f"{PREFIXES['xsd']}boolean"
_WORDS: Final = {"true": "yes", "1": "yes", "false": "no", "0": "no"}


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

    @property
    def name(self) -> str:
        """How queries write the thing."""
        return shorten(self.iri)


@dataclass(frozen=True)
class Table:
    """Some of the rows; `same` is what every row of the answer has, `unstated` what none has."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    same: tuple[tuple[Column, Cell], ...] = ()
    unstated: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Pair:
    """A column of the table: the variables of the answer that give the thing and its text."""

    name: str
    thing: str
    label: str


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
    some = rows.solutions[first : first + count]
    labels = labels_of(engine, set(_unlabelled(stated, some)))
    cells = [tuple(_read_row(stated, row, labels)) for row in some]
    columns = [_column(pair, some, cells, place) for place, pair in enumerate(stated)]
    same = [place for place, pair in enumerate(stated) if _is_same(pair, rows.solutions)]
    order = _in_order(columns, cells, same)
    return Table(
        tuple(columns[place] for place in order),
        tuple(tuple(row[place] for place in order) for row in cells),
        tuple((columns[place], cells[0][place]) for place in same) if cells else (),
        tuple(heading_of(pair.name) for pair in pairs if pair not in stated and some),
    )


def lay_out_as_asked(engine: Engine, rows: Rows) -> Table:
    """Return all rows under the names of their variables, the first MOST_COLUMNS, values as said.

    `engine` knows the labels. Raises what Engine.answer raises.
    """
    solutions = [[*row][:MOST_COLUMNS] for row in rows.solutions]
    iris = {term.value for row in solutions for term in row if isinstance(term, NamedNode)}
    labels = labels_of(engine, iris)
    return Table(
        tuple(Column(name, name, "text") for name in rows.columns[:MOST_COLUMNS]),
        tuple(tuple(_as_said(term, labels) for term in row) for row in solutions),
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
    """Whether all of several rows have one value; how sure a row is stays in the row."""
    if len(rows) < _SEVERAL or _WORTH.search(pair.name):
        return False
    names = [name for name in (pair.thing, pair.label) if name]
    return all(row[name] == rows[0][name] for row in rows for name in names)


def _in_order(
    columns: Sequence[Column], cells: Sequence[Sequence[Cell]], same: Sequence[int]
) -> list[int]:
    """Return the places of the columns to show: the standing, what has it, and the others.

    What has it is the situation, or told at length, with its caveat: what has the longest names.
    """
    places = [place for place in range(len(columns)) if place not in same]
    leading = [place for place in places if columns[place].name == _STANDING]
    lengths = {
        place: sum(len(row[place].text) + len(row[place].caveat) for row in cells)
        for place in places
        if columns[place].kind == _LONG_TEXT and any(row[place].iri for row in cells)
    }
    if leading and lengths:
        leading.append(max(lengths, key=lambda at: (columns[at].name == _SITUATION, lengths[at])))
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
        yield Cell(shown(name), cell.iri, shown(caveat))


def _read(pair: _Pair, row: QuerySolution, labels: Mapping[str, str]) -> Cell:
    """Return what a row has in a column: a label goes before the thing's own text."""
    thing = row[pair.thing] if pair.thing else None
    label = row[pair.label] if pair.label else None
    iri = thing.value if isinstance(thing, NamedNode) else ""
    if label is None and isinstance(thing, Literal):
        return Cell(_read_literal(thing))
    return Cell(read_term(thing if label is None else label, labels), iri)


def _as_said(term: object, labels: Mapping[str, str]) -> Cell:
    is_bare = isinstance(term, (BlankNode, Triple))
    name, caveat = part(str(term) if is_bare else read_term(term, labels))
    return Cell(shown(name), term.value if isinstance(term, NamedNode) else "", shown(caveat))


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
