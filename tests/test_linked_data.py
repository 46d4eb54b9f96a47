"""Every IRI of ours leads to documents about it, in every form, and to nowhere else."""

import json
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

import pytest
import rdflib
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from werkzeug.test import TestResponse

from kg.config import Config
from kg.current import find_current
from kg.descriptions import PAGE, describe
from kg.engine.pool import Pool
from kg.engine.requests import Answer, Engine, Request
from kg.errors import EngineBusy
from kg.formats import N_QUADS, N_TRIPLES, RDF_FORMATS, TRIG, TURTLE
from kg.formats import RdfFormat as Written
from kg.library import Build
from kg.vocab import BASE, DIP, LAYERS, PREFIXES
from kg.web.addresses import LONGEST, iris_at, path_of
from kg.web.app import create_app
from kg.web.links import href

OWL = PREFIXES["owl"]
TOPIC = NamedNode(PREFIXES["foaf"] + "primaryTopic")
SEE_ALSO = NamedNode(PREFIXES["rdfs"] + "seeAlso")
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
CONCERNS = NamedNode(DIP + "concerns")
SENDING = NamedNode(DIP + "sendingState")
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
HTML = "text/html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

HUB: Final = NamedNode(BASE + "id/state/hub")
NEIGHBOURS: Final = 2 * PAGE + 50
PLAN: Final = NamedNode(BASE + "id/situation/plan")
QUOTATION: Final = NamedNode(BASE + "proposition/000/plan")
SAMPLE: Final = 10
"""In the real data, every tenth IRI is also read by rdflib in the formats that it reads slowly."""

ODD_NAMES: Final = (
    "a+b",
    "a%2Bc",
    "slash%2Fescaped",
    "slash/es",
    "double//slash",
    "trailing/",
    "semi;colon",
    "amp&equals=",
    "question?mark",
    "hash#mark",
    "o'brien(the)*other*!",
    "at@colon:$",
    "space%20escaped",
    "hundred%25",
    "twice%252Fescaped",
    "café",
    "caf%C3%A8",
    "%E6%96%87",
    "\u4e2d",
    "latin%E91",
    "right\u200fto\u200eleft",
    "v1.0",
    "ends.ttl",
    "ends.html",
    ".nt",
    "~tilde_-.",
    "n" * (LONGEST - 20),
)
"""Names that an imported dataset may have; the project's own have none of these characters."""

WORLD = f"""
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX dip: <{DIP}>
PREFIX dipv: <{BASE}vocab/>
PREFIX graph: <{BASE}graph/>
PREFIX owl: <{OWL}>
PREFIX pr: <{BASE}proposition/000/>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX situation: <{BASE}id/situation/>
PREFIX skos: <{PREFIXES["skos"]}>
PREFIX state: <{BASE}id/state/>

<{BASE}ontology> a owl:Ontology ; owl:versionIRI <{BASE}ontology/2.0> ;
  owl:priorVersion <{BASE}ontology/1.0> .
dip:sendingState rdfs:label "sending state"@en .
dipv:announced skos:prefLabel "announced"@en .

state:japan a dip:State ; rdfs:label "Japan"@en .
state:old a dip:State ; rdfs:label "Old"@en ; owl:deprecated true ; dct:isReplacedBy state:japan .
state:gone owl:deprecated true ; dct:isReplacedBy state:japan .
state:lost owl:deprecated true .
<{BASE}id/odd/ends> rdfs:label "ends" .
state:bell rdfs:label "a bell \\u0007" .
state:triple rdfs:label "a triple" ; rdfs:seeAlso <<( state:japan a dip:State )>> .
[] a dip:State .
state:nameless a [ a owl:Class ] .
<{BASE}/evil.example/x> rdfs:label "elsewhere" ; rdfs:seeAlso state:japan .
<{BASE}id/part/odd> dip:inDocument <{BASE}source/000> ; dip:paragraph "1\\r\\nX: y" .
<{BASE}id/part/of-another> dip:inDocument <https://evil.example/doc> ; dip:paragraph 1 .

situation:plan a dip:ReportedSituation ; dip:standing dipv:announced ; dip:quotedIn pr:plan ;
  dip:concerns state:japan .
pr:plan a dip:Proposition .
<{BASE}claim/000/1> a dip:Claim ; dip:expresses pr:plan ; dip:paragraph 3 ; dip:spanStart 7 ;
  dip:spanEnd 42 .
pr:plan {{ situation:plan dip:sendingState state:japan ; rdfs:label "a plan" . }}
graph:registry {{ state:japan a dip:State ; rdfs:label "Japan"@en . }}
graph:ontology {{
  <{BASE}ontology> a owl:Ontology .
  dip:sendingState rdfs:label "sending state"@en .
}}
"""


