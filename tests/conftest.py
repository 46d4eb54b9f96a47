"""Fixtures: a tiny hand-written build on disk, and what answers queries over it."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg.config import Config
from kg.current import find_current
from kg.dataset.builds import make_build
from kg.engine.pool import Pool
from kg.library import Build, open_build
from kg.web.app import create_app
from live_project import write_live_project
from live_server import LOW, LiveServer, unharmed

TINY_HASH = "ab" * 32
TINY_WORLD = """
PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX graph: <https://w3id.org/diplomacy-kg/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX state: <https://w3id.org/diplomacy-kg/id/state/>

state:japan a dip:State ; rdfs:label "Japan"@en ; dip:isoCode "JPN" .
state:pakistan a dip:State ; rdfs:label "Pakistan"@en ; dip:isoCode "PAK" .

graph:registry {
  state:japan a dip:State ; rdfs:label "Japan"@en ; dip:isoCode "JPN" .
  state:pakistan a dip:State ; rdfs:label "Pakistan"@en ; dip:isoCode "PAK" .
}

<https://w3id.org/diplomacy-kg/proposition/000/quoted> { state:japan rdfs:comment "quoted" . }
"""
TINY_QUERY = """
#+ title = "Label of a state"
#+ description = "The label of the state with a code."
#+ [params.code]
#+ type = "string"
#+ label = "Code"
#+ example = "PAK"

PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?state ?label
WHERE {
  ?state dip:isoCode ?code ;
    rdfs:label ?label .
}
ORDER BY ?state
"""


def pytest_configure() -> None:
    """Let SIGINT be heard: what a shell starts in the background is started with it ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def store_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder: store/ and manifest.json."""
    folder = tmp_path_factory.mktemp("build")
    store = Store(str(folder / "store"))
    store.load(TINY_WORLD, RdfFormat.TRIG)
    store.flush()
    (folder / "manifest.json").write_text(json.dumps({"hash": TINY_HASH}))
    return folder


@pytest.fixture(scope="session")
def tiny_config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A project with one saved query, `label-of-state`."""
    root = tmp_path_factory.mktemp("project")
    (root / "queries").mkdir()
    (root / "queries" / "label-of-state.rq").write_text(TINY_QUERY.lstrip())
    return Config(root=root, builds=root / "builds")


@pytest.fixture(scope="session")
def engine(tiny_config: Config, store_dir: Path) -> Iterator[Pool]:
    """A pool over the tiny build; a test that breaks its engine makes one of its own."""
    pool = Pool(tiny_config, store_dir)
    yield pool
    pool.close()


@pytest.fixture
def app(tiny_config: Config, engine: Pool) -> Flask:
    """The web application over the tiny build, answering bugs as it does in production."""
    return create_app(tiny_config, engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the web application."""
    return app.test_client()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """A build of the real files, open."""
    config = Config(root=Path(__file__).parents[1], builds=tmp_path_factory.mktemp("builds"))
    make_build(config)
    with open_build(config=config) as build:
        yield build


@pytest.fixture(scope="session")
def built_store(built: Build) -> Store:
    """The store of that build, for questions put to it directly."""
    return Store.read_only(str(find_current(built._config) / "store"))


@pytest.fixture(scope="module")
def live_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two saved queries and a build, for real servers."""
    root = tmp_path_factory.mktemp("live") / "project"
    write_live_project(root)
    return root


@pytest.fixture(scope="module")
def low(live_root: Path) -> Iterator[LiveServer]:
    """A server with low limits."""
    with LiveServer(live_root, **LOW) as server:
        yield server


@pytest.fixture(scope="module")
def patient_server(live_root: Path) -> Iterator[LiveServer]:
    """A server whose queries end only because somebody ends them."""
    with LiveServer(live_root, **{**LOW, "KG_QUERY_TIMEOUT": 60}) as server:
        yield server


@pytest.fixture
def patient(patient_server: LiveServer) -> Iterator[LiveServer]:
    """A server whose queries end only because somebody ends them; it is not harmed."""
    with unharmed(patient_server):
        yield patient_server
