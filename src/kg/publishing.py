"""Loads the current build into a store elsewhere, and compares what is there with the build.

A store is written with the SPARQL 1.1 Graph Store HTTP Protocol and read with SPARQL. The hash of
the build is taken away first and written last: who finds it there finds all of the build. Graphs
whose IRI is not ours are left alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from kg.asking import select
from kg.config import Config
from kg.current import find_current, read_hash
from kg.engine.remote import RemoteEngine
from kg.engine.requests import Engine
from kg.errors import BuildError, QueryError
from kg.graph_store import GraphStore
from kg.vocab import BASE, BUILD_GRAPH, PREFIXES

Progress = Callable[[int, int], None]
"""Told how many quads are loaded, and of how many."""

_PART: Final = 20_000
"""Triples that are sent at a time."""

_SECONDS: Final = 600.0
"""Longest time for counting."""

_SHOWN: Final = 10
"""Graphs that a message lists."""

_DEFAULT_COUNT: Final = "SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }"
_NAMED_COUNTS: Final = """
SELECT ?graph (COUNT(*) AS ?count) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"""
_IDENTIFIER: Final = NamedNode(PREFIXES["dct"] + "identifier")


def publish(config: Config, graph_store: GraphStore, progress: Progress) -> str:
    """Load the current build into `graph_store`, and return its hash.

    The store is read through `config.engine_url`; where that names a `default-graph-uri`, our
    default graph goes into the graph of that name. Raises BuildError where there is no build, the
    store refuses, or it does not hold in the end what the build holds.
    """
    folder = find_current(config)
    store = Store.read_only(str(folder / "store"))
    engine = RemoteEngine(replace(config, query_timeout=_SECONDS))
    home = engine.default_graph
    graph_store.delete(BUILD_GRAPH)
    wanted = _local_counts(store)
    for graph in _remote_counts(engine).keys() - wanted.keys() - {home}:
        graph_store.delete(graph)
    _load(store, wanted, graph_store, home, progress)
    _compare(wanted, {g: n for g, n in _remote_counts(engine).items() if g != home or not g})
    _record(graph_store, digest := read_hash(folder))
    return digest


def _load(
    store: Store,
    counts: Mapping[str, int],
    graph_store: GraphStore,
    home: str,
    progress: Progress,
) -> None:
    """Send every graph; the default graph goes where `home` says."""
    done, total = 0, sum(counts.values())
    for graph in counts:
        put = graph_store.put
        for part, size in _parts(store, graph):
            put(graph or home, part)
            put = graph_store.post
            progress(done := done + size, total)


def _parts(store: Store, graph: str) -> Iterator[tuple[bytes, int]]:
    """Yield a graph as N-Triples, in parts, each with the number of its triples."""
    name = NamedNode(graph) if graph else DefaultGraph()
    triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, name))
    while part := list(islice(triples, _PART)):
        yield _n_triples(part), len(part)


def _n_triples(triples: list[Triple]) -> bytes:
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _record(graph_store: GraphStore, digest: str) -> None:
    hash_of_it = Triple(NamedNode(BUILD_GRAPH), _IDENTIFIER, Literal(digest))
    graph_store.put(BUILD_GRAPH, _n_triples([hash_of_it]))


def _local_counts(store: Store) -> dict[str, int]:
    """Return how many triples each graph of the build has; the default graph's name is ""."""
    graphs = ("", *(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)))
    return {graph: sum(size for _, size in _parts(store, graph)) for graph in graphs}


def _remote_counts(engine: Engine) -> dict[str, int]:
    """Return the same of the store elsewhere, of our graphs. Raises BuildError."""
    try:
        rows = [*select(engine, _DEFAULT_COUNT), *select(engine, _NAMED_COUNTS)]
    except QueryError as error:
        raise BuildError(f"what the store holds cannot be counted: {error}") from error
    counts = {}
    for row in rows:
        graph = row["graph"].value if len(row) > 1 else ""
        if not graph or graph.startswith(BASE):
            counts[graph] = int(row["count"].value)
    return counts


def _compare(wanted: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Return only where the counts are the same. Raises BuildError otherwise."""
    differing = [g for g in sorted({*wanted, *found}) if wanted.get(g, 0) != found.get(g, 0)]
    if differing:
        listed = "".join(
            f"\n  {graph or 'the default graph'}: {found.get(graph, 0)}, not {wanted.get(graph, 0)}"
            for graph in differing[:_SHOWN]
        )
        raise BuildError(f"the store does not hold what the build holds, in triples:{listed}")
