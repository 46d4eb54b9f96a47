"""The reference of the ontology: every term has its place, and every query on it answers."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.library import Build
from kg.terms import read_changes, read_rules
from kg.vocab import BASE, DIP, DIPV, PREFIXES, shorten
from kg.web.app import create_app

ROOT: Final = Path(__file__).parents[1]
MOST: Final = 150_000
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
OWN: Final = "/ontology/term/"
EMPTY: Final = "Its answer is empty in this build"


class Page(HTMLParser):
    """The ids and links of a page, and its words."""

    def __init__(self, address: str, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.text, self.ids, self.links, self.words = text, list[str](), list[str](), ""
        self._address = address
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an id and a link along."""
        told = dict(attrs)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.links += [urljoin(self._address, told["href"] or "")] if tag == "a" else []

    def handle_data(self, data: str) -> None:
        """Take words along."""
        self.words += data


def declared(path: Path, *types: str) -> set[str]:
    """Return the IRIs that a file declares to be of one of some types, given by prefixed name."""
    wanted = {PREFIXES[name.partition(":")[0]] + name.partition(":")[2] for name in types}
    return {
        quad.subject.value
        for quad in parse(path.read_bytes(), RdfFormat.TURTLE)
        if quad.predicate == TYPE and quad.object.value in wanted
    }


TERMS: Final = sorted(
    declared(
        ROOT / "ontology" / "diplomacy.ttl",
        *("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty"),
    )
)
VALUES: Final = sorted(
    iri
    for path in (ROOT / "ontology" / "vocab").glob("*.ttl")
    for iri in declared(path, "skos:Concept", "skos:ConceptScheme")
)


def path_of(iri: str) -> str:
    """Return the path of the page of a term."""
    return OWN + (iri.removeprefix(DIP) if iri.startswith(DIP) else shorten(iri))


def fetch(client: FlaskClient, path: str) -> Page:
    """Return a page that must be there."""
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, (path, response.get_data(as_text=True)[:500])
    return Page(path, response.get_data(as_text=True))


@pytest.fixture(scope="module")
def site(built: Build) -> Iterator[FlaskClient]:
    """A client of the application over the real build."""
    config = built._config
    pool = Pool(config, find_current(config))
    yield create_app(config, pool).test_client()
    pool.close()


@pytest.fixture(scope="module")
def reference(site: FlaskClient) -> Page:
    """The page of all terms."""
    return fetch(site, "/ontology.html")


@pytest.fixture(scope="module")
def vocabulary(site: FlaskClient) -> Page:
    """The page of all value lists."""
    return fetch(site, "/vocab.html")


@pytest.fixture(scope="module")
def term_pages(site: FlaskClient) -> dict[str, Page]:
    """The page of each term, by IRI."""
    return {iri: fetch(site, path_of(iri)) for iri in TERMS}


def test_every_term_has_the_anchor_that_its_iri_ends_in(reference: Page) -> None:
    """So `ontology#State` lands on its entry; terms of others have their prefixed name."""
    anchors = {re.sub(r"\W+", "-", path_of(iri).removeprefix(OWN)) for iri in TERMS}

    assert len(anchors) > 240
    assert anchors - set(reference.ids) == set()


def test_every_entry_leads_to_the_page_of_the_term(reference: Page) -> None:
    """Also the terms of other vocabularies."""
    assert {path_of(iri) for iri in TERMS} - set(reference.links) == set()


def test_every_value_and_list_has_an_anchor(vocabulary: Page) -> None:
    """The last part of its IRI, and a link to the IRI itself."""
    assert {iri.removeprefix(DIPV) for iri in VALUES} - set(vocabulary.ids) == set()
    assert {f"/vocab/{iri.removeprefix(DIPV)}" for iri in VALUES} - set(vocabulary.links) == set()


def test_no_anchor_stands_twice(
    reference: Page, vocabulary: Page, term_pages: dict[str, Page]
) -> None:
    """On no page, whatever terms may be called."""
    pages = [reference, vocabulary, *term_pages.values()]

    assert [name for page in pages for name, n in Counter(page.ids).items() if n > 1] == []


def test_pages_stay_small(reference: Page, vocabulary: Page, term_pages: dict[str, Page]) -> None:
    """Before compression."""
    pages = [reference, vocabulary, *term_pages.values()]

    assert max(len(page.text.encode()) for page in pages) < MOST


