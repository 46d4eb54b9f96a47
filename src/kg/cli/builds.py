"""`kg builds`, `kg switch` and `kg rollback`: which of the builds on disk is served."""

from collections.abc import Iterable

import click

from kg.cli.context import config_of
from kg.dataset import switching
from kg.dataset.switching import Standing, list_builds, prune, roll_back


@click.command(
    name="builds",
    epilog="""\b
Examples:
  kg builds
  kg builds --prune 5""",
)
@click.option(
    "--prune",
    "keep",
    type=click.IntRange(0),
    help="First remove all but so many; the current one and the one before it always stay.",
)
@click.pass_context
def builds(ctx: click.Context, keep: int | None) -> None:
    """List the builds on disk, the newest first.

    Prints a line a build: hash, when it was made, quads, and whether it is served.
    """
    folder = config_of(ctx).builds
    if keep is not None:
        removed = prune(folder, keep)
        click.echo(f"kg: removed {len(removed)}", err=True)
    for line in _lines(list_builds(folder)):
        click.echo(line)


@click.command(
    name="switch",
    epilog="""\b
Examples:
  kg builds
  kg switch 04fdefc0d09f""",
)
@click.argument("hash_", metavar="HASH")
@click.pass_context
def switch(ctx: click.Context, hash_: str) -> None:
    """Serve the build whose hash begins with HASH.

    A running server changes over within a second, and loses no request.
    """
    _tell(switching.switch(config_of(ctx).builds, hash_))


@click.command(
    epilog="""\b
Examples:
  kg rollback"""
)
@click.pass_context
def rollback(ctx: click.Context) -> None:
    """Serve the build that was served before; again, and the newer one is back.

    A running server changes over within a second, and loses no request.
    """
    _tell(roll_back(config_of(ctx).builds))


def _lines(found: Iterable[Standing]) -> Iterable[str]:
    for each in found:
        mark = "current" if each.is_current else "previous" if each.is_previous else ""
        made = each.made.isoformat(timespec="seconds")
        yield f"{each.hash[:12]}  {made}  {each.quads:>10}  {mark}".rstrip()


def _tell(build: Standing) -> None:
    click.echo(build.hash)