class Restless:
    """An Engine whose build is another one each time somebody looks."""

    def __init__(self, engine: Engine) -> None:
        """Answer with this engine."""
        self._engine, self._looks = engine, 0

    @property
    def build(self) -> str:
        """A new one."""
        self._looks += 1
        return str(self._looks)

    def answer(self, request: Request) -> Answer:
        """Return the answer."""
        return self._engine.answer(request)

    def close(self) -> None:
        """Leave the engine to who gave it."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over a tiny graph with a hub and odd names."""
    root = tmp_path_factory.mktemp("linked")
    store = Store(str(root / "store"))
    store.load(WORLD, RdfFormat.TRIG)
    hub = (NamedNode(f"{BASE}id/situation/{n:04}") for n in range(NEIGHBOURS))
    odd = (NamedNode(f"{BASE}id/odd/{name}") for name in ODD_NAMES)
    store.extend(Quad(each, CONCERNS, HUB) for each in hub)
    store.extend(Quad(each, LABEL, Literal("odd")) for each in odd)
    store.flush()
    del store
    (root / "manifest.json").write_text(json.dumps({"hash": "cd" * 32}))
    (root / "queries").mkdir()
    config = Config(root=root, builds=root / "builds")
    pool = Pool(config, root)
    yield create_app(config, pool).test_client()
    pool.close()


@pytest.fixture(scope="module")
def real(built: Build) -> Iterator[FlaskClient]:
    """A client over a build of the real files."""
    pool = Pool(built._config, find_current(built._config))
    yield create_app(built._config, pool).test_client()
    pool.close()


def quads_of(response: TestResponse, form: Written) -> set[Quad]:
    """Return the quads of a document."""
    assert response.status_code == 200, response.text[:300]
    assert response.mimetype == form.media_type
    return set(parse(response.data, form.oxigraph))


def read(client: FlaskClient, path: str, form: Written = N_QUADS) -> set[Quad]:
    """Return the quads of the document of a thing."""
    return quads_of(client.get(f"{path}.{form.extension}"), form)


def text(term: object) -> str:
    """Return the IRI or the text of a term."""
    assert isinstance(term, NamedNode | Literal)
    return term.value


def get_raw(client: FlaskClient, path: str, accept: str = "*/*") -> TestResponse:
    """Return the answer at a path that is handed on as a server does, escapes undone byte by byte.

    The client of the framework takes `//host` for a host and mends what is no UTF-8.
    """
    raw = {"PATH_INFO": unquote(path, "latin-1")}
    return client.get("/", headers={"Accept": accept}, environ_overrides=raw)


def links_in(response: TestResponse) -> dict[str, list[str]]:
    """Return the targets of the Link header by relation."""
    found: dict[str, list[str]] = {}
    for target, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', response.headers["Link"]):
        found.setdefault(relation, []).append(target)
    return found


def problem(response: TestResponse) -> dict[str, Any]:
    """Return the members of a problem."""
    members: dict[str, Any] = json.loads(response.data)
    return members


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        (None, "ttl"),
        ("*/*", "ttl"),
        (BROWSER, "html"),
        ("text/html;q=0.5, text/turtle;q=0.9", "ttl"),
        ("text/turtle;q=0.2, text/html", "html"),
        ("application/xhtml+xml", "html"),
        ("application/json", "jsonld"),
        ("text/html;q=0, */*;q=0.1", "ttl"),
        *((each.media_type, each.extension) for each in RDF_FORMATS),
    ],
)
def test_a_thing_leads_to_the_document_that_accept_likes_best(
    world: FlaskClient, accept: str | None, ending: str
) -> None:
    """All seven forms are weighed together: who likes Turtle better than HTML gets Turtle."""
    response = world.get("/id/state/japan", headers={"Accept": accept} if accept else {})

    assert response.status_code == 303
    assert response.headers["Location"] == f"/id/state/japan.{ending}"
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_format_goes_before_accept(world: FlaskClient, form: Written) -> None:
    """By the names that all of the service has."""
    path = f"/id/state/japan?format={form.name}"

    response = world.get(path, headers={"Accept": BROWSER})

    assert response.headers["Location"] == f"/id/state/japan.{form.extension}"
    assert world.get("/id/state/japan?format=html").headers["Location"] == "/id/state/japan.html"


