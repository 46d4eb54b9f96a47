"""From the files of the project to a working store: which file goes into which graph.

Nothing is judged here but form: syntax, blank nodes, graph names, files that have no place. What
does not parse is reported and left out, and all other files are still read.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.config import Config
from kg.dataset.sparql_files import SparqlFile, read_sparql_file
from kg.dataset.texts import (
    SourceText,
    blank_node_lines,
    find_mention,
    find_subject,
    read_source_text,
)
from kg.dataset.violations import Violation
from kg.errors import SeedError
from kg.vocab import BASE, CLAIMS_GRAPH, HOME, LAYERS, ONTOLOGY_GRAPH, REGISTRY_GRAPH, shorten

QUOTED: Final = "quoted"
SHAPES: Final = "shapes"
RULES: Final = "rules"
CHECKS: Final = "checks"

PLACES: Final = (
    ("ontology/diplomacy.ttl", ONTOLOGY_GRAPH),
    ("ontology/alignments.ttl", ONTOLOGY_GRAPH),
    ("ontology/vocab/*.ttl", ONTOLOGY_GRAPH),
    ("ontology/shapes/*.ttl", SHAPES),
    ("ontology/rules/*.rq", RULES),
    ("ontology/checks/*.rq", CHECKS),
    ("seeds/registry/*.ttl", REGISTRY_GRAPH),
    ("seeds/sources/*/source.ttl", CLAIMS_GRAPH),
    ("seeds/sources/*/claims.ttl", CLAIMS_GRAPH),
    ("seeds/sources/*/propositions.trig", QUOTED),
)
"""Every file that is read, by where it stands: the graph it goes into, or what it is instead."""


@dataclass(frozen=True)
class InputFile:
    """A file that was read: its path from the root and the sha256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Content:
    """What one file holds: quads for its place, or a rule or check, or only violations."""

    input: InputFile
    place: str
    quads: tuple[Quad, ...] = ()
    query: SparqlFile | None = None
    text: SourceText | None = None
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """Everything the files say.

    `store` is the working store: the default graph is the union of the layers, each layer stands in
    its named graph, and each proposition in its own. Rules and reasoning add to it.
    """

    store: Store
    inputs: tuple[InputFile, ...] = ()
    texts: tuple[SourceText, ...] = ()
    shapes: tuple[Quad, ...] = ()
    rules: tuple[SparqlFile, ...] = ()
    checks: tuple[SparqlFile, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every file could be read: if not, links between files cannot be judged."""
        return not any(violation.check == "syntax" for violation in self.violations)

    def locate(self, iri: str) -> tuple[str, int] | None:
        """Return the path and line where `iri` is described, else mentioned, else None."""
        return find_subject(self.texts, iri) or find_mention(self.texts, iri)


def read_dataset(config: Config) -> Dataset:
    """Return what all files under ontology/ and seeds/ say; what is wrong is in `violations`."""
    contents = [read_file(config.root, path) for path in find_files(config.root)]
    return combine(contents)


def find_files(root: Path) -> list[PurePosixPath]:
    """Return the paths, from the root, of all data files; examples are not data.

    In the order of PLACES, so that a term is located where it is declared, not where it is aligned.
    """
    found = (
        PurePosixPath(path.relative_to(root).as_posix())
        for folder in ("ontology", "seeds")
        for path in (root / folder).rglob("*")
        if path.is_file()
    )
    return sorted((path for path in found if not _is_ignored(path)), key=_reading_order)


def read_file(root: Path, path: PurePosixPath, place: str | None = None) -> Content:
    """Return what the file at `path` holds for its place, or for `place` where one is given."""
    data = (root / path).read_bytes()
    source = InputFile(str(path), hashlib.sha256(data).hexdigest())
    where = place or find_place(path)
    if where is None:
        return Content(source, "", violations=(_no_place(path),))
    data = data.replace(HOME.encode(), BASE.encode())
    if where in (RULES, CHECKS):
        return _read_query(source, where, data)
    return _read_rdf(source, where, data)


def find_place(path: PurePosixPath) -> str | None:
    """Return the place of a file: a graph IRI, or one of the words above, or None."""
    return next((place for pattern, place in PLACES if _fits(path, pattern)), None)


def combine(contents: Iterable[Content]) -> Dataset:
    """Return the dataset of several files."""
    known = tuple(contents)
    store = Store()
    store.extend(quad for content in known for quad in _placed(content))
    return Dataset(
        store,
        inputs=tuple(content.input for content in known if content.place),
        texts=tuple(content.text for content in known if content.text),
        shapes=tuple(
            quad for content in known if content.place == SHAPES for quad in content.quads
        ),
        rules=_queries(known, RULES),
        checks=_queries(known, CHECKS),
        violations=tuple(violation for content in known for violation in content.violations),
    )


def statements(store: Store) -> Iterator[Quad]:
    """Yield every statement once: those of the default graph, and the quoted ones."""
    layers = {NamedNode(layer) for layer in LAYERS}
    yield from (quad for quad in store if quad.graph_name not in layers)


def _is_ignored(path: PurePosixPath) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return hidden or path.suffix == ".md" or path.parts[:2] == ("ontology", "examples")


def _reading_order(path: PurePosixPath) -> tuple[int, str]:
    order = [number for number, (pattern, _) in enumerate(PLACES) if _fits(path, pattern)]
    return (order or [len(PLACES)])[0], str(path)


def _fits(path: PurePosixPath, pattern: str) -> bool:
    return path.match(pattern) and len(path.parts) == pattern.count("/") + 1


def _no_place(path: PurePosixPath) -> Violation:
    places = ", ".join(pattern for pattern, _ in PLACES if pattern.startswith(path.parts[0]))
    return Violation(str(path), None, "", "this file has no place", f"read are: {places}", "place")


def _read_query(source: InputFile, place: str, data: bytes) -> Content:
    try:
        query = read_sparql_file(source.path, data.decode())
    except UnicodeDecodeError as error:
        return Content(source, place, violations=(_not_utf_8(source.path, error),))
    except SeedError as error:
        wrong = Violation(source.path, None, "", error.problem, "correct it", "syntax")
        return Content(source, place, violations=(wrong,))
    return Content(source, place, query=query)


def _read_rdf(source: InputFile, place: str, data: bytes) -> Content:
    kind = RdfFormat.TRIG if source.path.endswith(".trig") else RdfFormat.TURTLE
    try:
        text = read_source_text(source.path, data.decode())
        quads = tuple(parse(data, kind, rename_blank_nodes=True))
    except UnicodeDecodeError as error:
        return Content(source, place, violations=(_not_utf_8(source.path, error),))
    except SyntaxError as error:
        return Content(source, place, violations=(_syntax(source.path, error),))
    wrong = () if place == SHAPES else (*_blank(text, quads), *_misnamed(text, place, quads))
    return Content(source, place, quads, text=text, violations=wrong)


def _not_utf_8(path: str, error: UnicodeDecodeError) -> Violation:
    line = error.object.count(b"\n", 0, error.start) + 1
    problem = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
    remedy = "save the file as UTF-8; nothing of it has been read"
    return Violation(path, line, "", problem, remedy, "syntax")


def _syntax(path: str, error: SyntaxError) -> Violation:
    problem = re.sub(
        r"^Parser error at line \d+ (between columns \d+ and|column) \d+: ", "", error.msg
    )
    remedy = "correct it; the rest of this file has not been read"
    return Violation(path, error.lineno, "", problem, remedy, "syntax")


def _blank(text: SourceText, quads: Iterable[Quad]) -> Iterator[Violation]:
    if any(isinstance(term, BlankNode) for quad in quads for term in quad):
        for line in blank_node_lines(text.text):
            yield Violation(
                text.path, line, "", "a blank node", "give the node an IRI", "blank-node"
            )


def _misnamed(text: SourceText, place: str, quads: Iterable[Quad]) -> Iterator[Violation]:
    if place != QUOTED:
        return
    stem = f"{BASE}proposition/{PurePosixPath(text.path).parent.name}/"
    for graph in sorted({_graph_iri(quad) for quad in quads}):
        if not re.fullmatch(re.escape(stem) + r"[a-z0-9][a-z0-9-]*", graph):
            yield Violation(
                text.path,
                text.blocks.get(graph),
                shorten(graph) or "the default graph",
                "not the graph of a proposition of this document",
                f"put each proposition into a graph <{stem}name>",
                "graph-name",
            )


def _graph_iri(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def _placed(content: Content) -> Iterator[Quad]:
    if content.place == QUOTED:
        yield from content.quads
    elif content.place.startswith(BASE):
        layer = NamedNode(content.place)
        for s, p, o, _ in content.quads:
            yield Quad(s, p, o, layer)
            yield Quad(s, p, o, DefaultGraph())


def _queries(contents: Iterable[Content], place: str) -> tuple[SparqlFile, ...]:
    return tuple(c.query for c in contents if c.place == place and c.query)
