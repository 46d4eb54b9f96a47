"""The command line: parse what was typed, call one function, print what it returns, map errors.

Standard output holds the answer and nothing else; messages go to standard error. Each command is
imported when it is used, so that answering stays fast.
"""

import errno
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import click

from kg.errors import (
    BackendError,
    BuildError,
    EngineUnavailable,
    EntityError,
    KgError,
    MemoryExceeded,
    ParameterError,
    QueryError,
    QueryTimeout,
    ResultTooLarge,
)

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "build": "kg.cli.building",
        "check": "kg.cli.building",
        "verify": "kg.cli.evidence",
        "coverage": "kg.cli.evidence",
        "queries": "kg.cli.saved",
        "run": "kg.cli.saved",
        "query": "kg.cli.asking",
        "show": "kg.cli.asking",
        "serve": "kg.cli.serving",
        "status": "kg.cli.building",
        "builds": "kg.cli.builds",
        "switch": "kg.cli.builds",
        "rollback": "kg.cli.builds",
        "export": "kg.cli.exporting",
        "publish": "kg.cli.publishing",
    }
)
"""The module that holds each command, in the order in which help lists them."""

EXIT_CODES: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (click.UsageError, 2),
    (EntityError, 1),
    (ParameterError, 2),
    (QueryTimeout, 4),
    (ResultTooLarge, 4),
    (MemoryExceeded, 4),
    (BackendError, 5),
    (EngineUnavailable, 5),
    (BuildError, 5),
    (QueryError, 3),
    (KgError, 1),
)
"""The exit code of each error; the first class that fits counts."""

INTERRUPTED: Final = 130
NO_READER: Final = 141
DISK_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

HELP: Final = """Ask, check, build and serve the knowledge graph of diplomatic relations.

\b
Examples:
  kg build                                     make the current build
  kg queries                                   list the saved queries
  kg run level-on-date --help                  what one of them takes
  kg show Taliban                              all that is said of one thing
  kg query 'SELECT ?s WHERE { ?s a dip:State } ORDER BY ?s'

\b
Exit codes:
  0  done                       4  the query took too long, too much memory,
  1  something you can mend        or its answer is too large
  2  wrong usage                5  no build, or it or KG_ENGINE_URL cannot be used
  3  the query is wrong       130  interrupted (141: nobody read the answer)

Names of queries, their parameters and values are completed by the shell after

\b
  eval "$(_KG_COMPLETE=bash_source kg)"        (or zsh_source, fish_source)

Settings: KG_ROOT (the project), KG_BUILDS, KG_WORKERS, KG_QUERY_TIMEOUT.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return found if isinstance(found, click.Command) else None

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click has it
    ) -> click.Context:
        """Read the arguments, and print the help where it is asked for."""
        with _whole_output():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _whole_output():
            result = super().invoke(ctx)
            sys.stdout.flush()
        return result


@click.command(cls=LazyGroup, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="The project; found above the working directory where not given.",
)
@click.version_option(package_name="diplomacy-kg", message="%(prog)s %(version)s")
def cli(root: Path | None) -> None:
    """See HELP; commands read the root from the context."""
    del root


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the code that `kg --help` documents."""
    try:
        code = cli.main(arguments, prog_name="kg", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except (KgError, click.ClickException) as error:
        code = _report(error)
    sys.exit(code if isinstance(code, int) else 0)


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


def _report(error: KgError | click.ClickException) -> int:
    message = error.format_message() if isinstance(error, click.ClickException) else str(error)
    click.echo(f"kg: error: {message}", err=True)
    if isinstance(error, click.UsageError) and error.ctx:
        click.echo(f"Try '{error.ctx.command_path} --help'.", err=True)
    return exit_code(error)


@contextmanager
def _whole_output() -> Iterator[None]:
    """Where the reader of the output goes away, end without a word; where a disk is full, say so.

    An error of a stream names no file.
    """
    try:
        yield
    except BrokenPipeError as error:
        _leave_output()
        raise click.exceptions.Exit(NO_READER) from error
    except OSError as error:
        if error.filename is not None or error.errno not in DISK_ERRORS:
            raise
        _leave_output()
        raise KgError(f"cannot write to standard output: {error.strerror}") from error


def _leave_output() -> None:
    """Send nowhere what is still to be written, also when Python flushes its output at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
