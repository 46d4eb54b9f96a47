"""How an answer leaves the program: as a table for people, or in a format, whole or not at all."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from kg.engine.requests import Answer, Engine, Request
from kg.errors import KgError, NotAcceptable
from kg.formats import JSON, RDF_FORMATS, RESULT_FORMATS, TSV, TURTLE, named

TABLE: Final = "table"
FORMATS: Final = (TABLE, *(each.name for each in (*RESULT_FORMATS, *RDF_FORMATS)))


@dataclass(frozen=True)
class Wanted:
    """The form in which an answer is wanted: a format, or the one that fits; a file, or stdout."""

    format: str | None = None
    output: Path | None = None

    @property
    def name(self) -> str:
        """The format's name, or empty: that which was asked for, or that of the file's ending."""
        ending = self.output.suffix.removeprefix(".") if self.output else ""
        return self.format or (ending if any(named(ending)) else "")

    @property
    def is_table(self) -> bool:
        """Whether rows are to be laid out as a table: asked for, or a person looks at them."""
        return self.name == TABLE or not (self.name or self.output or not sys.stdout.isatty())


def answer_options() -> list[click.Parameter]:
    """Return the options of every command that answers: --format, --output and --timeout."""
    return [
        click.Option(
            ["--format", "-f", "format_name"],
            type=click.Choice(FORMATS),
            help="Rows: table (on a terminal), tsv (in a pipe), csv, json, xml. Graphs: ttl …",
        ),
        output_option(),
        click.Option(
            ["--timeout"],
            type=click.FloatRange(min=0, min_open=True),
            metavar="SECONDS",
            help="Longest time the query may take.",
        ),
    ]


def output_option() -> click.Option:
    """Return the option --output."""
    return click.Option(
        ["--output", "-o"],
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the answer to a file, whole or not at all.",
    )


def print_answer(engine: Engine, query: str, wanted: Wanted) -> None:
    """Ask, and write the answer where and how it is wanted.

    Raises a QueryError where there is none, KgError where it cannot be written, and UsageError
    where it does not come in the format wanted.
    """
    if wanted.is_table:
        _print_table(engine, engine.answer(Request(query, rows=JSON, graph=TURTLE)), wanted)
        return
    rows, graph = named(wanted.name) if wanted.name else (TSV, TURTLE)
    try:
        answer = engine.answer(Request(query, rows=rows, graph=graph))
    except NotAcceptable as error:
        raise click.UsageError(f"not as {wanted.name}: {_formats()}") from error
    write_out(answer.body, wanted.output)


def _formats() -> str:
    of_rows, of_graphs = (", ".join(f.name for f in fs) for fs in (RESULT_FORMATS, RDF_FORMATS))
    return f"SELECT and ASK come as table, {of_rows}; CONSTRUCT and DESCRIBE as {of_graphs}"


def write_out(body: bytes, output: Path | None) -> None:
    """Write `body`, ended by a line break, to a file or to standard output."""
    whole = body if body.endswith(b"\n") or not body else body + b"\n"
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(whole)
        sys.stdout.buffer.flush()
    else:
        write_whole(output, whole)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that it is there whole, or as it was before.

    What is no ordinary file, such as a pipe, is written to as it is. Raises KgError where the
    file cannot be written.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(body)
        else:
            _replace_file(target, body)
    except OSError as error:
        raise KgError(f"cannot write {path}: {error.strerror}") from error


def _replace_file(target: Path, body: bytes) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(body)
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o7777)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _print_table(engine: Engine, answer: Answer, wanted: Wanted) -> None:
    from kg.cli.tables import lay_out  # noqa: PLC0415 - rich only where a table is wanted

    if answer.kind == "graph":
        write_out(answer.body, wanted.output)
    elif wanted.output:
        write_out(lay_out(engine, answer, width=120).encode(), wanted.output)
    else:
        click.echo(lay_out(engine, answer), nl=False)
