"""The home page and browsing: a newcomer finds real answers, and takes nothing else for a fact."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, QuerySolutions, Store

from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.library import Build
from kg.web.app import create_app

DEFINITIONS = """
PREFIX dipv: <https://w3id.org/diplomacy-kg/vocab/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?text { ?standing skos:inScheme dipv:standings ; skos:definition ?text }
"""
FACTS = """
PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX dipv: <https://w3id.org/diplomacy-kg/vocab/>
SELECT (COUNT(?x) AS ?n) { ?x dip:standing ?s BIND(?s = dipv:accepted AS ?is) } GROUP BY ?is
ORDER BY ?is
"""
OTHERS = """
PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX dipv: <https://w3id.org/diplomacy-kg/vocab/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?label {
  ?x dip:situationType ?class ; dip:standing ?s ; rdfs:label ?label FILTER(?s != dipv:accepted)
}
"""


@pytest.fixture(scope="module")
def real(built: Build) -> Iterator[FlaskClient]:
    """A client of the application over the real data."""
    pool = Pool(built._config, find_current(built._config))
    yield create_app(built._config, pool).test_client()
    pool.close()


@pytest.fixture(scope="module")
def home(real: FlaskClient) -> str:
    """The home page."""
    return real.get("/").text


def texts(store: Store, query: str) -> list[str]:
    """Return the first column of a query."""
    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)
    return [row[0].value for row in rows if isinstance(row[0], Literal)]


def links(page: str) -> list[str]:
    """Return where a page leads, itself left out."""
    return [unescape(each) for each in re.findall(r'href="([^"#]+)"', page)]


def answer_to(real: FlaskClient, home: str, question: str) -> list[dict[str, str]]:
    """Return the rows of the answer that a question of the home page leads to."""
    found = re.search(rf'href="([^"]+)">{re.escape(question)}', home)
    assert found
    response = real.get(unescape(found[1]), headers={"Accept": "text/csv"})
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.text)))


def test_the_links_of_the_home_page_lead_somewhere(real: FlaskClient, home: str) -> None:
    """Things to try, classes, ways in for programs, and health."""
    local = {link for link in links(home) if link.startswith("/")}

    assert len(local) > 30
    for link in sorted(local):
        with real.get(link, headers={"Accept": "text/html"}, follow_redirects=True) as response:
            assert response.status_code == 200, link


def test_a_newcomer_finds_who_has_named_an_ambassador(real: FlaskClient, home: str) -> None:
    """The facts first; a plan and a forecast say what they are."""
    rows = answer_to(real, home, "Who has named an ambassador to whom, and who says so?")
    standings = {row["senderLabel"]: row["standingLabel"] for row in rows}

    assert [row["layerLabel"] for row in rows][:3] == ["fact"] * 3
    assert standings["China"] == "accepted"
    assert standings["Russia"] == "forecast"
    assert any("by the author" in row["designationLabel"] for row in rows)


def test_a_newcomer_finds_what_is_only_announced(real: FlaskClient, home: str) -> None:
    """None of it is a fact."""
    rows = answer_to(real, home, "What is only announced?")

    assert rows
    assert "accepted" not in {row["standingLabel"] for row in rows}


def test_a_newcomer_finds_who_says_so_and_where(real: FlaskClient, home: str) -> None:
    """By speaker, paragraph and span, over something that has several claims."""
    rows = answer_to(real, home, "Who says so, and where does it stand in the text?")

    assert len(rows) > 1
    assert all(row["speakerLabel"] and row["paragraph"] and row["start"] for row in rows)


def test_the_numbers_of_the_home_page_are_those_of_the_graph(home: str, built_store: Store) -> None:
    """Facts and what is none stand apart."""
    others, facts = texts(built_store, FACTS)

    assert f"<dt>taken as fact</dt><dd>{facts}</dd>" in home
    assert f'>{facts}<span class="visually-hidden"> accepted' in home
    assert f"<dt>not taken as fact</dt><dd>{others}</dd>" in home


def test_every_standing_is_explained_in_the_words_of_the_graph(
    home: str, built_store: Store
) -> None:
    """Also one that no situation has."""
    meanings = texts(built_store, DEFINITIONS)

    assert len(meanings) > 10
    assert all(meaning in unescape(home) for meaning in meanings)


def test_the_newest_source_has_its_bounds(home: str) -> None:
    """And leads to its page."""
    assert 'href="/source/000"' in home
    assert '<time datetime="2025-06-01">' in home
    assert '<time datetime="2025-06-08">' in home


def test_a_graph_without_all_that_has_a_home_page_too(client: FlaskClient) -> None:
    """Two states, and no saved query of those to try."""
    page = client.get("/")

    assert page.status_code == 200
    assert "Questions to begin with" not in page.text
    assert 'action="/search"' in page.text


def test_what_to_try_is_what_the_build_has(
    client: FlaskClient, tiny_config: Config, engine: Pool, built: Build
) -> None:
    """Another document, another place: the page names nothing that is not in the graph."""
    questions = replace(tiny_config, root=built._config.root)
    asking = create_app(questions, engine).test_client().get("/").text

    for page in (client.get("/").text, asking):
        assert 'href="/search?q=Japan"' in page
        assert not re.search("kabul|taliban|afghan", page, re.IGNORECASE)
    assert asking.count('<li class="card"><h3><a href="/queries/') == 3


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", []),
        ("/browse", [("/browse", "page")]),
        ("/browse/State", [("/browse", "true")]),
        ("/queries", [("/queries", "page")]),
        ("/queries/contacts", [("/queries", "true")]),
        ("/sparql", [("/sparql", "page")]),
        ("/ontology", [("/ontology", "page")]),
        ("/ontology/term/State", [("/ontology", "true")]),
        ("/ontology/changes", [("/ontology", "true")]),
        ("/vocab.html", [("/ontology", "true")]),
        ("/vocab/accepted", [("/ontology", "true")]),
        ("/dump", [("/dump", "page")]),
        ("/id/state/pakistan", []),
    ],
)
def test_the_menu_marks_where_one_is(
    real: FlaskClient, path: str, current: list[tuple[str, str]]
) -> None:
    """The page itself, or the part that it belongs to; also where an address leads on."""
    page = real.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
    menu = page.text.partition('<nav aria-label="Main">')[2].partition("</nav>")[0]

    assert page.status_code == 200
    assert re.findall(r'href="([^"]+)" aria-current="(\w+)"', menu) == current


def test_the_classes_are_listed_with_their_numbers(real: FlaskClient) -> None:
    """Narrower ones below broader ones; the machinery of RDF is left out."""
    page = real.get("/browse").text
    names = re.findall(r'href="/browse/(\w+)"', page)

    assert names.index("Situation") < names.index("Contact") < names.index("Meeting")
    assert names.index("Organization") < names.index("Government") < names.index("Person")
    assert len(names) == len(set(names))
    assert not {"Class", "Concept", "Annotation", "ReportedSituation"} & set(names)
    assert "An agent that wrote a source document." in page


@pytest.mark.parametrize("name", ["AmbassadorDesignation", "Interpretation", "Situation"])
def test_what_is_no_fact_never_stands_among_the_facts(
    real: FlaskClient, built_store: Store, name: str
) -> None:
    """On no page of any class of situations; it comes after all facts and has its badge."""
    others, before = set(texts(built_store, OTHERS)), ""
    for number in (1, 2, 3):
        page = unescape(real.get(f"/browse/{name}?page={number}").text)
        facts, _, rest = page.partition('id="not-facts"')

        assert not any(f">{label}<" in facts for label in others)
        assert not (before and 'id="facts"' in facts)
        assert rest.count("<li>") == len(re.findall(r'<li><span class="standing ', rest))
        before = rest


def test_the_things_of_a_class_come_in_pages(real: FlaskClient) -> None:
    """Fifty at a time, each once, with links to the neighbours."""
    pages = [real.get(f"/browse/Claim?page={number}") for number in (1, 2, 3, 4)]
    claims = [each for page in pages for each in re.findall(r'href="(/claim/[^"]+)"', page.text)]

    assert [page.text.count('href="/claim/') for page in pages] == [50, 50, 50, 17]
    assert len(set(claims)) == 167
    assert pages[0].headers["Link"] == '</browse/Claim?page=2>; rel="next"'
    assert pages[3].headers["Link"] == '</browse/Claim?page=3>; rel="prev"'


def test_situations_are_listed_by_one_standing(real: FlaskClient) -> None:
    """A badge of the home page leads there."""
    page = real.get("/browse/Situation?standing=announced").text

    assert page.count('<li><span class="standing announced">') == 4
    assert 'id="facts"' not in page


def test_situations_are_listed_in_the_order_in_which_their_standings_are(real: FlaskClient) -> None:
    """From page to page."""
    pages = [real.get(f"/browse/Situation?page={number}").text for number in (1, 2, 3)]
    order = re.findall(r'standing=[\w-]+"[^>]*><span class="standing ([\w-]+)"', pages[0])
    listed = re.findall(r'<li><span class="standing ([\w-]+)"', "".join(pages))

    assert len(order) > 5
    assert list(dict.fromkeys(listed)) == order


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/browse/Nothing", 404),
        ("/browse/Class", 404),
        ("/browse/State?page=2", 404),
        ("/browse/State?page=-1", 400),
        ("/browse/State?standing=accepted", 400),
        ("/browse/Situation?standing=true", 400),
        ("/browse/Recognition", 404),
    ],
)
def test_what_is_not_there_is_refused(real: FlaskClient, path: str, status: int) -> None:
    """A class without things has no page; the message says where to go."""
    assert real.get(path).status_code == status


def test_a_class_of_states_lists_states(client: FlaskClient) -> None:
    """By label; also where the ontology says nothing of the class."""
    page = client.get("/browse/State").text

    assert page.index(">Japan<") < page.index(">Pakistan<")