def test_every_page_of_an_own_term_tells_its_definition(
    reference: Page, term_pages: dict[str, Page]
) -> None:
    """The same words as the reference and the graph have."""
    told = {
        quad.subject.value: quad.object.value
        for quad in parse((ROOT / "ontology" / "diplomacy.ttl").read_bytes(), RdfFormat.TURTLE)
        if quad.predicate.value == PREFIXES["skos"] + "definition"
    }

    assert [iri for iri, words in told.items() if words not in term_pages[iri].words] == []
    assert [iri for iri, words in told.items() if words not in reference.words] == []


@pytest.mark.parametrize("iri", TERMS, ids=shorten)
def test_every_query_to_run_answers(
    site: FlaskClient, term_pages: dict[str, Page], iri: str
) -> None:
    """With rows, but where the page says that nothing uses the term."""
    queries = [link for link in term_pages[iri].links if link.startswith("/sparql?query=")]

    answers = [site.get(f"{link}&format=csv") for link in queries]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    rows = [len(answer.get_data().splitlines()) - 1 for answer in answers]
    assert rows
    assert (sum(rows) == 0) == (EMPTY in term_pages[iri].words)


def test_every_query_on_a_value_answers(site: FlaskClient, vocabulary: Page) -> None:
    """They are there for values that something has."""
    queries = [link for link in vocabulary.links if link.startswith("/sparql?query=")]

    rows = [len(site.get(f"{link}&format=csv").get_data().splitlines()) - 1 for link in queries]

    assert len(rows) > 60
    assert min(rows) > 0


def test_links_lead_somewhere(
    site: FlaskClient, reference: Page, vocabulary: Page, term_pages: dict[str, Page]
) -> None:
    """To pages that are there, and to places on them."""
    pages = {"/ontology.html": reference, "/vocab.html": vocabulary}
    pages |= {path_of(iri): page for iri, page in term_pages.items()}
    links = {urlsplit(link) for page in pages.values() for link in page.links if link[0] == "/"}
    about = {link for link in links if link.path.startswith(("/ontology", "/browse", "/vocab."))}

    unknown = {link.path for link in about} - set(pages)
    ids = {path: set(page.ids) for path, page in pages.items()}

    assert [path for path in unknown if site.get(path).status_code not in (200, 303)] == []
    assert [link for link in about if link.fragment and link.fragment not in ids[link.path]] == []


def test_what_is_only_quoted_is_counted_apart(term_pages: dict[str, Page]) -> None:
    """A level that is only announced is no fact, and its query reads quotations."""
    page = term_pages[DIP + "toLevel"]

    assert "0 things have it in the default graph, and 2 only in quotations" in page.words
    assert "GRAPH ?quotation { ?situation dip:toLevel ?value }" in page.words


def test_situations_are_counted_by_standing(term_pages: dict[str, Page]) -> None:
    """Nowhere only their sum."""
    words = re.sub(r"\s+", " ", term_pages[DIP + "LevelChange"].words)

    assert re.search("2 situations: announced or planned 1 ?contested 1", words)


def test_a_term_has_one_page(site: FlaskClient) -> None:
    """Its prefixed name leads there."""
    response = site.get("/ontology/term/dip:State")

    assert (response.status_code, response.location) == (301, "/ontology/term/State")


def test_a_name_that_is_no_term_is_not_found(site: FlaskClient) -> None:
    """With a word on where the terms are."""
    response = site.get("/ontology/term/Stat")

    assert response.status_code == 404
    assert "/ontology.html" in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/ontology.html", "/vocab.html", "/ontology/term/State"])
def test_a_build_without_an_ontology_has_no_reference(client: FlaskClient, path: str) -> None:
    """The service goes on without."""
    assert client.get(path).status_code == 404


SHAPES: Final = """
PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX dipv: <https://w3id.org/diplomacy-kg/vocab/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX shape: <https://w3id.org/diplomacy-kg/shape/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

shape:A sh:targetClass dip:Stance ; sh:ignoredProperties ( rdf:type dip:date ) ;
  sh:property [ sh:path dip:holder ; sh:minCount 1 ; sh:maxCount 1 ; sh:node shape:Party ] ,
    [ sh:path dip:attitude ; sh:minCount 1 ; sh:node shape:Attitude ] ,
    [ sh:path dip:level ; sh:maxCount 0 ] ,
    [ sh:path dip:towards ; sh:nodeKind sh:IRI ] ,
    [ sh:path [ sh:inversePath dip:about ] ; sh:minCount 1 ] .
shape:B sh:targetClass dip:Stance ; sh:property [ sh:path dip:attitude ; sh:maxCount 1 ] .
shape:Party sh:or ( [ sh:class dip:State ] [ sh:class dip:Government ] ) .
shape:Attitude sh:property [ sh:path skos:inScheme ; sh:hasValue dipv:attitudes ] .
"""


