"""`kg export`: the dataset of the current build, or one of its layers, as a file."""

import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import click
from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.cli.answers import output_option, write_whole
from kg.cli.context import config_of
from kg.current import find_current
from kg.formats import RDF_FORMATS, RdfFormat, named
from kg.vocab import LAYERS, PREFIXES, shorten

DATASETS: Final = ("nq", "trig")
LAYER_NAMES: Final = {shorten(layer).partition(":")[2]: layer for layer in LAYERS}


@click.command(
    params=[output_option()],
    epilog="""\b
Examples:
  kg export > dataset.nq                       every graph, canonical N-Quads
  kg export --graph accepted --format ttl      the accepted facts
  kg export --graph default -f nt -o all.nt    what plain patterns see""",
)
@click.option(
    "--graph",
    "-g",
    "layer",
    type=click.Choice(["default", *LAYER_NAMES]),
    help="One layer, or the default graph; all graphs where not given.",
)
@click.option(
    "--format",
    "-f",
    "format_name",
    type=click.Choice([each.name for each in RDF_FORMATS]),
    help="nq (all graphs) or ttl (one graph) where not given.",
)
@click.pass_context
def export(
    ctx: click.Context, layer: str | None, format_name: str | None, output: Path | None
) -> None:
    """Write the dataset of the current build as RDF.

    Proposition graphs are quoted, not asserted: only nq and trig keep them apart.
    """
    name = format_name or ("ttl" if layer else "nq")
    if layer is None and name not in DATASETS:
        raise click.UsageError(f"{name} holds one graph: choose it with --graph, or use nq or trig")
    folder = find_current(config_of(ctx))
    if output is None:
        _write(folder, layer, name, sys.stdout.buffer)
        return
    whole = BytesIO()
    _write(folder, layer, name, whole)
    write_whole(output, whole.getvalue())


def _write(folder: Path, layer: str | None, name: str, out: IO[bytes]) -> None:
    if layer is None and name == "nq":
        with (folder / "dataset.nq").open("rb") as canonical:
            shutil.copyfileobj(canonical, out)
        return
    _, found = named(name)
    if isinstance(found, RdfFormat):
        graph = None if layer is None else _graph(layer)
        store = Store.read_only(str(folder / "store"))
        store.dump(out, found.oxigraph, from_graph=graph, prefixes=dict(PREFIXES))


def _graph(layer: str) -> NamedNode | DefaultGraph:
    return DefaultGraph() if layer == "default" else NamedNode(LAYER_NAMES[layer])
