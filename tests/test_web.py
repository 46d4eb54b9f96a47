"""The HTTP surfaces, over a tiny build."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store
from werkzeug.test import TestResponse

from kg import errors
from kg.config import Config
from kg.engine.pool import Pool
from kg.engine.requests import Request
from kg.formats import CSV, JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, Format
from kg.saved_queries import fill, read_saved_queries
from kg.web import create_app
from kg.web.errors import STATUS, status_of

ASK = "ASK { ?s ?p ?o }"
ROWS = "SELECT ?s { ?s ?p ?o } ORDER BY ?s"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"
QUOTED = "https://w3id.org/diplomacy-kg/proposition/000/quoted"
SD = "http://www.w3.org/ns/sparql-service-description#"


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
    assert response.headers["Vary"] == "Accept"


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


def test_scripts_of_any_site_may_ask(client: FlaskClient) -> None:
    """A direct POST is asked for first, by OPTIONS; errors can be read too."""
    before = client.options("/sparql")

    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" in before.headers["Access-Control-Allow-Headers"]
    assert client.get(sparql("SELEC")).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in before.headers


def test_head_is_answered_without_a_body(client: FlaskClient) -> None:
    """With the headers of the answer."""
    response = client.head(sparql(ASK))

    assert (response.status_code, response.data) == (200, b"")
    assert response.mimetype == JSON.media_type


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


@pytest.mark.parametrize(
    ("url", "status", "detail"),
    [
        (sparql("SELEC"), 400, "line 1, column"),
        (sparql(""), 400, "there is no query"),
        (sparql("  "), 400, "there is no query"),
        ("/sparql?default-graph-uri=http://e/", 400, "there is no query"),
        (sparql(ASK) + "&query=ASK", 400, "'query' is given 2 times"),
        (sparql(ASK) + "&format=csv&format=tsv", 400, "'format' is given 2 times"),
        ("/sparql?query=%ff", 400, "not UTF-8"),
        ("/sparql?query=ASK%20%ed%a0%80", 400, "not UTF-8"),
        (sparql("SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"), 400, "SERVICE is refused"),
        (sparql("LOAD <http://e/>"), 400, "LOAD is refused"),
        (sparql("CLEAR ALL"), 400, "CLEAR is refused"),
        ("/sparql?update=CLEAR%20ALL", 400, "updates are refused"),
        (sparql("ASK { FILTER(" + "STR(" * 1000 + "1" + ")" * 1000 + ") }"), 400, "too complex"),
        (sparql("x" * 70_000), 400, "at most 65536"),
        (sparql("ASK { }", format="pdf"), 406, "no format 'pdf'"),
        (sparql("ASK { }", **{"default-graph-uri": "not an iri"}), 400, "IRI"),
        ("/sparql?" + "a=b&" * 300, 400, "more than 200 parameters"),
        ("/nowhere", 404, "not found"),
        ("/queries/nowhere", 404, "no saved query 'nowhere'"),
        ("/queries/..%2f..%2fetc%2fpasswd", 404, "not found"),
        ("/queries/label-of-state", 400, "code"),
        ("/queries/label-of-state?code=PAK&code=JPN", 400, "'code' is given 2 times"),
        ("/queries/label-of-state?code=PAK&kode=x", 400, "kode"),
        ("/queries/label-of-state?code=PAK&format=ttl", 406, "the answer is rows"),
    ],
)
def test_a_wrong_request_is_answered_with_a_problem_that_says_what_is_wrong(
    client: FlaskClient, url: str, status: int, detail: str
) -> None:
    """One shape for all; and the next query is answered."""
    response = client.get(url)

    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert detail in problem(response)["detail"]
    assert (problem(response)["status"], problem(response)["type"]) == (status, "about:blank")
    assert client.get(sparql(ASK)).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (ASK, "text/plain", 415),
        (ASK, None, 415),
        ("CLEAR ALL", "application/sparql-update", 415),
        (ASK.encode("utf-16"), "application/sparql-query; charset=utf-16", 415),
        (b"ASK { } # \xff", "application/sparql-query", 400),
        (b"query=%ff", "application/x-www-form-urlencoded", 400),
        (b"query=\xff", "application/x-www-form-urlencoded", 400),
        ("query=ASK&query=ASK", "application/x-www-form-urlencoded", 400),
        ("update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
        ("", "application/sparql-query", 400),
        ("x" * 1_000_000, "application/sparql-query", 413),
    ],
)
def test_a_wrong_post_is_answered_with_a_problem(
    client: FlaskClient, body: str | bytes, content_type: str | None, status: int
) -> None:
    """The content type is believed, never guessed."""
    response = client.post("/sparql", data=body, content_type=content_type)

    assert response.status_code == status
    assert response.content_type == "application/problem+json"


def test_a_url_may_hold_utf_8_as_it_is(client: FlaskClient) -> None:
    """Some programs do not encode it."""
    response = client.get("/sparql", query_string="query=ASK{}#é")

    assert response.status_code == 200


def test_a_query_in_the_url_and_in_the_body_is_refused(client: FlaskClient) -> None:
    """Which of them is meant cannot be known."""
    response = client.post(sparql(ASK), data=ASK, content_type="application/sparql-query")

    assert response.status_code == 400


def test_another_method_is_answered_with_those_there_are(client: FlaskClient) -> None:
    """405 names them."""
    response = client.put("/sparql", data=ASK)

    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_people_read_errors_as_a_page_that_escapes_what_was_sent(client: FlaskClient) -> None:
    """The query is repeated in the message, but never as markup."""
    response = client.get(
        sparql("<script>alert(1)</script>"), headers={"Accept": "text/html,*/*;q=0.8"}
    )

    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert "line 1, column" in response.text
    assert "<script>" not in response.text


def test_every_error_of_a_query_has_a_status() -> None:
    """Each reaction is decided, and none is left to chance."""
    reactions = [*errors.QueryError.__subclasses__(), errors.ParameterError]

    assert {each for each in reactions if each not in STATUS} == set()


def test_an_error_of_the_set_up_tells_no_path(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the log; the client reads that there is one."""
    error = errors.SavedQueryError(Path("/secret/queries/x.rq"), 3, "wrong")
    app.add_url_rule("/broken", view_func=lambda: (_ for _ in ()).throw(error))

    response = client.get("/broken")

    assert (status_of(error), response.status_code) == (500, 500)
    assert "secret" not in response.text
    assert "/secret/queries/x.rq" in caplog.text


