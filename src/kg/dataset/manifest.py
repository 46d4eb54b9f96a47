"""What a build says of itself: from which files, by which tools, how much of what, which hash."""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Store

from kg.dataset.files import Dataset, InputFile
from kg.dataset.sparql_files import select
from kg.errors import BuildError
from kg.vocab import BASE, HOME

TOOLS: Final = ("diplomacy-kg", "edtf", "owlrl", "pyoxigraph", "pyshacl", "rdflib")

GRAPH_COUNTS: Final = """
SELECT ?graph (COUNT(*) AS ?count) WHERE {
  { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } }
} GROUP BY ?graph"""
CLAIMS: Final = """
SELECT (COUNT(DISTINCT ?claim) AS ?count)
WHERE { ?claim a ?class VALUES ?class { dip:Claim dip:CuratorInference } }"""
ACCEPTED: Final = """
SELECT (COUNT(DISTINCT ?situation) AS ?count) WHERE { ?situation dip:standing dipv:accepted }"""


@dataclass(frozen=True)
class Manifest:
    """The description of a build.

    `hash` is the sha256, in hex, of the dataset in canonical N-Quads (RDFC-1.0): the same data has
    the same hash, whoever builds it when and with which tools. `quads` counts by layer, `default`
    and `propositions` (all together) being two more; `propositions`, `claims` and `accepted` count
    things. `created` is the moment of building, in UTC; `base` is what the IRIs of ours begin with.
    """

    hash: str
    created: str
    quads: Mapping[str, int]
    propositions: int
    claims: int
    accepted: int
    inputs: tuple[InputFile, ...]
    versions: Mapping[str, str]
    base: str = HOME


def describe(dataset: Dataset, digest: str) -> Manifest:
    """Return the manifest of a finished dataset with the canonical hash `digest`."""
    counts = graph_counts(dataset.store)
    return Manifest(
        hash=digest,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        quads=layer_counts(counts),
        propositions=sum(map(_is_proposition, counts)),
        claims=_count(dataset.store, CLAIMS),
        accepted=_count(dataset.store, ACCEPTED),
        inputs=dataset.inputs,
        versions={"python": platform.python_version()} | {tool: version(tool) for tool in TOOLS},
        base=BASE,
    )


def layer_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the number of quads by layer; the propositions count together."""
    layers = {
        graph.removeprefix(BASE + "graph/") or "default": count
        for graph, count in sorted(counts.items())
        if not _is_proposition(graph)
    }
    return layers | {"propositions": sum(n for g, n in counts.items() if _is_proposition(g))}


def graph_counts(store: Store) -> dict[str, int]:
    """Return the number of quads in each graph by its IRI; the default graph's is empty."""
    return {
        row["graph"].value if isinstance(row["graph"], NamedNode) else "": _number(row["count"])
        for row in select(store, GRAPH_COUNTS)
    }


def to_json(manifest: Manifest) -> str:
    """Return the text of manifest.json."""
    return json.dumps(asdict(manifest), indent=2) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Return the manifest in the file at `path`.

    Raises BuildError where it cannot be read.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(**(said | {"inputs": tuple(InputFile(**i) for i in said["inputs"])}))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BuildError(f"{path} cannot be read ({error}); run kg build") from error


def _is_proposition(graph: str) -> bool:
    return graph.startswith(BASE + "proposition/")


def _count(store: Store, query: str) -> int:
    return sum(_number(row["count"]) for row in select(store, query))


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
