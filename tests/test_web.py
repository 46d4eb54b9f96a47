"""The HTTP surfaces, over a tiny build."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from werkzeug.test import TestResponse

from kg.config import Config
from kg.engine.pool import Pool
from kg.engine.requests import Request
from kg.formats import CSV, JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, Format
from kg.saved_queries import fill, read_saved_queries
from kg.web.app import create_app

ASK = "ASK { ?s ?p ?o }"
ROWS = "SELECT ?s { ?s ?p ?o } ORDER BY ?s"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"
QUOTED = "https://w3id.org/diplomacy-kg/proposition/000/quoted"
SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DESCRIBED = (
    "endpoint",
    "supportedLanguage",
    "resultFormat",
    "defaultEntailmentRegime",
    "defaultDataset",
    "defaultGraph",
    "namedGraph",
    "name",
)


def sparql(query: str, **others: str) -> str:
    """Return the URL that asks a query."""
    return "/sparql?" + urlencode({"query": query, **others})


def problem(response: TestResponse) -> dict[str, Any]:
    """Return the members of a body in JSON."""
    members: dict[str, Any] = json.loads(response.data)
    return members


@pytest.fixture
def closed_client(tiny_config: Config, store_dir: Path) -> FlaskClient:
    """A client of an application whose engine has no worker."""
    engine = Pool(tiny_config, store_dir)
    engine.close()
    return create_app(tiny_config, engine).test_client()


@pytest.mark.parametrize("chosen", RESULT_FORMATS)
def test_rows_come_in_the_format_of_the_accept_header(client: FlaskClient, chosen: Format) -> None:
    """The content type is the media type, with a charset where it is text."""
    response = client.get(sparql(ROWS), headers={"Accept": chosen.media_type})

    assert response.status_code == 200
    assert response.mimetype == chosen.media_type
    assert b"japan" in response.data


@pytest.mark.parametrize("chosen", RDF_FORMATS)
def test_a_graph_comes_in_the_format_of_the_accept_header(
    client: FlaskClient, chosen: Format
) -> None:
    """Every RDF format, for CONSTRUCT as for DESCRIBE."""
    response = client.get(sparql(GRAPH), headers={"Accept": chosen.media_type})

    assert response.status_code == 200
    assert response.mimetype == chosen.media_type


@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}])
@pytest.mark.parametrize(
    ("query", "expected"),
    [(ROWS, JSON.media_type), (ASK, JSON.media_type), (GRAPH, TURTLE.media_type)],
)
def test_without_a_wish_rows_come_in_json_and_graphs_in_turtle(
    client: FlaskClient, query: str, expected: str, headers: dict[str, str]
) -> None:
    """As the house style says."""
    assert client.get(sparql(query), headers=headers).mimetype == expected


def test_format_in_the_url_goes_before_the_accept_header(client: FlaskClient) -> None:
    """A link can ask for CSV from a browser."""
    response = client.get(sparql(ROWS, format="csv"), headers={"Accept": "application/json"})

    assert response.content_type == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/search?q=japan&format=html", "text/html"),
        ("/search?q=japan&format=json", "application/json"),
        ("/queries?format=html", "text/html"),
        ("/queries?format=json", "application/json"),
        ("/dump?format=html", "text/html"),
        ("/dump?format=json", "application/json"),
        ("/.well-known/void?format=nt", "application/n-triples"),
        ("/graphs?default&format=json", "application/ld+json"),
        ("/sparql?format=nt", "application/n-triples"),
    ],
)
def test_what_has_several_forms_is_given_in_the_one_that_the_address_names(
    client: FlaskClient, path: str, media_type: str
) -> None:
    """Whatever the Accept header likes; a form that there is not here is refused with the list."""
    accept = "application/json" if media_type == "text/html" else "text/html"
    refused = client.get(path.rpartition("=")[0] + "=csv")

    assert client.get(path, headers={"Accept": accept}).mimetype == media_type
    assert refused.status_code == 406
    assert problem(refused)["detail"].startswith("there is no format 'csv' here; there are ")


@pytest.mark.parametrize(
    ("query", "accept", "offered"),
    [
        (ROWS, "image/png", "text/turtle"),
        (ROWS, "text/turtle", "text/csv"),
        (GRAPH, "text/csv", "application/n-quads"),
    ],
)
def test_an_accept_header_that_fits_nothing_is_answered_406_with_the_list(
    client: FlaskClient, query: str, accept: str, offered: str
) -> None:
    """Also where a format exists, but not for this kind of answer."""
    response = client.get(sparql(query), headers={"Accept": accept})

    assert response.status_code == 406
    assert offered in problem(response)["detail"]


def test_a_query_comes_by_get_by_form_and_as_the_body(client: FlaskClient) -> None:
    """The three ways of the protocol give the same bytes."""
    by_get = client.get(sparql(ROWS))
    by_form = client.post("/sparql", data={"query": ROWS})
    as_body = client.post("/sparql", data=ROWS, content_type="application/sparql-query")

    assert by_get.status_code == 200
    assert by_get.data == by_form.data == as_body.data


@pytest.mark.parametrize("ways", ["get", "form", "body"])
def test_the_dataset_of_the_protocol_is_the_graphs_it_names(client: FlaskClient, ways: str) -> None:
    """The parameters stand beside the query, or in the URL of a direct POST."""
    query = "SELECT ?o { ?s ?p ?o }"
    dataset = {"default-graph-uri": QUOTED, "format": "csv"}
    response = {
        "get": lambda: client.get(sparql(query, **dataset)),
        "form": lambda: client.post("/sparql", data={"query": query, **dataset}),
        "body": lambda: client.post(
            "/sparql?" + urlencode(dataset), data=query, content_type="application/sparql-query"
        ),
    }[ways]()

    assert response.text.split() == ["o", "quoted"]


def test_several_graphs_make_up_the_default_graph(client: FlaskClient) -> None:
    """A parameter may be repeated."""
    registry = "https://w3id.org/diplomacy-kg/graph/registry"
    both = urlencode({"default-graph-uri": [QUOTED, registry], "format": "csv"}, doseq=True)
    query = quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")

    assert client.get(f"/sparql?query={query}&{both}").text.split() == ["n", "7"]


def test_an_answer_names_its_build(client: FlaskClient, engine: Pool) -> None:
    """So that it can be repeated."""
    response = client.get(sparql(ASK))

    assert response.headers["KG-Build"] == engine.build
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Vary"] == "Accept, Accept-Encoding"


def test_a_client_that_has_the_answer_is_told_so(client: FlaskClient) -> None:
    """The same query in another format is another answer, and a POST is always answered."""
    tag = client.get(sparql(ASK)).headers["ETag"]

    again = client.get(sparql(ASK), headers={"If-None-Match": tag})
    other = client.get(sparql(ASK, format="csv"), headers={"If-None-Match": tag})
    posted = client.post("/sparql", data={"query": ASK}, headers={"If-None-Match": tag})

    assert tag.startswith("W/")
    assert (again.status_code, again.data) == (304, b"")
    assert (other.status_code, posted.status_code) == (200, 200)


@pytest.mark.parametrize("tags", ["*", 'W/"other"', "rubbish"])
def test_a_tag_of_anything_else_is_no_answer(client: FlaskClient, tags: str) -> None:
    """A wrong query stays wrong."""
    headers = {"If-None-Match": tags}

    assert client.get(sparql(ASK), headers=headers).status_code == 200
    assert client.get(sparql("SELEC"), headers=headers).status_code == 400


@pytest.mark.parametrize("path", ["/sparql", "/graphs", "/queries", "/queries/label-of-state"])
def test_scripts_of_any_site_may_ask(client: FlaskClient, path: str) -> None:
    """A direct POST is asked for first, by OPTIONS. Nobody is known, so nobody is trusted."""
    before = client.options(path, headers={"Origin": "https://evil.example"})
    exposed = before.headers["Access-Control-Expose-Headers"].split(", ")

    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert before.headers["Access-Control-Allow-Methods"] == before.headers["Allow"]
    assert "Content-Type" in before.headers["Access-Control-Allow-Headers"]
    assert {"ETag", "KG-Build", "KG-Query-Id", "Link", "Retry-After"} <= set(exposed)
    assert "Access-Control-Allow-Credentials" not in before.headers
    assert before.data == b""


def test_scripts_of_any_site_may_read_errors(client: FlaskClient) -> None:
    """Else they could not tell what is wrong; also where no address or method fits."""
    wrong = [client.get(sparql("SELEC")), client.put("/sparql"), client.get("/nowhere")]

    assert [each.status_code for each in wrong] == [400, 405, 404]
    assert [each.headers.getlist("Access-Control-Allow-Origin") for each in wrong] == [["*"]] * 3
    assert client.options("/nowhere").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sparql",
        sparql(ROWS),
        "/graphs?default",
        "/queries",
        "/queries/label-of-state?code=PAK&format=csv",
        "/openapi.json",
        "/health",
    ],
)
def test_head_is_answered_with_the_headers_of_get_and_no_body(
    client: FlaskClient, path: str
) -> None:
    """Everywhere; OPTIONS says so."""
    head, get = client.head(path), client.get(path)
    allowed = client.options(path).headers["Allow"].split(", ")

    assert (head.status_code, head.data) == (200, b"")
    assert (head.content_type, head.content_length) == (get.content_type, get.content_length)
    assert {"GET", "HEAD", "OPTIONS"} <= set(allowed)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (sparql(ROWS, format="csv"), 'attachment; filename="sparql.csv"'),
        (sparql(ROWS, format="tsv"), 'attachment; filename="sparql.tsv"'),
        (sparql(ROWS), 'inline; filename="sparql.srj"'),
        ("/graphs?default", 'inline; filename="graphs.ttl"'),
        (
            "/queries/label-of-state?code=PAK&format=csv",
            'attachment; filename="label-of-state.csv"',
        ),
        ("/queries.ttl", 'inline; filename="queries.ttl"'),
        ("/context.jsonld", 'inline; filename="context.jsonld"'),
        ("/.well-known/void?format=nt", 'inline; filename="void.nt"'),
        (sparql("SELEC", format="csv"), None),
        ("/queries", None),
    ],
)
def test_an_answer_has_the_name_of_a_file(
    client: FlaskClient, url: str, expected: str | None
) -> None:
    """Tables are saved by browsers, the other formats shown."""
    assert client.get(url).headers.get("Content-Disposition") == expected


@pytest.mark.parametrize("chosen", RDF_FORMATS)
def test_without_a_query_the_endpoint_describes_itself(client: FlaskClient, chosen: Format) -> None:
    """In every RDF format; the endpoint is the address that was asked."""
    response = client.get("/sparql", headers={"Accept": chosen.media_type})
    store = Store()
    store.load(response.data, RdfFormat.from_media_type(chosen.media_type))

    assert response.status_code == 200
    endpoints = {
        quad.object for quad in store.quads_for_pattern(None, NamedNode(SD + "endpoint"), None)
    }
    assert endpoints == {NamedNode("http://localhost/sparql")}


def test_the_description_conforms_to_its_vocabulary(client: FlaskClient) -> None:
    """The service, its dataset and graphs; every term is one of the vocabulary's, in its place."""
    description = list(parse(client.get("/sparql").data, format=RdfFormat.TURTLE))
    used = {quad.predicate.value for quad in description}
    types = [str(quad.object) for quad in description if quad.predicate == RDF_TYPE]
    formats = objects(description, SD + "resultFormat")

    assert used == {RDF_TYPE.value, *(SD + name for name in DESCRIBED)}
    assert set(types) == {f"<{SD}{name}>" for name in ("Service", "Dataset", "Graph", "NamedGraph")}
    assert types.count(f"<{SD}Service>") == 1
    assert len(formats) == len((*RESULT_FORMATS, *RDF_FORMATS))
    assert all(each.startswith(FORMATS) for each in formats)


