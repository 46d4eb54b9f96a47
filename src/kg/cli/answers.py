"""How an answer leaves the program: as a table for people, or in a format, whole or not at all."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from kg.config import MOST_SECONDS
from kg.engine.requests import Answer, Engine, Request
from kg.errors import KgError, NotAcceptable
from kg.formats import JSON, RDF_FORMATS, RESULT_FORMATS, TSV, TURTLE, named

TABLE: Final = "table"
STDOUT: Final = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
"""Names of standard output, which is written to and never replaced, also where it is a file."""

PICTURES: Final = ("svg", "png")
"""The formats of pictures: of saved queries that say how they are drawn."""

FORMATS: Final = (TABLE, *(each.name for each in (*RESULT_FORMATS, *RDF_FORMATS)))


@dataclass(frozen=True)
class Wanted:
    """The form in which an answer is wanted: a format, or the one that fits; a file, or stdout."""

    format: str | None = None
    output: Path | None = None

    @property
    def name(self) -> str:
        """The format's name, or empty: that which was asked for, or that of the file's ending.

        Raises UsageError where the two contradict each other.
        """
        ending = self.output.suffix.removeprefix(".").lower() if self.output else ""
        of_file = [each for each in (*named(ending), *_picture(ending)) if each]
        wanted = (*named(self.format or ""), *_picture(self.format))
        if self.format and of_file and not any(each in of_file for each in wanted):
            raise click.UsageError(
                f"--format {self.format} does not go with the name of {self.output}; leave out one"
            )
        return self.format or (ending if of_file else "")

    @property
    def is_picture(self) -> bool:
        """Whether a picture is wanted instead of the answer."""
        return self.name in PICTURES

    @property
    def is_table(self) -> bool:
        """Whether rows are to be laid out as a table: asked for, or a person looks at them."""
        return self.name == TABLE or not (self.name or self.output or not sys.stdout.isatty())


def _picture(name: str | None) -> tuple[str, ...]:
    """Return the format of a picture that has this name, where there is one."""
    return (name,) if name in PICTURES else ()


def answer_options(*, can_be_drawn: bool = False) -> list[click.Parameter]:
    """Return the options of every command that answers: --format, --output and --timeout."""
    drawn = " Pictures: svg, png." if can_be_drawn else ""
    rows = "Rows: table (on a terminal), tsv (in a pipe), csv, json, xml. Graphs: ttl …"
    return [
        click.Option(
            ["--format", "-f", "format_name"],
            type=click.Choice((*FORMATS, *(PICTURES if can_be_drawn else ()))),
            help=rows + drawn,
        ),
        output_option(),
        click.Option(
            ["--timeout"],
            type=float,
            callback=_check_timeout,
            metavar="SECONDS",
            help="Longest time the query may take.",
        ),
    ]


def output_option() -> click.Option:
    """Return the option --output."""
    return click.Option(
        ["--output", "-o"],
        type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
        callback=_read_output,
        help="Write the answer to a file, whole or not at all; - is standard output.",
    )


def _read_output(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> Path | None:
    return None if str(path) in STDOUT else path


def _check_timeout(
    _ctx: click.Context, _param: click.Parameter, seconds: float | None
) -> float | None:
    if seconds is not None and not 0 < seconds <= MOST_SECONDS:
        raise click.BadParameter(f"{seconds} is not more than 0 and at most {MOST_SECONDS}")
    return seconds


def print_answer(engine: Engine, query: str, wanted: Wanted) -> None:
    """Ask, and write the answer where and how it is wanted.

    Raises a QueryError where there is none, KgError where it cannot be written, and UsageError
    where it does not come in the format wanted.
    """
    if wanted.is_picture:
        raise click.UsageError(
            f"not as {wanted.name}: no picture of this is declared; {_formats()}"
        )
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
    """Write `body` as it is to a file or to standard output; a terminal gets a line break after it.

    Raises KgError where the file cannot be written, OSError where standard output cannot.
    """
    if output is not None:
        _write_file(output, body)
    elif sys.stdout.isatty() and body and not body.endswith(b"\n"):
        _write_stdout(body + b"\n")
    else:
        _write_stdout(body)


def _write_stdout(body: bytes) -> None:
    """Write all of `body`: a stream without a buffer may take less than it is given."""
    sys.stdout.flush()
    left = memoryview(body)
    while left:
        left = left[sys.stdout.buffer.write(left) or 0 :]
    sys.stdout.buffer.flush()


def _write_file(path: Path, body: bytes) -> None:
    """Write a file so that it is there whole, or as it was before.

    What is no ordinary file, such as a pipe, is written to as it is. Raises KgError where the
    file cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(body)
        else:
            _replace_file(path.resolve(), body)
    except BrokenPipeError:
        raise
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
        write_out(lay_out(engine, answer).encode(), None)