@pytest.mark.parametrize("form", RDF_FORMATS)
@pytest.mark.parametrize("accept", [None, BROWSER, "image/png"])
def test_a_document_comes_in_the_form_of_its_ending(
    world: FlaskClient, form: Written, accept: str | None
) -> None:
    """Whatever Accept says."""
    headers = {"Accept": accept} if accept else {}

    response = world.get(f"/id/state/japan.{form.extension}", headers=headers)

    found = quads_of(response, form)
    assert Quad(NamedNode(BASE + "id/state/japan"), LABEL, Literal("Japan", language="en")) in found


@pytest.mark.parametrize("path", ["/id/state/japan", "/ontology"])
def test_what_is_not_offered_is_refused_with_the_list(world: FlaskClient, path: str) -> None:
    """By Accept and by format."""
    by_accept = world.get(path, headers={"Accept": "image/png"})
    by_format = world.get(path + "?format=csv")

    assert (by_accept.status_code, by_format.status_code) == (406, 406)
    assert all(each.media_type in problem(by_accept)["detail"] for each in RDF_FORMATS)
    assert HTML in problem(by_accept)["detail"]
    assert "ttl, jsonld, rdfxml, nt, trig, nq, html" in problem(by_format)["detail"]


@pytest.mark.parametrize(
    "path", ["/id/state/japan.ttl", "/ontology.nt", "/proposition/000/plan.nq"]
)
def test_who_has_a_document_gets_304(world: FlaskClient, path: str) -> None:
    """The tag is that of the build's document; HEAD has it too, and scripts may read it."""
    tag = world.get(path).headers["ETag"]

    again = world.get(path, headers={"If-None-Match": tag})
    head = world.head(path)

    assert (again.status_code, again.data) == (304, b"")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)
    assert head.headers["Access-Control-Allow-Origin"] == "*"
    assert head.headers["KG-Build"] == "cd" * 32


@pytest.mark.parametrize("path", ["/id/state/japan", "/id/state/japan.ttl", "/ontology"])
def test_every_address_tells_its_methods(world: FlaskClient, path: str) -> None:
    """OPTIONS for scripts of other sites; nothing is written here."""
    options, post = world.options(path), world.post(path)

    assert options.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in options.headers["Access-Control-Allow-Methods"]
    assert post.status_code == 405


@pytest.mark.parametrize("path", ["/id/state/japan", "/id/state/japan.ttl"])
def test_thing_and_document_say_how_they_belong_together(world: FlaskClient, path: str) -> None:
    """RFC 8288: the IRI, the other forms, the licence and the kind."""
    links = links_in(world.get(path))

    endings = {target.rpartition(".")[2] for target in links["alternate"]}
    assert links["canonical"] == [BASE + "id/state/japan"]
    assert links["describedby"] == ["/id/state/japan.ttl"]
    assert endings == {"html", "jsonld", "nt", "nq", "rdf", "trig"}
    assert links["license"] == [LICENSE]
    assert links["type"] == [DIP + "State"]


def test_the_ontology_is_a_document_with_all_terms(world: FlaskClient) -> None:
    """200 at once: the IRI of a term is a part of it. The graph itself says what the terms are."""
    response = world.get("/ontology", headers={"Accept": "application/n-triples"})

    found = quads_of(response, N_TRIPLES)
    assert response.headers["Content-Location"] == "/ontology.nt"
    assert Quad(SENDING, LABEL, Literal("sending state", language="en")) in found
    assert links_in(response)["canonical"] == [BASE + "ontology"]


def test_people_are_sent_to_the_page_of_the_ontology(world: FlaskClient) -> None:
    """From the ontology and from its version alike."""
    places = [
        world.get(path, headers={"Accept": BROWSER}).headers["Location"]
        for path in ("/ontology", "/ontology/2.0", "/ontology/2.0.html")
    ]

    assert places == ["/ontology.html"] * 3