def objects(description: list[Quad], predicate: str) -> set[str]:
    """Return the IRIs that a predicate leads to."""
    found = (quad.object for quad in description if quad.predicate.value == predicate)
    return {each.value for each in found if isinstance(each, NamedNode)}


def test_a_graph_of_the_description_is_read_by_its_name(client: FlaskClient) -> None:
    """One of the graphs that are described is in the tiny build."""
    names = objects(list(parse(client.get("/sparql").data, format=RdfFormat.TURTLE)), SD + "name")

    found = {
        name for name in names if client.head("/graphs?graph=" + quote(name)).status_code == 200
    }

    assert found == {"https://w3id.org/diplomacy-kg/graph/registry"}


def test_the_description_is_refused_as_rows(client: FlaskClient) -> None:
    """It is a graph, and says in which formats."""
    response = client.get("/sparql", headers={"Accept": "text/csv"})

    assert response.status_code == 406
    assert "text/turtle" in problem(response)["detail"]


def test_a_url_may_hold_utf_8_as_it_is(client: FlaskClient) -> None:
    """Some programs do not encode it."""
    response = client.get("/sparql", query_string="query=ASK{}#é")

    assert response.status_code == 200


def test_health_is_good_where_a_query_is_answered(client: FlaskClient, engine: Pool) -> None:
    """It names the build."""
    response = client.get("/health")

    assert response.status_code == 200
    assert response.json == {"status": "ok", "build": engine.build}
    assert response.headers["Cache-Control"] == "no-store"


