"""`kg build`, `kg check` and `kg status`: from the files to a build, and how the two stand."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.cli.context import config_of
from kg.current import find_current
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.dataset.manifest import Manifest


SHOWN: Final = 10
"""How many changed files kg status names."""


@click.command(
    epilog="""\b
Examples:
  kg build
  kg build && kg status"""
)
@click.pass_context
def build(ctx: click.Context) -> None:
    """Make a build of the files, and switch to it when it is whole.

    Prints the hash of the build: the same files give the same hash.
    """
    from kg.dataset.builds import make_build  # noqa: PLC0415 - validators are slow to import

    manifest = make_build(config_of(ctx), _tell)
    click.echo(manifest.hash)


@click.command(
    epilog="""\b
Examples:
  kg check
  kg check > violations.txt"""
)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check all files as a build would, and write nothing.

    Prints a line a violation: file, line, node, what is wrong, what to do.
    """
    from kg.dataset.builds import check as find_violations  # noqa: PLC0415 - slow to import

    violations = find_violations(config_of(ctx), _tell)
    for violation in violations:
        click.echo(str(violation))
    if violations:
        raise KgError(f"{len(violations)} violation{'s' * (len(violations) != 1)}")
    click.echo("kg: no violations", err=True)


@click.command(
    epilog="""\b
Examples:
  kg status"""
)
@click.pass_context
def status(ctx: click.Context) -> None:
    """Show the project, its current build, and whether the files have changed since."""
    from kg.dataset.files import find_files  # noqa: PLC0415 - parses RDF
    from kg.dataset.manifest import read_manifest  # noqa: PLC0415

    config = config_of(ctx)
    click.echo(f"project   {config.root}")
    folder = find_current(config)
    manifest = read_manifest(folder / "manifest.json")
    files = {str(path): _sha256(config.root / path) for path in find_files(config.root)}
    changes = list(_changes({i.path: i.sha256 for i in manifest.inputs}, files))
    for line in (*_facts(folder, manifest), *_freshness(changes)):
        click.echo(line)


def _tell(stage: str) -> None:
    click.echo(f"kg: {stage} …", err=True)


def _facts(folder: Path, manifest: "Manifest") -> Iterator[str]:
    yield f"build     {folder}"
    yield f"hash      {manifest.hash}"
    yield f"created   {manifest.created}"
    yield f"claims    {manifest.claims}"
    yield f"quoted    {manifest.propositions} propositions; {manifest.accepted} accepted situations"
    for name, count in manifest.quads.items():
        yield f"quads     {count:>8}  {name}"


def _freshness(changes: list[str]) -> Iterator[str]:
    if not changes:
        yield "files     fresh: the build is of the files as they are"
    else:
        yield "files     stale: run kg build"
        yield from (f"          {change}" for change in changes[:SHOWN])
        if len(changes) > SHOWN:
            yield f"          and {len(changes) - SHOWN} more"


def _changes(built: dict[str, str], now: dict[str, str]) -> Iterable[str]:
    """Yield what happened to each file that is not as it was when the build was made."""
    for path in sorted(built.keys() | now.keys()):
        if path not in now:
            yield f"{path} is gone"
        elif path not in built:
            yield f"{path} is new"
        elif built[path] != now[path]:
            yield f"{path} has changed"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
