"""/sparql for people: the form, the answer below it, what is wrong, and what the editor loads."""

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from every_type import EVERY_TYPE, app_with_every_type
from kg.completions import read_completions, start_query
from kg.config import Config
from kg.engine.pool import Pool
from kg.engine.requests import Request
from kg.excerpts import BEGINNING, ROWS, Rows, read_excerpt
from kg.library import Build
from kg.portraits.names import LONGEST
from kg.tabulating import MOST_COLUMNS
from kg.web.app import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
STATES = "SELECT ?state WHERE { ?state a dip:State } ORDER BY ?state"
MANY = "SELECT ?a ?d WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?s ?h . ?i ?t ?j }"


def page(client: FlaskClient, query: str, **others: str) -> TestResponse:
    """Ask a query as a browser that follows a link."""
    return client.get(
        "/sparql?" + urlencode({"query": query, **others}), headers={"Accept": BROWSER}
    )


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("text/csv, text/html;q=0.9", "text/csv"),
        ("text/csv, text/html", "text/csv"),
        ("text/html", "text/html"),
        (BROWSER, "text/html"),
    ],
)
def test_only_who_likes_html_best_gets_a_page(
    client: FlaskClient, accept: str | None, expected: str
) -> None:
    """A program that takes HTML as well as what it can read gets what it can read."""
    headers = {} if accept is None else {"Accept": accept}

    response = client.get("/sparql?" + urlencode({"query": STATES}), headers=headers)

    assert (response.status_code, response.mimetype) == (200, expected)
    assert "Accept" in response.headers["Vary"]


def test_a_format_goes_before_the_accept_header(client: FlaskClient) -> None:
    """The links below an answer lead browsers to the answer itself; an empty format is none."""
    assert page(client, STATES, format="csv").mimetype == "text/csv"
    assert page(client, STATES, format="").mimetype == "text/html"


def test_without_a_query_people_get_the_editor_and_programs_the_description(
    client: FlaskClient,
) -> None:
    """The editor holds a query to begin with, which is not asked yet."""
    opened = client.get("/sparql", headers={"Accept": BROWSER})

    assert opened.status_code == 200
    assert "COUNT(?situation)" in opened.text
    assert "Answer</h2>" not in opened.text
    assert client.get("/sparql").mimetype == "text/turtle"
    assert client.get("/sparql", headers={"Accept": "text/html;q=0"}).mimetype != "text/html"


def test_rows_are_a_table_of_labels_that_link(client: FlaskClient) -> None:
    """How a query writes the thing stands below its label."""
    response = page(client, STATES)

    assert '<a href="/id/state/pakistan"><bdi>Pakistan</bdi></a>' in response.text
    assert '<code class="written">state:pakistan</code>' in response.text
    assert "2 rows." in response.text
    assert "format=csv" in response.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK { state:pakistan a dip:State }", "Yes: something in the graph fits."),
        ('ASK { ?x dip:isoCode "QQQ" }', "“not known”, never “no”"),
        ('SELECT ?x { ?x dip:isoCode "QQQ" }', "“not known”, never “no”"),
        ("CONSTRUCT { ?x a dip:Z } WHERE { ?x a dip:Nothing }", "“not known”, never “no”"),
        ("CONSTRUCT { ?x a dip:State } WHERE { ?x a dip:State }", "state:japan a dip:State"),
    ],
)
def test_every_kind_of_answer_is_told_in_words_or_turtle(
    client: FlaskClient, query: str, expected: str
) -> None:
    """That nothing is found is never told as a no."""
    response = page(client, query)

    assert response.status_code == 200
    assert expected in response.text


def test_a_page_shows_the_beginning_and_says_so(client: FlaskClient) -> None:
    """The whole is behind the links."""
    response = page(client, MANY)

    assert response.text.count("<tr>") == 1 + BEGINNING.rows
    assert f"The first {BEGINNING.rows} rows; there are more." in response.text


@pytest.mark.parametrize("value", ["UNDEF", '""', "dip:State", "\"'<&'\""])
def test_a_page_has_some_thousand_cells_and_no_more(client: FlaskClient, value: str) -> None:
    """However wide the rows are, and however little a cell holds; the page tells what it shows."""
    names = " ".join(f"?v{number}" for number in range(400))
    values = " ".join([value] * 400)
    query = f"SELECT * {{ ?s ?p ?o . ?a ?b ?c VALUES ({names}) {{ ({values}) }} }} LIMIT 300"

    response = client.post("/sparql", data={"query": query}, headers={"Accept": BROWSER})

    assert response.status_code == 200
    assert 0 < response.text.count("<td>") <= BEGINNING.cells
    assert response.text.count('<th scope="col">') == MOST_COLUMNS
    assert f"The first {MOST_COLUMNS} of 406 columns." in response.text
    assert "there are more" in response.text
    assert len(response.data) < 1_000_000


def test_others_go_on_while_many_rows_are_read(engine: Pool) -> None:
    """A page of a long answer is made in turns."""
    turns: list[int] = []
    answer = engine.answer(Request(MANY + " LIMIT 3000", rows=ROWS, graph=None))

    read_excerpt(answer, lambda: turns.append(1), replace(BEGINNING, rows=3000, cells=9000))

    assert turns


