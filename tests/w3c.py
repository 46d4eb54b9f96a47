"""Reads the W3C's manifests of HTTP tests: which requests are sent, and what is expected."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, parse

SPARQL11: Final = Path(__file__).parents[2] / "shared" / "w3c" / "sparql" / "sparql11"
MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT: Final = "http://www.w3.org/2011/http#"
CNT: Final = "http://www.w3.org/2011/content#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
STATUS_CODES: Final = "http://www.w3.org/2011/http-statusCodes#"
NUMBERS: Final = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}

Node = NamedNode | BlankNode


@dataclass(frozen=True)
class Exchange:
    """One request of a test, and what is expected of its answer."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None

    statuses: tuple[str, ...]
    """Such as 404, or 2xx."""

    boolean: bool | None
    form: str | None
    """`boolean`, `tabular` or `RDF`."""

    content: bytes | None

    def expects(self, status: int) -> bool:
        """Whether an answer may have this status."""
        return any(str(status).startswith(each.rstrip("x")) for each in self.statuses)


def manifest(
    folder: str, name: str = "manifest.ttl", is_wanted: Callable[[str], bool] = bool
) -> list[Any]:
    """Return the tests of a manifest whose names are wanted, each a list of exchanges.

    They are parameters of pytest; where the W3C's files are not there, one that is skipped.
    """
    path = SPARQL11 / folder / name
    if not path.exists():
        absent = f"the W3C's test suite is not at {SPARQL11}"
        return [pytest.param([], marks=pytest.mark.skip(reason=absent), id=folder)]
    graph = Graph(path)
    return [
        pytest.param([graph.exchange(node) for node in graph.requests(entry)], id=entry_id)
        for entry_id, entry in graph.entries()
        if is_wanted(entry_id)
    ]


class Graph:
    """The graph of a manifest."""

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self._base = path.as_uri()
        self._store = Store()
        triples = parse(path=str(path), format=RdfFormat.TURTLE, base_iri=self._base)
        self._store.extend(triples)

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Yield the name and the node of each test."""
        listed = self._one(NamedNode(self._base), MF + "entries")
        for node in self._items(listed):
            yield str(node.value).rpartition("#")[2], node

    def requests(self, entry: Node) -> Iterator[Node]:
        """Yield the requests of a test, in their order."""
        connection = self._one(entry, MF + "action")
        return self._items(self._one(connection, HT + "requests"))

    def exchange(self, request: Node) -> Exchange:
        """Return what a request is, and what is expected."""
        answer = self._one(request, HT + "resp")
        boolean = self._text(answer, MF + "expectedBoolean")
        return Exchange(
            method=self._text(request, HT + "methodName") or "",
            path=self._text(request, HT + "absolutePath") or "",
            headers=self._headers(request),
            body=self._body(request),
            statuses=tuple(map(status_of, self._all(answer, MF + "expectedStatus"))),
            boolean=None if boolean is None else boolean == "true",
            form=self._text(answer, MF + "expectedFormat"),
            content=self._body(answer),
        )

    def _headers(self, node: Node) -> dict[str, str]:
        listed = next(self._all(node, HT + "headers"), None)
        return {
            (self._text(each, HT + "fieldName") or ""): self._text(each, HT + "fieldValue") or ""
            for each in (self._items(listed) if listed else ())
        }

    def _body(self, node: Node) -> bytes | None:
        body = next(self._all(node, HT + "body"), None)
        if body is None:
            return None
        text = self._text(body, CNT + "chars") or ""
        return text.encode(self._text(body, CNT + "characterEncoding") or "UTF-8")

    def _items(self, listed: Node) -> Iterator[Node]:
        while listed.value != RDF + "nil":
            yield self._one(listed, RDF + "first")
            listed = self._one(listed, RDF + "rest")

    def _one(self, node: Node, predicate: str) -> Node:
        return next(self._all(node, predicate))

    def _all(self, node: Node, predicate: str) -> Iterator[Node]:
        for quad in self._store.quads_for_pattern(node, NamedNode(predicate), None):
            yield quad.object  # type: ignore[misc]

    def _text(self, node: Node, predicate: str) -> str | None:
        return next((str(each.value) for each in self._all(node, predicate)), None)


def status_of(node: Node) -> str:
    """Return the status, or the kind of status, that a node stands for."""
    name = str(node.value).removeprefix(STATUS_CODES)
    return NUMBERS.get(name) or name.removeprefix("StatusCode")