def test_only_the_version_that_is_served_is_answered(world: FlaskClient) -> None:
    """What is known of an older one is not its content."""
    now = world.get("/ontology/2.0", headers={"Accept": "text/turtle"})
    before, never = world.get("/ontology/1.0"), world.get("/ontology/3.0")

    assert now.headers["Content-Location"] == "/ontology/2.0.ttl"
    assert any(quad.subject == SENDING for quad in quads_of(now, TURTLE))
    assert (before.status_code, never.status_code) == (404, 404)
    assert f"see <{BASE}ontology>" in problem(before)["detail"]


def test_a_named_graph_is_described_and_not_poured_out(world: FlaskClient) -> None:
    """How much it holds, and where all of it is."""
    graph = NamedNode(LAYERS[1])

    found = read(world, "/graph/registry")

    said = {
        quad.predicate.value.rpartition("#")[2]: quad.object
        for quad in found
        if quad.subject == graph
    }
    assert said["triples"] == Literal(2)
    assert all("japan" not in str(quad.subject) for quad in found)
    dump = urlsplit(text(said["dataDump"]))
    assert len(list(parse(world.get(f"{dump.path}?{dump.query}").data, RdfFormat.TURTLE))) == 2


@pytest.mark.parametrize("path", ["/proposition/000/plan", "/id/situation/plan"])
@pytest.mark.parametrize("form", [each for each in RDF_FORMATS if each not in (TRIG, N_QUADS)])
def test_what_is_quoted_is_never_among_triples(
    world: FlaskClient, path: str, form: Written
) -> None:
    """They hold the claims with their spans, and say where the quotation stands."""
    found = read(world, path, form)

    predicates = {quad.predicate for quad in found}
    assert SENDING not in predicates
    assert NamedNode(DIP + "spanStart") in predicates
    assert Literal("a plan") not in {quad.object for quad in found}
    assert {text(q.object) for q in found if q.predicate == SEE_ALSO} == {
        f"http://localhost{path}.trig"
    }


@pytest.mark.parametrize("path", ["/proposition/000/plan", "/id/situation/plan"])
@pytest.mark.parametrize("form", [TRIG, N_QUADS])
def test_formats_with_graphs_quote_in_the_graph_alone(
    world: FlaskClient, path: str, form: Written
) -> None:
    """The claims stand outside of it, and so do the labels of what it names."""
    found = read(world, path, form)

    assert {q.graph_name for q in found if q.predicate == SENDING} == {QUOTATION}
    outside = {q.predicate for q in found if q.graph_name == DefaultGraph()}
    assert NamedNode(DIP + "expresses") in outside
    assert Quad(SENDING, LABEL, Literal("sending state", language="en")) in found
    assert SEE_ALSO not in outside


def test_a_situation_that_is_named_has_its_standing_beside_it(world: FlaskClient) -> None:
    """A plan that concerns a state must not read as done."""
    found = read(world, "/id/state/japan")

    assert Quad(PLAN, CONCERNS, NamedNode(BASE + "id/state/japan")) in found
    announced = NamedNode(BASE + "vocab/announced")
    assert Quad(PLAN, NamedNode(DIP + "standing"), announced) in found
    assert Quad(announced, LABEL, Literal("announced", language="en")) in found


def test_a_long_description_comes_in_pages(world: FlaskClient) -> None:
    """Followed from one to the next, they give each neighbour once, always in the same order."""
    seen: list[str] = []
    path = "/id/state/hub.nt"
    for page in range(1, 9):
        response = world.get(path)
        here = {text(q.subject) for q in quads_of(response, N_TRIPLES) if q.predicate == CONCERNS}
        seen += sorted(here)
        links = links_in(response)
        assert ("prev" in links) == (page > 1)
        if "next" not in links:
            break
        assert len(here) == PAGE
        path = links["next"][0]

    assert page == 3
    assert [each[-4:] for each in seen] == [f"{n:04}" for n in range(NEIGHBOURS)]