HOSTILE: Final = f"""
PREFIX dct: <{PREFIXES["dct"]}>
PREFIX dip: <{DIP}>
PREFIX graph: <{BASE}graph/>
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
<{BASE}id/state/a> a dip:Above , dip:Below ; rdfs:label "A"@en .
graph:ontology {{
  <{BASE}ontology> a owl:Ontology ; dct:license <javascript:alert(1)> ;
    owl:versionIRI <javascript:alert(2)> .
  <javascript:alert(3)> a owl:Class ; rdfs:label "runs"@en .
  dip:Above a owl:Class ; rdfs:label "above"@en ; skos:definition "Above."@en ;
    rdfs:subClassOf dip:Below ; skos:exactMatch <javascript:alert(4)> ;
    dct:source <javascript:alert(5)> .
  dip:Below a owl:Class ; rdfs:label "below"@en ; skos:definition "Below."@en ;
    rdfs:subClassOf dip:Above .
}}
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over an ontology whose IRIs run something; its classes go round in a circle."""
    folder = tmp_path_factory.mktemp("hostile-ontology")
    store = Store(str(folder / "store"))
    store.load(HOSTILE, RdfFormat.TRIG)
    store.flush()
    del store
    (folder / "manifest.json").write_text(json.dumps({"hash": "cd" * 32}))
    (folder / "queries").mkdir()
    config = Config(root=folder, builds=folder / "builds")
    pool = Pool(config, folder)
    yield create_app(config, pool).test_client()
    pool.close()


@pytest.mark.parametrize(
    "path",
    ["/ontology.html", "/ontology/term/Above", "/ontology/term/javascript:alert(3)", "/vocab.html"],
)
def test_an_iri_that_runs_something_is_no_link(hostile: FlaskClient, path: str) -> None:
    """Nor is there a link to nowhere in its place."""
    page = hostile.get(path)

    targets = re.findall(r'href="([^"]*)"', page.text)
    assert page.status_code == 200
    assert "" not in targets
    assert not [each for each in targets if each.lower().startswith("javascript:")]


@pytest.mark.parametrize("path", ["/ontology.html", "/browse"])
def test_classes_that_go_round_in_a_circle_are_listed(hostile: FlaskClient, path: str) -> None:
    """Each once, whichever stands above."""
    page = hostile.get(path).text

    assert [page.count(f"<bdi>{name}</bdi></a>") for name in ("above", "below")] == [1, 1]


def test_shapes_tell_values_and_numbers(tmp_path: Path) -> None:
    """Alternatives and value lists too; what two shapes say holds together; paths are left out."""
    (tmp_path / "stance.ttl").write_text(SHAPES)

    rules = read_rules(tmp_path)

    assert {shorten(rule.predicate): (rule.values, rule.how_many) for rule in rules.rules} == {
        "dip:holder": ((DIP + "State", DIP + "Government"), "exactly one"),
        "dip:attitude": ((DIPV + "attitudes",), "exactly one"),
        "dip:level": ((), "never"),
        "dip:towards": ((), "any number"),
    }
    assert rules.allowed_of(DIP + "Stance") == (DIP + "date",)


def test_without_shapes_there_are_no_rules(tmp_path: Path) -> None:
    """A folder that is not there is no error."""
    assert read_rules(tmp_path / "shapes").rules == ()


def test_changes_are_read_by_version_and_sort(tmp_path: Path) -> None:
    """An item goes on over its lines."""
    path = tmp_path / "CHANGELOG.md"
    path.write_text(
        "# Log\n\nText.\n\n## [0.2.0] - 2026-01-02\n\n### Added\n\n- one\n  more\n- two\n"
    )

    versions = read_changes(path)

    assert [version.name for version in versions] == ["0.2.0 - 2026-01-02"]
    assert [(c.sort, c.words) for c in versions[0].changes] == [
        ("Added", "one more"),
        ("Added", "two"),
    ]


def test_the_page_of_changes_has_the_changelog(site: FlaskClient) -> None:
    """The reference links to it."""
    assert "Unreleased" in fetch(site, "/ontology/changes").words
