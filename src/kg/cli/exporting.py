"""`kg export`: the dataset of the current build, or one of its layers, as a file."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click
from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.cli.answers import Wanted, output_option, write_out
from kg.cli.context import config_of
from kg.current import find_current
from kg.errors import BuildError
from kg.formats import N_QUADS, RDF_FORMATS, TRIG, RdfFormat, named
from kg.vocab import LAYERS, PREFIXES, shorten

DATASETS: Final = (N_QUADS, TRIG)
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
    help="Of the file's ending where not given, else nq (all graphs) or ttl (one graph).",
)
@click.pass_context
def export(
    ctx: click.Context, layer: str | None, format_name: str | None, output: Path | None
) -> None:
    """Write the dataset of the current build as RDF.

    Proposition graphs are quoted, not asserted: only nq and trig keep them apart.
    """
    name = Wanted(format_name, output).name or ("ttl" if layer else "nq")
    _, form = named(name)
    if form is None:
        raise click.UsageError(f"{name} holds no graph: choose {_names(RDF_FORMATS)}")
    if layer is None and form not in DATASETS:
        raise click.UsageError(f"{name} holds one graph: choose it with --graph, or use nq or trig")
    write_out(_read(find_current(config_of(ctx)), layer, form), output)


def _names(formats: Iterable[RdfFormat]) -> str:
    return ", ".join(each.name for each in formats)


def _read(folder: Path, layer: str | None, form: RdfFormat) -> bytes:
    """Return a graph, or all of them, of the build in `folder`.

    Raises BuildError where the build is damaged.
    """
    try:
        if layer is None and form == N_QUADS:
            return _read_canonical(folder)
        store = Store.read_only(str(folder / "store"))
        graph = None if layer is None else _graph(layer)
        return store.dump(format=form.oxigraph, from_graph=graph, prefixes=dict(PREFIXES)) or b""
    except (OSError, RuntimeError, ValueError) as error:
        raise BuildError(f"{folder} is damaged ({error}); run kg build") from error


def _read_canonical(folder: Path) -> bytes:
    from kg.dataset.manifest import read_manifest  # noqa: PLC0415 - parses RDF

    body = (folder / "dataset.nq").read_bytes()
    if hashlib.sha256(body).hexdigest() != read_manifest(folder / "manifest.json").hash:
        raise BuildError(f"{folder / 'dataset.nq'} is damaged; run kg build")
    return body


def _graph(layer: str) -> NamedNode | DefaultGraph:
    return DefaultGraph() if layer == "default" else NamedNode(LAYER_NAMES[layer])