def test_a_page_says_in_rdf_where_the_next_is(world: FlaskClient) -> None:
    """For those who do not look at headers; absolute, as RDF is."""
    found = read(world, "/id/state/hub")

    following = {text(q.object) for q in found if q.predicate.value.endswith("vocab#next")}
    assert following == {"http://localhost/id/state/hub.nq?page=2"}


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("1", 200),
        ("3", 200),
        ("4", 404),
        ("999999", 404),
        ("0", 400),
        ("-1", 400),
        ("x", 400),
        ("1" * 99, 400),
        ("\u0664", 400),
    ],
)
def test_a_page_that_is_not_there_is_an_error(world: FlaskClient, page: str, status: int) -> None:
    """No page is empty, and a document that is whole has but one."""
    assert world.get(f"/id/state/hub.ttl?page={quote(page)}").status_code == status
    assert world.get("/ontology.ttl?page=2").status_code == 404


def test_what_is_deprecated_still_answers_and_names_its_successor(world: FlaskClient) -> None:
    """In the header and in the document."""
    response = world.get("/id/state/old.nt")

    successors = {text(q.object) for q in quads_of(response, N_TRIPLES) if "isReplacedBy" in str(q)}
    assert links_in(response)["successor-version"] == [BASE + "id/state/japan"]
    assert successors == {BASE + "id/state/japan"}


@pytest.mark.parametrize("ending", ["", ".ttl", ".html"])
def test_what_is_withdrawn_is_gone(world: FlaskClient, ending: str) -> None:
    """Deprecated and of no kind any more: 410, with what to use where that is known."""
    response, lost = world.get(f"/id/state/gone{ending}"), world.get(f"/id/state/lost{ending}")

    assert (response.status_code, lost.status_code) == (410, 410)
    assert problem(response)["code"] == "gone"
    assert f"use <{BASE}id/state/japan>" in problem(response)["detail"]
    assert links_in(response) == {"successor-version": [BASE + "id/state/japan"]}
    assert "Link" not in lost.headers


def test_an_unknown_iri_is_not_found_and_near_ones_are_named(world: FlaskClient) -> None:
    """As a problem and as a page, with and without an ending."""
    for path in ("/id/state/jappan", "/id/state/Japan.ttl"):
        response = world.get(path)
        assert response.status_code == 404
        assert f"did you mean <{BASE}id/state/japan>?" in problem(response)["detail"]
    page = world.get("/id/state/jappan", headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (404, HTML)
    assert "id/state/japan" in page.text


def test_what_a_format_cannot_hold_is_refused_in_it(world: FlaskClient) -> None:
    """XML has no control characters (XML 1.0, section 2.2)."""
    response = world.get("/id/state/bell.rdf")

    assert (response.status_code, problem(response)["code"]) == (406, "not_representable")
    assert world.get("/id/state/bell.ttl").status_code == 200


def test_only_prefixes_that_are_used_are_declared(world: FlaskClient) -> None:
    """A short description is not lost under a list; `a` and plain strings use two unseen."""
    turtle = world.get("/id/state/japan.ttl").text
    declared = re.findall(r"^@prefix (\w+):", turtle, re.MULTILINE)
    body = re.sub(r"^@prefix.*\n", "", turtle, flags=re.MULTILINE)

    assert {"dip", "rdfs"} <= set(declared)
    assert {name for name in declared if f"{name}:" not in body} <= {"rdf", "xsd"}


def test_json_ld_refuses_a_triple_in_a_triple(world: FlaskClient) -> None:
    """The other formats hold it (RDF 1.2)."""
    answer = {
        form.extension: world.get(f"/id/state/triple.{form.extension}").status_code
        for form in RDF_FORMATS
    }

    assert answer.pop("jsonld") == 406
    assert set(answer.values()) == {200}


@pytest.mark.parametrize("path", ["/", "/browse", "/browse/State", "/id/state/nameless.html"])
def test_what_has_no_iri_breaks_no_page(world: FlaskClient, path: str) -> None:
    """A blank node has no address, so it is in no list."""
    assert world.get(path, headers={"Accept": HTML}).status_code == 200


def test_an_iri_never_becomes_the_address_of_another_host(world: FlaskClient) -> None:
    """`//host/path` in a link is another host."""
    page = world.get("/id/state/japan.html").text
    part = world.get("/id/part/of-another.html")

    for spell in (path_of, href):
        assert spell(f"{BASE}//evil.example/x") == "/evil.example/x"
    assert 'href="/evil.example/x"' in page
    assert part.status_code == 200
    assert "Location" not in part.headers


def test_a_part_without_a_number_is_a_thing_like_others(world: FlaskClient) -> None:
    """Nothing of the graph gets into a header."""
    part = world.get("/id/part/odd.html")

    assert (part.status_code, part.headers.get("Location"), part.headers.get("X")) == (
        200,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        ("https://evil.example/id/state/japan", ""),
        ("javascript:alert(1)", ""),
        (f"{BASE}id/state/a#b", "/id/state/a%23b"),
        (f"{DIP}State", "/ontology#State"),
        (f"{BASE}///evil.example", "/evil.example"),
    ],
)
def test_only_an_iri_of_ours_has_a_path(iri: str, path: str) -> None:
    """It resolves to just this IRI: a `#` is part of a name, but for the terms of the ontology."""
    assert path_of(iri) == path


