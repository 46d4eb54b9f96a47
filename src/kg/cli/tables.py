"""Rows as a table for people: things by their labels, long text wrapped, nothing cut off.

Where the columns do not fit beside each other, each row is laid out as lines of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Final

import click
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.engine.requests import Answer, Engine
from kg.labels import labels_of, read_term

NARROWEST: Final = 14
"""The least room a column of longer text needs to be readable."""

NO_ROWS: Final = "no rows: the graph does not say (an empty answer means not known, not no)"


def lay_out(engine: Engine, answer: Answer, width: int | None = None) -> str:
    """Return the rows of an answer in JSON as a table, for the terminal or so many columns wide.

    Where an answer has `state` and `stateLabel`, the table shows the label only.
    """
    found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return "yes\n" if found else "no\n"
    columns = readable([variable.value for variable in found.variables])
    terms = [[row[name] for name in columns] for row in found]
    iris = {term.value for row in terms for term in row if isinstance(term, NamedNode)}
    labels = labels_of(engine, iris) if iris else {}
    rows = [[clean(text) for text in _read_row(row, labels)] for row in terms]
    click.echo(f"{len(rows)} row{'s' * (len(rows) != 1)}" if rows else NO_ROWS, err=True)
    return render([name.removesuffix("Label") for name in columns], rows, width)


def _read_row(row: Sequence[object], labels: Mapping[str, str]) -> Iterator[str]:
    """Yield each term as people read it; a thing whose label stands beside it by its name."""
    texts = {term.value for term in row if isinstance(term, Literal)}
    for term in row:
        text = read_term(term, labels)
        is_told = isinstance(term, NamedNode) and text in texts
        yield read_term(term, {}) if is_told else text


def readable(columns: Sequence[str]) -> list[str]:
    """Return the columns without those whose label stands in a column of its own."""
    return [name for name in columns if f"{name}Label" not in columns]


def render(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> str:
    """Return `rows` under `columns` as text, in the colours that the terminal takes."""
    console = make_console(width)
    with console.capture() as capture:
        if fits(columns, rows, console.width):
            console.print(_table(columns, rows))
        else:
            _print_records(console, columns, rows)
    return "\n".join(line.rstrip() for line in capture.get().strip("\n").split("\n")) + "\n"


def make_console(width: int | None = None) -> Console:
    """Return a console for standard output, or for text of so many columns without colours."""
    if width is None:
        return Console(highlight=False, soft_wrap=False)
    return Console(file=StringIO(), width=width, highlight=False)


def clean(text: str) -> str:
    """Return `text` without what a terminal would obey instead of showing."""
    return "".join(
        c if c.isprintable() or c == "\n" else "\ufffd" if c != "\t" else " " for c in text
    )


def fits(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the columns have room beside each other, long text wrapped."""
    needed = (
        max(cell_len(name), *(min(cell_len(row[i]), NARROWEST) for row in rows), 0)
        for i, name in enumerate(columns)
    )
    return sum(room + 3 for room in needed) <= width


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        table.add_column(Text(name), overflow="fold", vertical="top")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _print_records(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print each row as a block of lines, a column each; columns without a value are left out."""
    for row in rows:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in zip(columns, row, strict=True):
            if value:
                grid.add_row(Text(name), Text(value))
        console.print(grid)
        console.print()
