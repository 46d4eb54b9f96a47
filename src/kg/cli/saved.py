"""`kg queries` and `kg run`: the saved queries, each a command with its own options."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import Final

import click

from kg.cli.answers import Wanted, answer_options, print_answer
from kg.cli.context import config_of, open_engine
from kg.errors import BuildError, KgError, SavedQueryError, SavedQueryErrors
from kg.saved_queries import (
    Param,
    SavedQuery,
    choices,
    fill,
    find_saved_query,
    query_names,
    read_folder,
)
from kg.vocab import minted

METAVARS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "date": "DATE",
        "entity": "NAME",
        "enum": "WORD",
        "integer": "NUMBER",
        "iri": "IRI",
        "string": "TEXT",
    }
)
"""What stands for a value in help, by type."""


class SavedQueries(click.Group):
    """A group that has a command for each file in queries/."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the saved queries; none outside a project."""
        try:
            return query_names(_folder(ctx))
        except BuildError:
            return []

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a saved query; a broken one says so when it is run."""
        try:
            return _command(find_saved_query(_folder(ctx), cmd_name))
        except SavedQueryError as error:
            return _broken(cmd_name, error)
        except KgError as error:
            if ctx.resilient_parsing:
                return None
            raise error from None


@click.group(
    cls=SavedQueries,
    subcommand_metavar="NAME [OPTIONS]",
    epilog="""\b
Examples:
  kg run missions-of-state --help
  kg run level-on-date --sender Pakistan --receiver AFG --day 2025-05-29
  kg run everything-about --thing Taliban --format csv --output taliban.csv""",
)
def run() -> None:
    """Answer the saved query NAME. Each takes its own options: kg run NAME --help."""


@click.command(
    epilog="""\b
Examples:
  kg queries
  kg queries level-on-date"""
)
@click.argument("name", required=False, shell_complete=lambda c, _p, i: _complete_name(c, i))
@click.pass_context
def queries(ctx: click.Context, name: str | None) -> None:
    """List the saved queries, or show the text of one with its parameters."""
    if name:
        click.echo(minted(find_saved_query(_folder(ctx), name).path.read_text("utf-8")), nl=False)
        return
    found, errors = read_folder(_folder(ctx))
    for query in found.values():
        takes = " ".join(map(_synopsis, query.params))
        click.echo(f"{query.name}  {takes}".rstrip())
        click.echo(f"    {query.title}")
    if errors:
        raise SavedQueryErrors(errors)


def _folder(ctx: click.Context) -> Path:
    return config_of(ctx).root / "queries"


def _complete_name(ctx: click.Context, incomplete: str) -> list[str]:
    return [name for name in SavedQueries().list_commands(ctx) if name.startswith(incomplete)]


def _command(query: SavedQuery) -> click.Command:
    """Return the command that answers `query`, with an option a parameter."""

    def answer(
        format_name: str | None,
        output: Path | None,
        timeout: float | None,
        **given: str | None,
    ) -> None:
        values = {name: value for name, value in given.items() if value is not None}
        wanted = Wanted(format_name, output)
        with open_engine(config_of(click.get_current_context(), timeout)) as engine:
            text = fill(query, values, engine)
            if wanted.is_picture and query.picture:
                from kg.cli.pictures import print_picture  # noqa: PLC0415 - only where it is wanted

                print_picture(engine, query, text, values, wanted)
            else:
                print_answer(engine, text, wanted)

    return click.Command(
        query.name,
        callback=answer,
        params=[
            *map(_option, query.params),
            *answer_options(can_be_drawn=query.picture is not None),
        ],
        help=f"{query.title}\n\n{query.description}",
        short_help=query.title,
        epilog=_example(query),
    )


def _broken(name: str, error: SavedQueryError) -> click.Command:
    """Return a command that only says what is wrong with its file."""

    def refuse(**_: object) -> None:
        raise error

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["given"], nargs=-1, type=click.UNPROCESSED)],
        short_help="(broken; kg queries says why)",
        context_settings={"ignore_unknown_options": True},
    )


def _option(param: Param) -> click.Option:
    """Return the option of a parameter: --as-of, and --asOf as well."""
    flags = dict.fromkeys((_flag(param), f"--{param.name}"))
    names = list(choices(param))

    def complete(_ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
        return [name for name in names if name.lower().startswith(begun.lower())]

    return click.Option(
        [*flags, param.name],
        metavar=METAVARS[param.type],
        help=_help(param, names),
        shell_complete=complete,
    )


def _flag(param: Param) -> str:
    return "--" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", param.name).lower()


def _help(param: Param, names: Sequence[str]) -> str:
    need = f"default: {param.default}" if param.default else "optional"
    notes = [
        "required" if param.is_required else need,
        *([f"one of {', '.join(names)}"] if names else []),
        *([f"such as {param.example!r}"] if param.example not in ("", param.default) else []),
    ]
    about = ". ".join(text.rstrip(".") for text in (param.label, param.description) if text)
    return f"{about[:1].upper()}{about[1:]} ({'; '.join(notes)})."


def _synopsis(param: Param) -> str:
    flag = f"{_flag(param)} {METAVARS[param.type]}"
    return flag if param.is_required else f"[{flag}]"


def _example(query: SavedQuery) -> str:
    flags = {param.name: _flag(param) for param in query.params}
    given = " ".join(f"{flags[name]} {quote(value)}" for name, value in query.examples.items())
    return f"\b\nExample:\n  kg run {query.name} {given}".rstrip()
