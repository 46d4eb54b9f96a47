"""A miniature as a dataset: the small worlds of ontology/examples/, and how each is read.

`.trig` is a world: the ontology of the project, and what the file says. Its default graph stands
for registry and claims, `graph:ontology` adds to the ontology, all other graphs are propositions.
`.ttl` is an ontology in miniature that stands alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.config import Config
from kg.dataset.files import QUOTED, Content, Dataset, combine, find_files, read_file
from kg.vocab import ONTOLOGY_GRAPH, REGISTRY_GRAPH


def read_example(config: Config, path: Path) -> Dataset:
    """Return the dataset of the example at `path`, with the project's rules, checks and shapes."""
    example = PurePosixPath(path.relative_to(config.root).as_posix())
    around = [
        read_file(config.root, file)
        for file in find_files(config.root)
        if file.parts[0] == "ontology" and (example.suffix == ".trig" or _is_machinery(file))
    ]
    place = QUOTED if example.suffix == ".trig" else ONTOLOGY_GRAPH
    return combine([*around, _unfold(read_file(config.root, example, place))])


def _is_machinery(path: PurePosixPath) -> bool:
    return path.parts[1] in ("rules", "checks", "shapes")


def _unfold(content: Content) -> Content:
    """Return a world with its default graph in the registry and its graph names accepted."""
    if content.place != QUOTED:
        return content
    kept = tuple(v for v in content.violations if v.check != "graph-name")
    return replace(content, quads=tuple(_layered(content.quads)), violations=kept)


def _layered(quads: Iterable[Quad]) -> Iterator[Quad]:
    for s, p, o, graph in quads:
        if graph == DefaultGraph():
            yield Quad(s, p, o, NamedNode(REGISTRY_GRAPH))
        if graph == NamedNode(ONTOLOGY_GRAPH):
            yield Quad(s, p, o, DefaultGraph())
        yield Quad(s, p, o, graph)