def test_health_is_bad_where_no_query_is_answered(closed_client: FlaskClient) -> None:
    """It asks a real one."""
    response = closed_client.get("/health")

    assert response.status_code == 503
    assert (problem(response)["status"], problem(response)["problem"]) == (
        "failing",
        "the engine is closed",
    )


def test_health_tells_busy_from_broken(tiny_config: Config, store_dir: Path) -> None:
    """Where all workers are at work, restarting the service would not help."""
    busy = Pool(replace(tiny_config, workers=0, reserved_workers=1), store_dir)
    busy.await_ready(5)

    response = create_app(tiny_config, busy).test_client().get("/health")
    busy.close()

    assert (response.status_code, problem(response)["status"]) == (200, "busy")


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"Host": "<bad>"}, "http://localhost:80"),
        ({"Host": "a.example/b"}, "http://localhost:80"),
        ({"Host": "a.example:8000"}, "http://a.example:8000"),
        ({"Host": "a.example", "X-Forwarded-Host": "evil.example"}, "http://a.example"),
    ],
)
def test_links_lead_to_the_host_that_was_asked(
    client: FlaskClient, headers: dict[str, str], base: str
) -> None:
    """Where the header names none, the server's own name stands in."""
    listed = problem(client.get("/queries", headers=headers))

    assert f"<{base}/sparql>" in client.get("/sparql", headers=headers).text
    assert listed["queries"][0]["url"] == f"{base}/queries/label-of-state"


