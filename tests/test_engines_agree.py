"""Every engine gives the same answers: ours, Oxigraph as a server, Virtuoso.

docs/engines.md lists where another engine differs, and why.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine_servers import DEFAULT_GRAPH, SERVERS, EngineServer, running, running_virtuoso
from kg.engine.remote import RemoteEngine
from kg.engine.requests import Answer, Request
from kg.errors import PartialResult, QuerySyntaxError, UnknownName
from kg.formats import JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, RdfFormat, ResultFormat
from kg.graph_store import GraphStore
from kg.library import Build, Rows, open_build
from kg.publishing import publish
from test_competency_questions import QUESTIONS, Question, cells, rows_of


@pytest.fixture(scope="module", params=SERVERS)
def server(
    request: pytest.FixtureRequest, built: Build, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EngineServer]:
    """A server that holds the build of the real files."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        config = replace(built._config, engine_url=found.query_url)
        publish(config, GraphStore(found.store_url), lambda _done, _total: None)
        yield found


@pytest.fixture(scope="module")
def remote(built: Build, server: EngineServer) -> Iterator[Build]:
    """The same build, asked there."""
    with open_build(config=replace(built._config, engine_url=server.query_url)) as found:
        yield found


def ask(build: Build, query: str, rows: ResultFormat = JSON, graph: RdfFormat = TURTLE) -> Answer:
    """Return the answer in any format."""
    return build._engine.answer(Request(query, rows=rows, graph=graph))


def test_the_build_is_known(remote: Build, built: Build) -> None:
    """It is what `kg publish` wrote there."""
    assert remote.hash == built.hash


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number[:3])
def test_competency_question_has_its_expected_rows(remote: Build, question: Question) -> None:
    """The rows are those that our own engine gives, and so is their order where it counts."""
    rows = cells(rows_of(remote, question.query, question.given), question.columns)

    assert set(rows) == set(question.rows)
    if question.ordered:
        assert rows == list(question.rows)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?state a dip:State }",
        "ASK { ?state a <https://example.org/nothing> }",
        "SELECT ?state WHERE { ?state a dip:State } ORDER BY ?state",
        "SELECT ?state WHERE { ?state a <https://example.org/nothing> }",
        "SELECT ?l WHERE { <id/state/pakistan> rdfs:label ?l }",
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) WHERE { GRAPH graph:registry { ?s ?p ?o } }",
        "PREFIX g: <https://w3id.org/diplomacy-kg/graph/> ASK { GRAPH g:claims { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) FROM graph:registry WHERE { ?s ?p ?o }",
        "SELECT ?q WHERE { ?s dip:quotedIn ?q . GRAPH ?q { ?s a ?type } } ORDER BY ?q LIMIT 5",
    ],
)
def test_an_answer_is_the_same_everywhere(remote: Build, built: Build, query: str) -> None:
    """The project's prefixes and base need no declaration there either."""
    found, expected = remote.query(query), built.query(query)

    assert (list(found) if isinstance(found, Rows) else found) == (
        list(expected) if isinstance(expected, Rows) else expected
    )


@pytest.mark.parametrize("rows", RESULT_FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("query", ["SELECT ?s WHERE { ?s a dip:State } ORDER BY ?s", "ASK {}"])
def test_rows_have_the_same_bytes(
    remote: Build, built: Build, query: str, rows: ResultFormat
) -> None:
    """In every format, whichever the server has."""
    found, expected = ask(remote, query, rows=rows), ask(built, query, rows=rows)

    assert (found.body, found.media_type, found.kind, found.size) == (
        *(expected.body, expected.media_type, expected.kind, expected.size),
    )


@pytest.mark.parametrize("graph", RDF_FORMATS, ids=lambda each: each.name)
def test_a_graph_comes_in_every_format(remote: Build, built: Build, graph: RdfFormat) -> None:
    """One triple has one form."""
    query = (
        "CONSTRUCT { state:pakistan a ?type } WHERE { state:pakistan a ?type . ?type a owl:Class }"
    )
    query += " ORDER BY ?type LIMIT 1"

    found, expected = ask(remote, query, graph=graph), ask(built, query, graph=graph)

    assert (found.body, found.media_type, found.kind) == (
        *(expected.body, expected.media_type, expected.kind),
    )


def test_quotations_are_not_facts(remote: Build) -> None:
    """A plain pattern sees the default graph alone: no plan, no denial, no forecast."""
    rows = remote.query("""
        SELECT ?s ?p ?o WHERE {
          ?s dip:quotedIn ?q ; dip:standing dipv:denied . GRAPH ?q { ?s ?p ?o } ?s ?p ?o
          FILTER(?p IN (dip:level, dip:sendingState, dip:receivingState))
        }""")

    assert isinstance(rows, Rows)
    assert len(rows) == 0


def test_a_name_that_does_not_exist_is_refused(remote: Build) -> None:
    """As our own engine does, but without near names."""
    with pytest.raises(UnknownName, match="state:pakistn is no name in this graph"):
        remote.query("SELECT ?l WHERE { state:pakistn rdfs:label ?l }")


def test_a_syntax_error_has_its_line(remote: Build) -> None:
    """Counted in the text that was asked, though declarations stand before it."""
    with pytest.raises(QuerySyntaxError) as caught:
        remote.query("SELECT ?s\nWHERE {\n  ?s rdfs:label }")

    assert caught.value.line == 3
    assert "PREFIX" not in str(caught.value)


def test_rows_beyond_the_limit_of_virtuoso_are_no_answer(
    built: Build, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Virtuoso leaves them out with the status 200, and says so in a header."""
    with running_virtuoso(tmp_path_factory.mktemp("virtuoso"), most_rows=5) as server:
        engine = RemoteEngine(replace(built._config, engine_url=server.query_url))
        store = GraphStore(server.store_url)
        store.put(DEFAULT_GRAPH, b"".join(b"<urn:s> <urn:p> <urn:o%d> .\n" % i for i in range(9)))

        with pytest.raises(PartialResult):
            engine.answer(Request("SELECT * WHERE { ?s ?p ?o }", rows=JSON, graph=None))
        few = Request("SELECT * WHERE { ?s ?p ?o } LIMIT 2", rows=JSON, graph=None)
        assert engine.answer(few).body.count(b"urn:s") == 2
