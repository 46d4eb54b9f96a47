"""Classes to look around in: their numbers are those of the lists, and one order of standings."""

import json
import re
from collections.abc import Iterator
from typing import Final

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store

from kg.config import Config
from kg.engine.pool import Pool
from kg.library import Build
from kg.overview import Class, outline, read_classes, read_members
from kg.vocab import BASE, DIP, PREFIXES
from kg.web.app import create_app
from page_tree import read_page

STANDINGS: Final = ("accepted", "denied", "forecast", "announced")
"""In the order that this world gives them, which is no other's."""

WORLD: Final = f"""
PREFIX dip: <{DIP}>
PREFIX dipv: <{BASE}vocab/>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX situation: <{BASE}id/situation/>
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX state: <{BASE}id/state/>
{
    "".join(
        f'dipv:{name} skos:inScheme dipv:standings ; rdfs:label "{name}"@en ; dip:order {n} ; '
        f'skos:definition "Is {name}."@en .'
        for n, name in enumerate(STANDINGS, 1)
    )
}
{
    "".join(
        f"situation:{name} dip:standing dipv:{name} ; dip:situationType dip:Visit ; "
        f'dip:concerns state:a ; rdfs:label "The one {name}"@en .'
        for name in sorted(STANDINGS)
    )
}
state:a a dip:State ; rdfs:label "A"@en .
state:b a dip:State ; rdfs:label "Autriche"@fr .
situation:foreign dip:standing dipv:accepted ; dip:situationType dip:Visit ;
  rdfs:label "Une visite"@fr .
situation:nameless dip:standing dipv:accepted ; dip:situationType dip:Visit .
[] dip:standing dipv:accepted ; dip:situationType dip:Visit ; rdfs:label "no IRI"@en .
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over situations with an order of standings of their own, and labels in French."""
    folder = tmp_path_factory.mktemp("browse")
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


def badges(page: str) -> list[str]:
    """Return the standings that a page shows, each where it comes first."""
    found = [each.text for each in read_page(page).one("main").all("span", "standing")]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("path", ["/", "/browse/Visit", "/browse/Situation"])
def test_standings_come_in_the_order_of_the_ontology(world: FlaskClient, path: str) -> None:
    """On every page; `dip:order` decides."""
    assert badges(world.get(path).text) == list(STANDINGS)


def test_what_is_said_of_a_thing_comes_in_that_order_too(world: FlaskClient) -> None:
    """After the facts."""
    assert badges(world.get("/id/state/a.html").text) == list(STANDINGS)


def test_a_number_is_that_of_the_list(world: FlaskClient) -> None:
    """A label in another language, or none, leaves nothing out; what has no IRI is in neither."""
    page = world.get("/browse/Visit").text
    facts = read_page(page).one("span", "tally").text
    listed = re.findall(r'<li><span class="standing accepted">', page)

    assert facts == "3 facts, 3 not taken as fact"
    assert len(listed) == 3
    assert "Une visite" in page
    assert "situation/nameless" in page
    assert "Autriche" in world.get("/browse/State").text


def test_every_number_of_the_real_data_is_that_of_its_list(built: Build) -> None:
    """Of each class, and of each standing in it."""
    engine = built._engine
    classes = read_classes(engine)

    for each in (*classes.things, *classes.situations, *classes.saying):
        for standing, count in each.counts.items():
            assert len(members_of(built, each, standing)) == count


def members_of(built: Build, of: Class, standing: str) -> set[str]:
    """Return the IRIs on all pages of a class."""
    found: set[str] = set()
    number = 1
    while members := read_members(built._engine, of, number, standing):
        found |= {each.iri for each in members}
        number += 1
    return found


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ({}, [(0, "a"), (0, "b"), (0, "c")]),
        ({"a": ["c"]}, [(0, "b"), (0, "c"), (1, "a")]),
        ({"a": ["x", "c", "b"]}, [(0, "b"), (0, "c"), (1, "a")]),
        ({"a": ["b"], "b": ["a"]}, [(0, "c"), (0, "a"), (1, "b")]),
        ({"b": ["b"]}, [(0, "a"), (0, "b"), (0, "c")]),
    ],
)
def test_an_outline_has_everything_once(
    parents: dict[str, list[str]], expected: list[tuple[int, str]]
) -> None:
    """Below the first parent that is in it; what stands below itself begins anew."""
    assert list(outline(["a", "b", "c"], parents)) == expected