def test_links_lead_to_the_public_address_where_there_is_one(
    tiny_config: Config, engine: Pool
) -> None:
    """Whatever the Host header says."""
    config = replace(tiny_config, public_url="https://kg.example")
    client = create_app(config, engine).test_client()
    headers = {"Host": "evil.example"}

    assert "<https://kg.example/sparql>" in client.get("/sparql", headers=headers).text
    assert "evil" not in client.get("/queries", headers=headers).text


def test_saved_queries_are_listed_for_programs_and_for_people(client: FlaskClient) -> None:
    """A link of the page answers the example."""
    listed = json.loads(client.get("/queries").data)["queries"]
    page = client.get("/queries", headers={"Accept": "text/html"}).text

    assert [query["name"] for query in listed] == ["label-of-state"]
    assert [parameter["name"] for parameter in listed[0]["parameters"]] == ["code"]
    assert 'href="/queries/label-of-state?code=PAK"' in page


def test_saved_queries_stand_in_the_same_order_wherever_people_choose_one(
    tiny_config: Config, engine: Pool
) -> None:
    """By theme, the most important first, and then by title: in the list and in the editor."""
    root = Path(__file__).parents[1]
    client = create_app(replace(tiny_config, root=root), engine).test_client()
    page, editor = (
        client.get(path, headers={"Accept": "text/html"}) for path in ("/queries", "/sparql")
    )
    names = re.findall(r'href="/queries/([\w-]+)', page.text)

    assert len(names) > 40
    examples = editor.text.partition('name="example"')[2].partition("</select>")[0]
    assert re.findall(r'<option value="([\w-]+)"', examples) == names


@pytest.mark.parametrize("chosen", RESULT_FORMATS)
def test_a_saved_query_answers_the_same_bytes_as_everywhere(
    client: FlaskClient, engine: Pool, tiny_config: Config, chosen: Format
) -> None:
    """The page, the command line and the library call the same function."""
    saved = read_saved_queries(tiny_config.root / "queries")["label-of-state"]
    query = fill(saved, {"code": "PAK"}, engine)
    expected = engine.answer(Request(query, rows=CSV, graph=None))

    by_accept = client.get(
        "/queries/label-of-state?code=PAK", headers={"Accept": chosen.media_type}
    )
    by_name = client.get("/queries/label-of-state?code=PAK&format=csv")

    assert by_accept.mimetype == chosen.media_type
    assert b"Pakistan" in by_accept.data
    assert by_name.data == expected.body


def test_a_value_is_a_term_and_never_a_piece_of_query(client: FlaskClient) -> None:
    """Quotes and braces are text."""
    response = client.get(
        "/queries/label-of-state?" + urlencode({"code": '" } ; DROP ALL #', "format": "csv"})
    )

    assert (response.status_code, response.text.split()) == (200, ["state,label"])


def test_no_content_type_is_guessed_by_browsers(client: FlaskClient) -> None:
    """JSON holds what was asked, as it is."""
    assert client.get(sparql(ASK)).headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(client.get(sparql(ASK)).data)["boolean"] is True
