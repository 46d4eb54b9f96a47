"""`kg publish`: what is loaded elsewhere is the build, all of it, and nothing more."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from conftest import TINY_HASH, TINY_WORLD
from engine_servers import SERVERS, EngineServer, running
from kg.config import Config
from kg.engine.remote import RemoteEngine
from kg.engine.requests import Request
from kg.errors import BuildError
from kg.formats import CSV
from kg.graph_store import GraphStore
from kg.publishing import publish
from kg.vocab import BASE, BUILD_GRAPH

STALE = BASE + "proposition/000/no-longer-there"
FOREIGN = "https://example.org/of-another-project"


@pytest.fixture(scope="module", params=SERVERS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EngineServer]:
    """An empty server."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture
def config(tmp_path: Path, server: EngineServer) -> Config:
    """A project with a tiny build, and the server as its engine."""
    folder = tmp_path / "builds" / "tiny"
    folder.mkdir(parents=True)
    store = Store(str(folder / "store"))
    store.load(TINY_WORLD, RdfFormat.TRIG)
    store.flush()
    (folder / "manifest.json").write_text(json.dumps({"hash": TINY_HASH}))
    (tmp_path / "builds" / "current").write_text("tiny")
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "diplomacy.ttl").touch()
    return Config(root=tmp_path, builds=tmp_path / "builds", engine_url=server.query_url)


def load(config: Config, server: EngineServer) -> str:
    """Publish, and return the hash."""
    return publish(config, GraphStore(server.store_url), lambda _done, _total: None)


def count(config: Config, pattern: str) -> int:
    """Return how often a pattern is found there."""
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    request = Request(query, rows=CSV, graph=None, is_own=True)
    return int(RemoteEngine(config).answer(request).body.split()[1])


def test_the_store_holds_what_the_build_holds(config: Config, server: EngineServer) -> None:
    """Each graph has its triples, the hash is known, and publishing again changes nothing."""
    for _ in range(2):
        assert load(config, server) == TINY_HASH
        assert RemoteEngine(config).build == TINY_HASH
        assert count(config, "?s ?p ?o") == 6
        assert count(config, "GRAPH graph:registry { ?s ?p ?o }") == 6
        assert count(config, "?s rdfs:comment ?quoted") == 0
        assert count(config, "GRAPH ?g { ?s rdfs:comment ?quoted }") == 1


def test_only_our_own_old_graphs_are_removed(config: Config, server: EngineServer) -> None:
    """A proposition that is gone goes; the graph of another project stays."""
    store = GraphStore(server.store_url)
    for graph in (STALE, FOREIGN):
        store.put(graph, b"<urn:s> <urn:p> <urn:o> .\n")

    load(config, server)

    assert count(config, f"GRAPH <{STALE}> {{ ?s ?p ?o }}") == 0
    assert count(config, f"GRAPH <{FOREIGN}> {{ ?s ?p ?o }}") == 1


class Forgetful(GraphStore):
    """Loads one graph less than it says."""

    def put(self, graph: str, n_triples: bytes) -> None:
        """Leave out the quotation."""
        if "/proposition/" in graph:
            self.delete(graph)
        else:
            super().put(graph, n_triples)


def test_a_store_that_differs_is_an_error(config: Config, server: EngineServer) -> None:
    """The message names the graph and both numbers; the hash is not written."""
    with pytest.raises(BuildError, match="proposition/000/quoted: 0, not 1"):
        publish(config, Forgetful(server.store_url), lambda _done, _total: None)

    assert RemoteEngine(config).build == ""
    assert count(config, f"GRAPH <{BUILD_GRAPH}> {{ ?s ?p ?o }}") == 0


def test_the_command_prints_the_hash(config: Config, server: EngineServer) -> None:
    """Progress stands on standard error; without an address it says what is missing."""
    command = [str(Path(sys.executable).with_name("kg")), "--root", str(config.root), "publish"]
    environ = {**os.environ, "KG_ENGINE_URL": server.query_url, "KG_PUBLISH_URL": server.store_url}

    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    del environ["KG_ENGINE_URL"]
    refused = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    assert (done.stdout, "loaded" in done.stderr) == (TINY_HASH + "\n", True)
    assert (refused.returncode, "KG_ENGINE_URL" in refused.stderr) == (2, True)


def test_a_graph_store_that_is_not_there_is_an_error(config: Config) -> None:
    """Neither its address nor its password is repeated."""
    with pytest.raises(BuildError, match="cannot be reached") as caught:
        publish(config, GraphStore("http://user:s3cret@127.0.0.1:9/"), lambda _d, _t: None)

    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_an_engine_that_is_not_there_is_an_error(config: Config, server: EngineServer) -> None:
    """Nothing can be compared without it."""
    away = replace(config, engine_url="http://127.0.0.1:9/query")

    with pytest.raises(BuildError, match="cannot be counted"):
        load(away, server)


@pytest.mark.parametrize("url", ["", "ftp://example.org/", "http://", "http://h:x/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """Before anything is sent."""
    with pytest.raises(BuildError, match="no http or https URL"):
        GraphStore(url)