def test_a_long_value_is_cut_and_marked(client: FlaskClient) -> None:
    """An answer of one huge value makes no huge page."""
    query = 'SELECT (REPLACE("xxxxxxxxxx", "x", "0123456789012345678901234567890123456789") AS ?a)'
    query += " (CONCAT(?a, ?a) AS ?b) {}"

    cells = re.findall(r"<td><bdi>(.*?)</bdi></td>", page(client, query).text)

    assert [len(text) for text in cells] == [400, LONGEST + 1]
    assert cells[1].endswith("…")


def test_what_keeps_a_value_from_being_a_fact_is_never_cut_off(client: FlaskClient) -> None:
    """The caveat at the end of a label stays, also where a query selects the label as text."""
    query = f'SELECT ("Visit {"x" * 2000} [not known]" AS ?label) {{}}'

    assert '…</bdi> <span class="caveat">[<bdi>not known</bdi>]' in page(client, query).text


def test_a_large_answer_is_read_from_its_beginning(engine: Pool) -> None:
    """One that is kept in a file, because it is large, too; the file is closed."""
    many = MANY.replace("{", "{ ?k ?u ?l .") + " LIMIT 60000"
    answer = engine.answer(Request(many, rows=ROWS, graph=None))

    shown = read_excerpt(answer, lambda: None)

    assert isinstance(shown, Rows)
    assert (len(shown.solutions), shown.is_cut) == (BEGINNING.rows, True)
    assert not isinstance(answer.content, bytes)
    assert answer.content.closed


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT ?x\nWHERE { ?x a }", 400, "line 2, column 15"),
        ("SELECT ?x { ?x a dip:State } LIMIT", 400, "line 1, column 35"),
        ("SELECT ?x { state:pakistann a ?x }", 400, "state:pakistan"),
        ("SELECT ?x { SERVICE <http://x.example/> { ?x a ?y } }", 403, "SERVICE"),
        ("", 400, "there is no query"),
    ],
)
def test_what_is_wrong_stands_at_the_editor(
    client: FlaskClient, query: str, status: int, said: str
) -> None:
    """With the status that programs get, and with the text to be mended."""
    response = page(client, query)

    assert response.status_code == status
    assert 'role="alert"' in response.text
    assert said in response.text
    assert response.text.count("<textarea") == 1
    assert query.partition("\n")[0].replace("<", "&lt;").replace(">", "&gt;") in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_the_editor_knows_where_the_mistake_is(client: FlaskClient) -> None:
    """And shows the line to who has no script."""
    response = page(client, "SELECT ?x\nWHERE { ?x a }")

    assert 'data-line="2" data-column="15"' in response.text
    assert "WHERE { ?x a }</pre>" in response.text


def test_nothing_from_outside_becomes_markup(client: FlaskClient) -> None:
    """Neither a query, a value, a column nor a parameter."""
    hostile = "</textarea><script>alert(1)</script>"

    response = page(client, f'SELECT ("{hostile}" AS ?x) {{}}', timeout="5", example=hostile)
    broken = page(client, hostile, timeout='5"><b>')

    assert response.status_code == 200
    for each in (response, broken):
        assert "<script>" not in each.text
        assert "<b>" not in each.text


def test_the_next_query_keeps_the_dataset(client: FlaskClient) -> None:
    """The parameters of the protocol stay in the form and in the links."""
    graph = "https://w3id.org/diplomacy-kg/graph/registry"

    response = page(client, STATES, **{"default-graph-uri": graph})

    assert f'<input type="hidden" name="default-graph-uri" value="{graph}">' in response.text
    assert f"default-graph-uri={quote(graph, safe='')}" in response.text


def test_a_form_that_is_posted_gets_a_page_too(client: FlaskClient) -> None:
    """A query that is too long for a URL; a body that is the query itself is a program's."""
    long = STATES + " # " + "x" * 9000

    posted = client.post("/sparql", data={"query": long}, headers={"Accept": BROWSER})
    direct = client.post(
        "/sparql",
        data=STATES,
        content_type="application/sparql-query",
        headers={"Accept": "application/json"},
    )

    assert "Pakistan" in posted.text
    assert "too long for a link" in posted.text
    assert direct.mimetype == "application/sparql-results+json"


def test_lines_of_a_form_are_lines_of_a_query(client: FlaskClient) -> None:
    """Browsers end the lines of a form with two characters; a text in several lines has one."""
    response = page(client, 'SELECT (STRLEN("""a\r\nb""") AS ?length)\r\n{}')

    assert "<td><bdi>3</bdi></td>" in response.text


def test_an_example_fills_the_editor_and_is_not_asked(client: FlaskClient) -> None:
    """Its parameters have their example values."""
    response = client.get("/sparql?example=label-of-state", headers={"Accept": BROWSER})

    assert "The label of the state with a code." in response.text
    assert "dip:isoCode &#34;PAK&#34;" in response.text
    assert "Answer</h2>" not in response.text


