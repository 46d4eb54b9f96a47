"""A build minted under another base: its IRIs resolve where it is served, and links lead on."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.config import read_config
from kg.current import find_current
from kg.errors import BuildError
from kg.vocab import HOME
from live_server import SERVE, LiveServer, free_port

ROOT = Path(__file__).parents[1]
KG = SERVE[:-1]
MANY_AT_ONCE = {"KG_QUEUE_LENGTH": "2000", "KG_QUEUE_SECONDS": "30", "KG_CLIENT_SECONDS": "0"}
"""For a client that fetches hundreds of documents as fast as it can."""

COMUNICA = ROOT / "node_modules" / ".bin" / "comunica-sparql-link-traversal"
TWO_HOPS = """
SELECT DISTINCT ?level ?day WHERE {
  ?representation dip:sendingState <%(base)sid/state/pakistan> ;
    dip:receivingState <%(base)sid/state/afghanistan> ;
    dip:level/rdfs:label ?level ;
    dip:lastKnownOn ?day .
}"""
"""From the situation to its level, and from the level to what it is called."""


def kg(env: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*KG, *words], env={**os.environ, **env}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def port() -> int:
    """Where the build is served, and what its IRIs say."""
    return free_port()


@pytest.fixture(scope="module")
def base(port: int) -> str:
    """The base under which the build is minted."""
    return f"http://127.0.0.1:{port}/"


@pytest.fixture(scope="module")
def env(base: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a project whose build is minted under that base."""
    env = {
        "KG_ROOT": str(ROOT),
        "KG_BUILDS": str(tmp_path_factory.mktemp("minted")),
        "KG_BASE_IRI": base,
    }
    made = kg(env, "build")
    assert made.returncode == 0, made.stderr
    return env


@pytest.fixture(scope="module")
def server(
    env: Mapping[str, str], port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """That build, served where its IRIs say."""
    with LiveServer(tmp_path_factory.mktemp("log"), port, **env, **MANY_AT_ONCE) as server:
        yield server


def test_no_iri_of_the_project_is_left(env: Mapping[str, str], base: str) -> None:
    """Every IRI of ours is under the new base; the manifest says so."""
    folder = Path(env["KG_BUILDS"]) / (Path(env["KG_BUILDS"]) / "current").read_text().strip()
    dump = (folder / "dataset.nq").read_text("utf-8")

    assert HOME not in dump
    assert f"<{base}id/state/pakistan>" in dump
    assert json.loads((folder / "manifest.json").read_text())["base"] == base


def test_a_saved_query_speaks_of_the_new_iris(env: Mapping[str, str], base: str) -> None:
    """Its text and its values are minted alike."""
    answer = kg(env, "run", "missions-of-state", "--state", "Pakistan", "--format", "csv")

    assert answer.returncode == 0, answer.stderr
    assert f"{base}id/mission/pakistan-in-kabul" in answer.stdout
    assert HOME not in kg(env, "queries", "missions-of-state").stdout


def test_a_build_of_another_base_is_not_served(env: Mapping[str, str]) -> None:
    """The message says what to do."""
    answer = kg({**env, "KG_BASE_IRI": HOME}, "query", "ASK {}")

    assert answer.returncode != 0
    assert f"set KG_BASE_IRI={env['KG_BASE_IRI']}, or run kg build" in answer.stderr


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("http://e.example", "must be an http or https IRI that ends with /"),
        ("http://e.example/?x/", "must be an http or https IRI that ends with /"),
        ("urn:x:", "is no http or https URL"),
        ("http://e.example/", "set KG_BASE_IRI before it starts"),
    ],
)
def test_a_base_that_cannot_be_is_refused(said: str, problem: str) -> None:
    """The last is a good one, but comes too late: this process has another."""
    with pytest.raises(BuildError, match=problem):
        read_config({"KG_BASE_IRI": said}, ROOT)


def test_a_manifest_that_is_none_names_no_build(tmp_path: Path) -> None:
    """Whatever it holds in the place of members."""
    config = read_config({"KG_BUILDS": str(tmp_path)}, ROOT)
    (tmp_path / "current").write_text("x")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "manifest.json").write_text("[]")

    with pytest.raises(BuildError, match="cannot be read"):
        find_current(config)


def test_who_follows_links_finds_the_answer(server: LiveServer, base: str) -> None:
    """From Pakistan's IRI alone, without the endpoint: documents are fetched as names come up."""
    graph = rdflib.Graph()
    seen: set[str] = set()
    follow(graph, f"{base}id/state/pakistan", seen)
    for subject in sorted(set(map(str, graph.subjects()))):
        if "/representation-of-" not in subject:
            continue
        follow(graph, subject, seen)
    for _, _, level in graph.triples((None, rdflib.URIRef(f"{base}ontology#level"), None)):
        follow(graph, str(level), seen)

    rows = {(str(level), str(day)) for level, day in graph.query(TWO_HOPS % {"base": base})}  # type: ignore[misc]

    assert rows == {("chargé d'affaires", "2025-05-30")}
    assert server.is_answering()


def follow(graph: rdflib.Graph, iri: str, seen: set[str]) -> None:
    """Add what an IRI leads to, as a linked-data client does."""
    if iri not in seen:
        seen.add(iri)
        graph.parse(iri)


@pytest.mark.skipif(not COMUNICA.exists(), reason="Comunica is not installed: run .ci/browser")
def test_comunica_follows_links_to_the_answer(server: LiveServer, base: str) -> None:
    """A client that knows nothing of us: it follows whatever is named, and the endpoint is idle."""
    prefixes = f"PREFIX dip: <{base}ontology#> PREFIX rdfs: <{rdflib.RDFS}> "
    query = prefixes + TWO_HOPS % {"base": base}
    command = [str(COMUNICA), f"{base}id/state/pakistan", query, "--lenient"]

    asked = server.log_text().count('"path": "/sparql"')
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)

    (row,) = json.loads(done.stdout)
    assert row["level"].startswith('"chargé d\'affaires"')
    assert row["day"].startswith('"2025-05-30"')
    assert server.log_text().count('"path": "/sparql"') == asked


def test_the_document_of_a_thing_is_about_its_iri(server: LiveServer, base: str) -> None:
    """Also where the Host header says something else."""
    reply = server.get("/id/state/pakistan.nt")

    about = NamedNode(f"{base}id/state/pakistan")
    assert about in {quad.subject for quad in parse(reply.body, RdfFormat.N_TRIPLES)}
