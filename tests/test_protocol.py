"""The W3C's tests of the SPARQL 1.1 Protocol, over a socket.

An update is refused here, whatever it is: of the tests of updates, the refusal is tested, and that
a query after it finds nothing changed.
"""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store
from werkzeug.serving import make_server

from kg.config import Config
from kg.engine.pool import Pool
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.web.app import create_app
from w3c import SPARQL11, Exchange, manifest

DATA: Final = "http://kasei.us/2009/09/sparql/data/"
ROWS: Final = {each.media_type for each in RESULT_FORMATS}
RDF: Final = {each.media_type for each in RDF_FORMATS}
FORMS: Final = {"boolean": ROWS, "tabular": ROWS, "RDF": RDF}


@pytest.fixture(scope="module")
def address(tiny_config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Host and port of a server over the graphs that the tests want."""
    folder = tmp_path_factory.mktemp("protocol")
    store = Store(str(folder / "store"))
    for name in ("data1", "data2", "data3"):
        graph = NamedNode(f"{DATA}{name}.rdf")
        path = SPARQL11 / "protocol" / f"{name}.nt"
        store.load(path=str(path), format=RdfFormat.N_TRIPLES, to_graph=graph)
    store.flush()
    (folder / "manifest.json").write_text(json.dumps({"hash": "ab" * 32}))
    yield from served(tiny_config, folder)


def served(config: Config, build: Path) -> Iterator[str]:
    """Serve a build until the test is over."""
    engine = Pool(config, build)
    server = make_server("127.0.0.1", 0, create_app(config, engine), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    engine.close()


def send(address: str, exchange: Exchange) -> tuple[HTTPResponse, bytes]:
    """Send a request as it stands in the manifest, to the path of the endpoint."""
    connection = HTTPConnection(address, timeout=20)
    path = exchange.path.replace("/sparql/", "/sparql", 1)
    connection.request(exchange.method, path, exchange.body, dict(exchange.headers))
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def is_update(exchange: Exchange) -> bool:
    """Whether a request of a test of updates is one; the others ask what it did."""
    return exchange.headers.get("content-type") != "application/sparql-query"


@pytest.mark.parametrize(
    "exchanges", manifest("protocol", is_wanted=lambda name: "update" not in name)
)
def test_a_query_is_answered_as_the_w3c_expects(address: str, exchanges: list[Exchange]) -> None:
    """Status, format and, where there is one, the boolean."""
    for exchange in exchanges:
        response, body = send(address, exchange)
        media_type = response.headers.get_content_type()

        assert exchange.expects(response.status), body
        assert exchange.form is None or media_type in FORMS[exchange.form]
        assert exchange.boolean is None or json.loads(body)["boolean"] is exchange.boolean


@pytest.mark.parametrize("exchanges", manifest("protocol", is_wanted=lambda name: "update" in name))
def test_an_update_is_refused_and_changes_nothing(address: str, exchanges: list[Exchange]) -> None:
    """Also one that the W3C expects to be carried out."""
    for exchange in exchanges:
        response, body = send(address, exchange)

        if is_update(exchange):
            assert 400 <= response.status < 500
        else:
            assert (response.status, json.loads(body)["boolean"]) == (200, False)

    assert count(address) == 3


def count(address: str) -> int:
    """Return how many triples the named graphs hold."""
    query = "query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7BGRAPH%20%3Fg%20%7B%3Fs%20%3Fp%20%3Fo%7D%7D"
    form = {"content-type": "application/x-www-form-urlencoded"}
    exchange = Exchange("POST", "/sparql/", form, query.encode(), (), None, None, None)
    return int(json.loads(send(address, exchange)[1])["results"]["bindings"][0]["n"]["value"])