def test_a_bug_tells_nothing_of_the_inside(app: Flask, client: FlaskClient) -> None:
    """The stack goes to the log."""
    app.add_url_rule("/bug", view_func=lambda: str(1 // 0))

    response = client.get("/bug")

    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.text


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
    busy = Pool(replace(tiny_config, workers=0), store_dir)

    response = create_app(tiny_config, busy).test_client().get("/health")

    assert (response.status_code, problem(response)["status"]) == (200, "busy")


def test_the_description_names_a_host_where_the_header_does_not(client: FlaskClient) -> None:
    """The address of the server stands in."""
    page = client.get("/sparql", headers={"Host": "<bad>"}).text

    assert "http:///" not in page
    assert "<http://localhost:80/sparql>" in page


def test_an_engine_that_cannot_answer_now_says_when_to_come_back(
    closed_client: FlaskClient,
) -> None:
    """503 with Retry-After."""
    response = closed_client.get(sparql(ASK))

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"


def test_the_links_of_the_home_page_lead_somewhere(client: FlaskClient) -> None:
    """Three things to try, and health."""
    page = client.get("/")
    links = [part.partition('"')[0].replace("&amp;", "&") for part in page.text.split('href="')[1:]]

    assert page.status_code == 200
    assert len(links) == 4
    assert [client.get(link).status_code for link in links] == [200] * 4


def test_saved_queries_are_listed_for_programs_and_for_people(client: FlaskClient) -> None:
    """A link of the page answers the example."""
    listed = json.loads(client.get("/queries").data)["queries"]
    page = client.get("/queries", headers={"Accept": "text/html"}).text

    assert [query["name"] for query in listed] == ["label-of-state"]
    assert [parameter["name"] for parameter in listed[0]["parameters"]] == ["code"]
    assert 'href="/queries/label-of-state?format=csv&amp;code=PAK"' in page


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