def test_an_example_says_what_its_own_page_is_for(
    tiny_config: Config, engine: Pool, tmp_path: Path
) -> None:
    """It takes other values only where the query has parameters."""
    client = app_with_every_type(tiny_config, tmp_path, engine).test_client()

    said = {
        name: client.get(f"/sparql?example={name}", headers={"Accept": BROWSER}).text
        for name in ("every-type", "graph")
    }

    assert "takes other values" in said["every-type"]
    assert "takes other values" not in said["graph"]


def test_an_example_that_is_not_in_the_build_leaves_its_variables(
    tiny_config: Config, engine: Pool, tmp_path: Path
) -> None:
    """The text is shown as it is saved, and a note says what to put where."""
    text = EVERY_TYPE.lstrip().replace('example = "PAK"', 'example = "Atlantis"')
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "every-type.rq").write_text(text)
    client = create_app(replace(tiny_config, root=tmp_path), engine).test_client()

    response = client.get("/sparql?example=every-type", headers={"Accept": BROWSER})

    assert response.status_code == 200
    assert "?state dip:isoCode ?code ." in response.text
    assert "&#39;Atlantis&#39;" in response.text
    assert "<code>?state</code>" in response.text
    assert 'role="alert"' not in response.text


def test_an_answer_that_changes_is_not_kept(client: FlaskClient) -> None:
    """A page of an answer that can be repeated has a tag, one with the time in it has none."""
    assert "ETag" in page(client, STATES).headers
    assert "ETag" not in page(client, "SELECT (NOW() AS ?now) {}").headers


def test_the_policy_is_that_of_every_page(client: FlaskClient) -> None:
    """The editor needs no exception: no styles and no scripts in the page, no code from text."""
    assert (
        page(client, STATES).headers["Content-Security-Policy"]
        == client.get("/").headers["Content-Security-Policy"]
    )


def test_the_names_of_the_graph_can_be_completed(built: Build) -> None:
    """Classes, properties, concepts and things; each with its label, and written as in a query."""
    found = {each.name: each for each in read_completions(built._engine)}

    assert found["dip:Representation"].kind == "class"
    assert found["dip:sendingState"].kind == "property"
    assert found["dipv:accepted"].kind == "concept"
    assert (found["state:pakistan"].kind, found["state:pakistan"].label) == ("thing", "Pakistan")


def test_the_query_to_begin_with_has_an_answer(built: Build) -> None:
    """It shows every standing there is."""
    answer = built._engine.answer(Request(start_query(), rows=ROWS, graph=None))
    shown = read_excerpt(answer, lambda: None)

    assert isinstance(shown, Rows)
    assert len(shown.solutions) > 5


def test_completions_come_once_a_build(client: FlaskClient) -> None:
    """A browser that has them asks whether they changed; editors of other sites may read them."""
    first = client.get("/sparql/completions.json")
    again = client.get("/sparql/completions.json", headers={"If-None-Match": first.headers["ETag"]})

    assert ["state:japan", "Japan", "thing"] in json.loads(first.data)
    assert again.status_code == 304
    assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_without_the_editors_files_the_form_stands_alone(client: FlaskClient) -> None:
    """No script is loaded that could not work."""
    response = client.get("/sparql", headers={"Accept": BROWSER})

    assert "editor.js" not in response.text
    assert "data-editor" not in response.text
    assert client.get("/static/vendor/yasqe.js").status_code == 404


@pytest.fixture
def with_editor(tmp_path: Path, engine: Pool) -> FlaskClient:
    """A client of a project whose node_modules has the files of an editor."""
    (tmp_path / "queries").mkdir()
    folder = tmp_path / "node_modules" / "@zazuko" / "yasqe"
    (folder / "build").mkdir(parents=True)
    (folder / "package.json").write_text('{"version": "1.2.3"}')
    (folder / "build" / "yasqe.esm.js").write_text("export default 1;")
    (folder / "build" / "yasqe.min.css").write_text("a{}")
    return create_app(Config(root=tmp_path, builds=tmp_path / "builds"), engine).test_client()


def test_the_editors_files_are_kept_by_version(with_editor: FlaskClient) -> None:
    """Their URL changes with the version."""
    opened = with_editor.get("/sparql", headers={"Accept": BROWSER})
    script = with_editor.get("/static/vendor/yasqe.js?v=1.2.3")

    assert 'data-editor="/static/vendor/yasqe.js?v=1.2.3"' in opened.text
    assert (script.text, script.mimetype) == ("export default 1;", "text/javascript")
    assert "immutable" in script.headers["Cache-Control"]
    assert with_editor.get("/static/vendor/yasqe.css").mimetype == "text/css"


@pytest.mark.parametrize(
    "name", ["package.json", "..%2f..%2fpackage.json", "%2e%2e/%2e%2e/package.json", "", "@zazuko"]
)
def test_nothing_else_is_served_from_node_modules(with_editor: FlaskClient, name: str) -> None:
    """A name that is not listed is nothing, whatever file it could lead to."""
    assert with_editor.get(f"/static/vendor/{name}").status_code == 404
