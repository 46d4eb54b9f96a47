"""`kg query` and `kg show`: ask anything, and look at one thing."""

import sys
from pathlib import Path

import click
from pyoxigraph import NamedNode

from kg.cli.answers import Wanted, answer_options, output_option, print_answer, write_out
from kg.cli.context import config_of, open_engine
from kg.descriptions import describe
from kg.engine.requests import Engine
from kg.entities import resolve
from kg.errors import KgError
from kg.formats import RDF_FORMATS, named


@click.command(
    params=answer_options(),
    epilog="""\b
Examples:
  kg query 'SELECT ?state WHERE { ?state a dip:State } ORDER BY ?state'
  kg query @levels.rq --format csv --output levels.csv
  echo 'ASK { state:pakistan a dip:State }' | kg query""",
)
@click.argument("text", required=False)
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Read the query from a file.",
)
@click.pass_context
def query(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    *,
    text: str | None,
    file: Path | None,
    format_name: str | None,
    output: Path | None,
    timeout: float | None,
) -> None:
    """Answer a SPARQL query: TEXT, @FILE, or what standard input holds.

    The project's prefixes (dip:, dipv:, state:, …) need no PREFIX line.
    """
    asked = _query_text(text, file)
    with open_engine(config_of(ctx, timeout)) as engine:
        print_answer(engine, asked, Wanted(format_name, output))


@click.command(
    params=[output_option()],
    epilog="""\b
Examples:
  kg show Taliban
  kg show situation:designation-by-china
  kg show "non state group"                    a class of the ontology
  kg show PAK --format ttl""",
)
@click.argument("thing", nargs=-1, required=True)
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice(["text", *(each.name for each in RDF_FORMATS)]),
    help="text for people, or a format of RDF; of the file's ending where not given.",
)
@click.pass_context
def show(
    ctx: click.Context, thing: tuple[str, ...], format_name: str | None, output: Path | None
) -> None:
    """Show all that the graph says of THING, and who says so.

    THING is a label, an alias, a code such as PAK, a prefixed name or an IRI.
    """
    name = Wanted(format_name, output).name
    rows, graph = named(name)
    if rows and not graph:
        raise click.UsageError(f"{name} holds no graph: give the file another ending")
    with open_engine(config_of(ctx)) as engine:
        iri = resolve(engine, " ".join(thing))
        body = describe(engine, iri, graph).body if graph else _text(engine, iri, output)
    write_out(body, output)


def _text(engine: Engine, iri: NamedNode, output: Path | None) -> bytes:
    from kg.cli.portraits import portray  # noqa: PLC0415 - rich only where people read

    return portray(engine, iri, width=100 if output else None).encode()


def _query_text(text: str | None, file: Path | None) -> str:
    """Return the query that was typed, or is in the file or standard input that was named."""
    if text and file:
        raise click.UsageError("give the query or a file, not both")
    source = file or (Path(text[1:]) if text and text.startswith("@") else None)
    if text and text != "-" and source is None:
        return text
    if source is None or str(source) == "-":
        if sys.stdin.isatty():
            click.echo("kg: type a query, then Ctrl-D", err=True)
        return _read_stdin()
    try:
        return source.read_text("utf-8-sig")
    except OSError as error:
        raise click.UsageError(f"cannot read {source}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise KgError(f"{source} is not UTF-8: {error.reason}") from error


def _read_stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KgError(f"standard input is not UTF-8: {error.reason}") from error