def test_a_build_that_changes_again_and_again_is_told(built: Build) -> None:
    """No document is put together from two builds, and nobody waits for ever."""
    with pytest.raises(EngineBusy):
        describe(Restless(built._engine), NamedNode(BASE + "id/state/pakistan"), TURTLE)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_iri_resolves_whatever_is_in_it(world: FlaskClient, name: str) -> None:
    """To a document about just this IRI, at an address that is this host's."""
    iri = f"{BASE}id/odd/{name}"

    response = get_raw(world, path_of(iri))
    document = get_raw(world, response.headers["Location"])

    topics = {text(q.object) for q in quads_of(document, TURTLE) if q.predicate == TOPIC}
    assert response.status_code == 303
    assert re.fullmatch(r"/id/odd/[!$-;=@-~]+", response.headers["Location"])
    assert topics == {iri}
    assert links_in(document)["canonical"][0].isascii()


@pytest.mark.parametrize("name", ["question?mark", "caf\u00e9", "semi;colon", "a+b"])
def test_an_iri_resolves_as_clients_send_it(world: FlaskClient, name: str) -> None:
    """Cut at its question mark, and with no more escapes than a URL needs."""
    path = "/id/odd/" + quote(name, safe="?;+")

    assert world.get(path).headers["Location"] == path_of(f"{BASE}id/odd/{name}") + ".ttl"


def test_a_query_that_is_no_part_of_an_iri_is_let_pass(world: FlaskClient) -> None:
    """Links get such additions on their way; what is not UTF-8 is an error, as elsewhere."""
    assert world.get("/id/state/japan?utm_source=x").status_code == 303
    assert world.get("/id/state/japan?" + "x" * 7000).status_code == 303
    assert world.get("/id/state/japan?%FF").status_code == 400


def test_a_thing_goes_before_a_document_of_the_same_address(world: FlaskClient) -> None:
    """`ends.ttl` is a thing, and so the Turtle of `ends` has no address; other forms of it do."""
    assert world.get("/id/odd/ends.ttl").headers["Location"] == "/id/odd/ends.ttl.ttl"
    assert world.get("/id/odd/v1.0").headers["Location"] == "/id/odd/v1.0.ttl"
    assert world.get("/id/odd/ends.nt").mimetype == "application/n-triples"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/id/state/japan",
        "///evil.example/%2e%2e",
        "/id//evil.example",
        "/id/state//evil.example",
        "/id/%2F%2Fevil.example",
        "/id/http://evil.example",
        "/id/\\evil.example",
        "/id/%5C%5Cevil.example",
        "/id/../state/japan",
        "/id/state/../state/japan",
        "/id/%2e%2e/%2e%2e/etc/passwd",
        "/id/./state/japan",
        "/id/state/japan/",
        "/id/state/",
        "/id/",
        "/id",
        "/id/.ttl",
        "/id/state/.ttl",
        "/id/state/%FF%FE",
        "/id/state/%",
        "/id/state/%zz",
        "/id/state/%00",
        "/id/state/a%0d%0aSet-Cookie:x=1",
        "/id/state/%ED%A0%80",
        "/id/state/%EF%BF%BF",
        "/id/state/%EE%80%80",
        "/id/state/<script>",
        "/id/state/%22%3E%3C",
        "/id/state/a b",
        "/id/state/{x}|^`",
        "/id/state/" + "x" * 7000,
        "/id/state/" + "%C3%A9" * 2000,
        "/id/state/" + "/" * 5000,
        "/ontology/../id/state/japan",
        "/ontology/%FF.ttl",
        "/ontology.xyz",
        "/graph/build",
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/turtle", BROWSER])
def test_no_path_breaks_anything_or_leads_elsewhere(
    world: FlaskClient, path: str, accept: str
) -> None:
    """What is unknown is not found; nobody is sent anywhere, and no header is forged."""
    response = get_raw(world, path, accept)

    assert response.status_code == 404
    assert {"Location", "Set-Cookie"}.isdisjoint(response.headers)


