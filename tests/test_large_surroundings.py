"""What very much points to: all of it is counted, or no number is given; the rest can be asked."""

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg.config import Config
from kg.engine.pool import Pool
from kg.vocab import BASE, DIP, PREFIXES
from kg.web.app import create_app
from page_tree import Element, read_page

FACTS: Final = 280
PLANS: Final = 120
DENIALS: Final = 5
POSTS: Final = 400

WORLD: Final = "\n".join(
    [
        f"""
PREFIX dip: <{DIP}>
PREFIX dipv: <{BASE}vocab/>
PREFIX org: <{PREFIXES["org"]}>
PREFIX place: <{BASE}id/place/>
PREFIX post: <{BASE}id/post/>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX situation: <{BASE}id/situation/>
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX state: <{BASE}id/state/>
dipv:accepted rdfs:label "accepted"@en ; dip:order 1 .
dipv:denied rdfs:label "denied"@en ; dip:order 2 .
dipv:announced rdfs:label "announced or planned"@en ; dip:order 3 .
dipv:accepted skos:inScheme dipv:standings ; skos:definition "Taken as fact."@en .
dipv:denied skos:inScheme dipv:standings ; skos:definition "Said not to be so."@en .
dipv:announced skos:inScheme dipv:standings ; skos:definition "To come."@en .
place:hall a dip:Place ; rdfs:label "Hall"@en .
state:busy a dip:State ; rdfs:label "Busy"@en .
situation:named dip:standing dipv:announced ; rdfs:label "Named"@en .
""",
        *(
            f"situation:{standing}-{n} dip:standing dipv:{standing} ; dip:concerns state:busy ; "
            f"dip:heldAt place:hall ; dip:nearTo place:hall ."
            for standing, count in (("accepted", FACTS), ("announced", PLANS), ("denied", DENIALS))
            for n in range(count)
        ),
        *(
            f"post:p{n} a dip:Post ; org:postIn state:busy , situation:named ."
            for n in range(POSTS)
        ),
    ]
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over things that very much points to."""
    folder = tmp_path_factory.mktemp("surroundings")
    store = Store(str(folder / "store"))
    store.load(WORLD, RdfFormat.TRIG)
    store.flush()
    del store
    (folder / "manifest.json").write_text(json.dumps({"hash": "cd" * 32}))
    (folder / "queries").mkdir()
    config = Config(root=folder, builds=folder / "builds")
    pool = Pool(config, folder)
    yield create_app(config, pool).test_client()
    pool.close()


def page(client: FlaskClient, path: str) -> Element:
    """Return a page as a tree."""
    response = client.get(path)
    assert response.status_code == 200, response.text[:300]
    return read_page(response.text)


def answer_to(client: FlaskClient, link: Element) -> str:
    """Return the rows of the query that a link asks."""
    query = parse_qs(urlsplit(link.attributes["href"]).query)["query"][0]
    return client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text


@pytest.mark.parametrize("path", ["/id/state/busy.html", "/id/place/hall.html"])
def test_a_situation_is_counted_once_however_it_names_a_thing(
    client: FlaskClient, path: str
) -> None:
    """Also where it does not concern it."""
    lead = page(client, path).one("p", "lead").text

    assert f"{FACTS} established facts" in lead
    assert f"{PLANS + DENIALS} things said but not established" in lead


def test_the_first_standings_find_room_first(client: FlaskClient) -> None:
    """In the order of the ontology; each heading counts all that have the standing."""
    groups = page(client, "/id/state/busy.html").all("section", "unestablished")

    assert [each.one("h3").text.split() for each in groups] == [
        ["denied", str(DENIALS)],
        ["announced", "or", "planned", str(PLANS)],
    ]
    assert len(groups[0].all("li")) == DENIALS


def test_what_belongs_to_a_thing_has_no_number_where_a_page_does_not_hold_it(
    client: FlaskClient,
) -> None:
    """A query has the rest, also what has no label."""
    (more,) = [
        each
        for each in page(client, "/id/state/busy.html").all("a")
        if each.text.startswith("and") and each.text.endswith("more")
    ]
    rows = answer_to(client, more)

    assert not re.search(r"\d", more.text)
    assert len(set(re.findall(r"/id/post/\w+", rows))) == POSTS
    assert rows.count("announced or planned") == PLANS


def test_a_situation_says_that_more_points_to_it(client: FlaskClient) -> None:
    """Also where no other situation does."""
    (notice,) = page(client, "/id/situation/named.html").all("p", "notice")

    assert "More points to it than one page holds" in notice.text
    assert len(set(re.findall(r"/id/post/\w+", answer_to(client, notice.one("a"))))) == POSTS
