"""The read side of the Graph Store Protocol: a graph of the dataset by its name."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)
from werkzeug.test import TestResponse

from kg.config import Config
from kg.engine.pool import Pool
from kg.formats import RDF_FORMATS, Format
from kg.web.app import create_app
from w3c import Exchange, manifest

QUOTED: Final = "https://w3id.org/diplomacy-kg/proposition/000/quoted"
LOCATION: Final = "http://www.example/gsp/new"
"""Where a new graph is, which the server decides."""


def graphs(name: str) -> str:
    """Return the URL of a graph."""
    return "/graphs?graph=" + quote(name, safe="")


def triples(content: bytes, media_type: str) -> Dataset:
    """Return the triples in a text, without regard to the names of blank nodes."""
    format_ = RdfFormat.from_media_type(media_type)
    found = Dataset(parse(content, format=format_, base_iri="http://www.example/"))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def code(response: TestResponse) -> str:
    """Return the code of a problem."""
    return str(json.loads(response.data)["code"])


@pytest.mark.parametrize("chosen", RDF_FORMATS)
def test_a_graph_comes_in_every_format(client: FlaskClient, chosen: Format) -> None:
    """With all its triples, and those of no other graph."""
    response = client.get(graphs(QUOTED), headers={"Accept": chosen.media_type})
    found = triples(response.data, chosen.media_type)

    assert (response.status_code, response.mimetype) == (200, chosen.media_type)
    assert [str(quad.object) for quad in found] == ['"quoted"']


def test_the_default_graph_has_a_parameter_of_its_own(client: FlaskClient) -> None:
    """It has no IRI."""
    response = client.get("/graphs?default")

    assert (response.status_code, response.content_type) == (200, "text/turtle; charset=utf-8")
    assert len(triples(response.data, "text/turtle")) == 6
    assert b"quoted" not in response.data


def test_head_tells_that_a_graph_exists(client: FlaskClient) -> None:
    """With the headers of GET, and no body."""
    there, absent = client.head(graphs(QUOTED)), client.head(graphs(QUOTED + "x"))

    assert (there.status_code, there.data, there.mimetype) == (200, b"", "text/turtle")
    assert there.content_length == client.get(graphs(QUOTED)).content_length
    assert absent.status_code == 404


@pytest.mark.parametrize(
    ("url", "status", "expected"),
    [
        (graphs(QUOTED + "/absent"), 404, "not_found"),
        (graphs("registry"), 400, "bad_parameter"),
        (graphs(""), 400, "bad_parameter"),
        (graphs("http://e/\r\nSet-Cookie: x"), 400, "bad_parameter"),
        ("/graphs", 400, "bad_parameter"),
        ("/graphs?default&graph=http://e/", 400, "bad_parameter"),
        ("/graphs?graph=http://e/&graph=http://f/", 400, "duplicate_parameter"),
        ("/graphs?graph=%ff", 400, "bad_encoding"),
        ("/graphs?default&timeout=soon", 400, "bad_parameter"),
        ("/graphs?default&format=csv", 406, "not_acceptable"),
        ("/graphs?default&format=pdf", 406, "not_acceptable"),
    ],
)
def test_what_names_no_graph_is_answered_with_a_problem(
    client: FlaskClient, url: str, status: int, expected: str
) -> None:
    """A graph must exist, and one must be named: exactly one, by an absolute IRI."""
    response = client.get(url)

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert code(response) == expected


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_nothing_is_written(client: FlaskClient, method: str) -> None:
    """405 names what is answered."""
    response = client.open(graphs(QUOTED), method=method, data=b"", content_type="text/turtle")

    assert (response.status_code, code(response)) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_graph_is_known_by_its_tag(client: FlaskClient) -> None:
    """As every answer of a build."""
    first = client.get(graphs(QUOTED))

    again = client.get(graphs(QUOTED), headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


@contextmanager
def client_over(config: Config, folder: Path, state: Dataset) -> Iterator[FlaskClient]:
    """A client of an application that serves just these quads."""
    store = Store(str(folder / "store"))
    store.bulk_extend(state)
    store.flush()
    (folder / "manifest.json").write_text(json.dumps({"hash": "ab" * 32}))
    engine = Pool(replace(config, workers=1, reserved_workers=0), folder)
    yield create_app(config, engine).test_client()
    engine.close()


def graph_of(path: str) -> NamedNode | DefaultGraph:
    """Return the graph that a URL of the manifest names."""
    named = dict(parse_qsl(path.partition("?")[2])).get("graph")
    if path.endswith("?default"):
        return DefaultGraph()
    return NamedNode((named or LOCATION).replace("$LOCATION$", LOCATION))


def write(state: Dataset, exchange: Exchange) -> None:
    """Do what a server that can be written would do."""
    graph = graph_of(exchange.path)
    if exchange.method in ("PUT", "DELETE"):
        for quad in list(state.quads_for_graph_name(graph)):
            state.discard(quad)
    for part in parts_of(exchange):
        for quad in parse(part, format=RdfFormat.TURTLE, base_iri=LOCATION):
            state.add(Quad(quad.subject, quad.predicate, quad.object, graph))


def parts_of(exchange: Exchange) -> list[bytes]:
    """Return the Turtle texts in a body, which may be a form of several."""
    body, kind = exchange.body or b"", exchange.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return [body]
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    return [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]  # type: ignore[misc]


@pytest.mark.parametrize("exchanges", manifest("graph-store-protocol", "manifest-indirect.ttl"))
def test_graphs_are_read_as_the_w3c_expects(
    exchanges: list[Exchange], tiny_config: Config, tmp_path: Path
) -> None:
    """What a test writes is built instead, and its own writing is refused."""
    state = Dataset()
    for number, exchange in enumerate(exchanges):
        folder = tmp_path / str(number)
        folder.mkdir()
        with client_over(tiny_config, folder, state) as client:
            path = exchange.path.replace("/gsp", "/graphs", 1).replace("$LOCATION$", LOCATION)
            response = client.open(
                path, method=exchange.method, headers=dict(exchange.headers), data=exchange.body
            )
            if exchange.method in ("GET", "HEAD"):
                check(exchange, response)
            else:
                assert response.status_code == 405
                write(state, exchange)


def check(exchange: Exchange, response: TestResponse) -> None:
    """Assert that an answer is what the W3C expects."""
    assert exchange.expects(response.status_code), response.data
    if exchange.method == "GET" and exchange.content is not None:
        content = exchange.content.replace(b"$LOCATION$", LOCATION.encode())
        assert triples(response.data, response.mimetype or "") == triples(content, "text/turtle")