@pytest.mark.parametrize("host", ["evil.example", "a{b", "a b", "", "\u00e9", "[::1", "x" * 300])
def test_a_redirect_has_no_host_of_the_request(world: FlaskClient, host: str) -> None:
    """It is a path, whatever the Host header says, and a document does not break on it."""
    response = world.get("/id/state/japan", headers={"Host": host})
    document = world.get("/id/state/japan.ttl", headers={"Host": host})

    assert response.status_code in (303, 400)
    assert response.headers.get("Location", "/id/state/japan.ttl") == "/id/state/japan.ttl"
    assert document.status_code in (200, 400)


def test_two_ways_to_write_an_iri_are_tried_in_order() -> None:
    """The plainest first; escapes of the same characters look alike where a path arrives."""
    found = [iri.value.removeprefix(BASE) for iri in iris_at("id/x/é/?".encode())]

    assert found == ["id/x/é/?", "id/x/%C3%A9/?", "id/x/%C3%A9/%3F", "id/x/%C3%A9%2F%3F"]
    assert iris_at(b"id/x/../y") == iris_at(b"id/x/" + b"n" * LONGEST) == []


def own_iris(store: Store) -> list[str]:
    """Return every IRI of ours that the default graph uses, and every graph's."""
    terms = (
        term
        for quad in store.quads_for_pattern(None, None, None, DefaultGraph())
        for term in (quad.subject, quad.predicate, quad.object)
    )
    graphs = (each for each in store.named_graphs() if isinstance(each, NamedNode))
    named = {term.value for term in (*terms, *graphs) if isinstance(term, NamedNode)}
    return sorted(each for each in named if each.startswith(BASE))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # of its own parsers
def test_every_iri_of_the_real_data_resolves_in_every_form(
    real: FlaskClient, built_store: Store
) -> None:
    """As HTTP clients do it, without the fragment. pyoxigraph reads all documents in all formats.

    rdflib reads the N-Triples of each, and the other formats of every tenth: it takes long. The
    page for people is fetched of every tenth. Each IRI is asked for with one Accept header, of the
    formats in turn.
    """
    iris = own_iris(built_store)
    addresses = list(dict.fromkeys(iri.partition("#")[0] for iri in iris))
    forms = cycle(RDF_FORMATS)

    for number, address in enumerate(addresses):
        is_sampled = number % SAMPLE == 0
        path, form = path_of(address), next(forms)
        assert leads_to(real, path, form) == f"{path}.{form.extension}"
        for form in RDF_FORMATS:
            document = real.get(f"{path}.{form.extension}")
            found = quads_of(document, form)
            assert {text(q.object) for q in found if q.predicate == TOPIC} == {address}
            assert len(found) > 3
            if form is N_TRIPLES or is_sampled:
                read_by_rdflib(document, len(found))
        if is_sampled and "/ontology" not in address:
            page = real.get(f"{path}.html")
            assert (page.status_code, page.mimetype) in ((200, HTML), (303, HTML))

    described = {text(quad.subject) for quad in read(real, "/ontology")}
    assert len(addresses) > 1000
    assert {iri for iri in iris if "#" in iri} <= described


def leads_to(client: FlaskClient, path: str, form: Written) -> str:
    """Return where the document of a thing is: where it leads, or itself."""
    response = client.get(path, headers={"Accept": form.media_type})
    assert response.status_code == (200 if path.startswith("/ontology") else 303)
    return response.headers.get("Location") or response.headers["Content-Location"]


def read_by_rdflib(document: TestResponse, count: int) -> None:
    """Read a document by other means, and find as many statements."""
    dataset = rdflib.Dataset()
    dataset.parse(data=document.text, format=RDFLIB[str(document.mimetype)])

    assert len(list(dataset.quads())) == count


RDFLIB: Final = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
