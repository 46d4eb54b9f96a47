"""What the service says of itself is well-formed, true of the build, and leads somewhere."""

import hashlib
import json
import re
import shutil
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import flask
import pytest
import rdflib
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance
from werkzeug.test import TestResponse

from every_type import app_with_every_type
from kg.catalogue import about
from kg.catalogue.counts import count
from kg.catalogue.dumps import find_dump
from kg.catalogue.terms import name
from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.engine.requests import Answer, Engine, Request
from kg.errors import EngineBusy
from kg.formats import RDF_FORMATS
from kg.formats import RdfFormat as Written
from kg.library import Build
from kg.saved_queries import read_saved_queries
from kg.vocab import BASE, DIP, KINDS, LAYERS, PREFIXES
from kg.web import self_description
from kg.web.app import create_app

ROOT: Final = Path(__file__).parents[1]
HERE: Final = "http://localhost"
VOID: Final = "/.well-known/void"
DATASET: Final = NamedNode(f"{HERE}{VOID}#dataset")
CURRENT: Final = "/dump/current/dataset.nq"
SITEMAP: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SAMPLE: Final = 12
"""Every twelfth page of the sitemap is opened."""

PLAIN: Final = ("/context.jsonld", "/sitemap.xml", "/robots.txt", "/dump")
TAGGED: Final = ("/context.jsonld", "/sitemap.xml", "/robots.txt", VOID, "/queries.ttl", CURRENT)


@dataclass
class Watched:
    """An engine that notes what it is asked; its build may change with each question."""

    engine: Engine
    asked: list[Request] = field(default_factory=list)
    is_restless: bool = False

    @property
    def build(self) -> str:
        """The build, or another one after each question."""
        return str(len(self.asked)) if self.is_restless else self.engine.build

    def answer(self, request: Request) -> Answer:
        """Return the answer of the engine."""
        assert len(self.asked) < 100, "asked for ever"
        self.asked.append(request)
        return self.engine.answer(request)

    def close(self) -> None:
        """Leave the engine as it is."""


@pytest.fixture(scope="module")
def real(built: Build) -> Iterator[Flask]:
    """The application over a build of the real files, for a client that asks much."""
    config = replace(built._config, client_seconds=0.0)
    pool = Pool(config, find_current(config))
    yield create_app(config, pool)
    pool.close()


@pytest.fixture
def reader(real: Flask) -> FlaskClient:
    """A client of that application."""
    return real.test_client()


@pytest.fixture
def described(reader: FlaskClient) -> Store:
    """The description of the dataset."""
    return stored(reader.get(VOID))


@pytest.fixture
def facts(built_store: Store) -> list[Triple]:
    """All that the default graph of the build holds."""
    return [quad.triple for quad in built_store.quads_for_pattern(None, None, None, DefaultGraph())]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory, tiny_config: Config, engine: Pool) -> Flask:
    """The application over the tiny build, with saved queries that take every type."""
    return app_with_every_type(tiny_config, tmp_path_factory.mktemp("described"), engine)


@pytest.fixture(scope="module")
def interface(typed: Flask) -> BaseSchema:
    """The OpenAPI document of that application, as tests are made from it."""
    return schemathesis.openapi.from_wsgi("/openapi.json", typed)


def stored(response: TestResponse) -> Store:
    """Return what a document in Turtle says."""
    assert response.status_code == 200, response.text
    store = Store()
    store.extend(parse(response.data, RdfFormat.TURTLE))
    return store


def values(store: Store, subject: NamedNode | BlankNode, prefixed: str) -> list[Any]:
    """Return the values of a property, named as in the catalogue."""
    found = store.quads_for_pattern(subject, name(prefixed), None)
    return [each.object for each in found]


def value(store: Store, subject: NamedNode | BlankNode, prefixed: str) -> Any:  # noqa: ANN401 - a term
    """Return the one value of a property."""
    (found,) = values(store, subject, prefixed)
    return found


def number(store: Store, subject: NamedNode, prefixed: str) -> int:
    """Return the one value of a property, a number."""
    return int(value(store, subject, prefixed).value)


def members(store: Store, node: Any) -> list[Any]:  # noqa: ANN401 - a term
    """Return the members of a list."""
    if node == name("rdf:nil"):
        return []
    return [value(store, node, "rdf:first"), *members(store, value(store, node, "rdf:rest"))]


def fetch(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """Return a whole answer, and let go of it as a server does."""
    named = {name_.replace("_", "-"): text for name_, text in headers.items()}
    return client.get(path, headers=named, buffered=True)


def path_at(address: str) -> str:
    """Return the path and query of an address of this service."""
    assert address.startswith(HERE + "/")
    return address.removeprefix(HERE)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of its own insides
@pytest.mark.parametrize(("path", "each"), [*product((VOID, "/queries"), RDF_FORMATS)])
def test_each_description_says_the_same_in_every_format(
    reader: FlaskClient, path: str, each: Written
) -> None:
    """Two parsers read it; prefixes may stand in another order."""
    names = {VOID: f"{VOID}?format={each.name}", "/queries": f"/queries.{each.extension}"}
    plain = reader.get({VOID: f"{VOID}?format=nt", "/queries": "/queries.nt"}[path])

    response = reader.get(names[path])

    by_rdflib = rdflib.Dataset()
    by_rdflib.parse(data=response.data, format=response.mimetype)
    sizes = {len(list(parse(response.data, each.oxigraph))), len(set(by_rdflib.quads()))}
    assert response.mimetype == each.media_type
    assert sizes == {len(list(parse(plain.data, RdfFormat.N_TRIPLES)))}


def test_the_accept_header_chooses_the_format_of_the_description(reader: FlaskClient) -> None:
    """What is no graph is refused with the list."""
    found = reader.get(VOID, headers={"Accept": "application/ld+json"})
    refused = reader.get(VOID, headers={"Accept": "text/csv"})

    assert found.mimetype == "application/ld+json"
    assert refused.status_code == 406
    assert "text/turtle" in refused.json["detail"]  # type: ignore[index]


def test_the_totals_are_those_of_the_default_graph(
    described: Store, facts: list[Triple], built: Build
) -> None:
    """Of what a plain pattern finds, in the build that is served."""
    subjects = {each.subject for each in facts}
    ours = [s for s in subjects if isinstance(s, NamedNode) and s.value.startswith(BASE)]

    assert number(described, DATASET, "void:triples") == len(facts)
    assert number(described, DATASET, "void:distinctSubjects") == len(subjects)
    assert number(described, DATASET, "void:distinctObjects") == len({e.object for e in facts})
    assert number(described, DATASET, "void:entities") == len(ours)
    assert value(described, DATASET, "dcat:version") == Literal(built.hash)


def test_each_class_is_counted(described: Store, facts: list[Triple]) -> None:
    """All classes that anything has, and no other."""
    parts = values(described, DATASET, "void:classPartition")
    found = {
        value(described, part, "void:class"): number(described, part, "void:entities")
        for part in parts
    }

    assert found == Counter(e.object for e in facts if e.predicate == name("rdf:type"))
    assert number(described, DATASET, "void:classes") == len(parts)


def test_each_property_is_counted(described: Store, facts: list[Triple]) -> None:
    """All that are used: their triples, and the different things and values."""
    parts = values(described, DATASET, "void:propertyPartition")
    names = ("void:triples", "void:distinctSubjects", "void:distinctObjects")
    found = {
        value(described, part, "void:property"): [number(described, part, n) for n in names]
        for part in parts
    }

    assert found.keys() == {each.predicate for each in facts}
    for property_, counts in found.items():
        used = [each for each in facts if each.predicate == property_]
        different = [len({e.subject for e in used}), len({e.object for e in used})]
        assert counts == [len(used), *different], property_
    assert number(described, DATASET, "void:properties") == len(parts)


def test_layers_are_subsets_and_quotations_are_not(described: Store, built_store: Store) -> None:
    """Of a subset every triple is asserted; what is only quoted is described apart, and counted."""
    subsets = values(described, DATASET, "void:subset")
    quotations = NamedNode(f"{HERE}{VOID}#quotations")
    quads = built_store.quads_for_pattern(None, None, None)
    sizes = Counter(quad.graph_name for quad in quads)
    quoted = [n for graph, n in sizes.items() if str(graph).startswith(f"<{BASE}proposition/")]

    assert {each.value for each in subsets} == set(LAYERS)
    for layer in subsets:
        assert number(described, layer, "void:triples") == sizes[layer]
    assert values(described, DATASET, "dct:relation") == [quotations]
    assert number(described, quotations, "void:triples") == sum(quoted)
    assert str(len(quoted)) in value(described, quotations, "dct:description").value


def test_the_description_says_what_is_not_asserted(described: Store) -> None:
    """Of the dataset, and of the file in which all graphs stand."""
    whole = NamedNode(f"{HERE}{VOID}#all-graphs")

    assert "is not asserted" in value(described, DATASET, "dct:description").value
    assert "turns plans" in value(described, whole, "dct:description").value


def test_the_example_resources_are_known_and_have_pages(
    described: Store, facts: list[Triple], reader: FlaskClient
) -> None:
    """One of each kind that the build has."""
    examples = [each.value for each in values(described, DATASET, "void:exampleResource")]
    subjects = {each.subject.value for each in facts if isinstance(each.subject, NamedNode)}
    spaces = [f"{BASE}id/{kind}/" for kind in KINDS]

    assert set(examples) <= subjects
    assert len(examples) == sum(any(s.startswith(space) for s in subjects) for space in spaces)
    for example in examples:
        assert reader.get(f"/{example.removeprefix(BASE)}.html").status_code == 200


def test_every_address_in_the_description_answers(described: Store, reader: FlaskClient) -> None:
    """Dumps, endpoint, its descriptions, the pages: whatever is named under this host."""
    objects = {quad.object for quad in described.quads_for_pattern(None, None, None)}
    named = [each.value for each in objects if isinstance(each, NamedNode)]
    paths = {path_at(iri).partition("#")[0] for iri in named if iri.startswith(HERE)}

    assert len(paths) > 8
    for path in paths:
        assert fetch(reader, path).status_code == 200, path


def test_title_creator_licence_and_keywords_are_those_of_the_citation(described: Store) -> None:
    """CITATION.cff and the catalogue must not drift apart."""
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    keywords = cited.partition("keywords:")[2].split("\n  - ")[1:]

    assert f'title: "{about.TITLE}"' in cited
    assert f'- name: "{about.CREATOR}"' in cited
    assert f"date-released: {about.ISSUED}" in cited
    assert "CC-BY-4.0" in cited
    assert about.LICENSE in (ROOT / "LICENSE-DATA").read_text("utf-8")
    assert [word.strip() for word in keywords] == list(about.KEYWORDS)
    assert value(described, DATASET, "dct:license") == NamedNode(about.LICENSE)


def test_vocabularies_are_those_that_the_terms_come_from(described: Store) -> None:
    """Ours by the IRI of the ontology."""
    found = {each.value for each in values(described, DATASET, "void:vocabulary")}

    assert {BASE + "ontology", PREFIXES["org"], PREFIXES["skos"]} <= found
    assert not {each for each in found if each.startswith(BASE)} - {BASE + "ontology"}


def test_the_download_is_what_the_catalogue_says(
    described: Store, reader: FlaskClient, built: Build, built_store: Store
) -> None:
    """Address, size, SHA-256: of a file that holds every graph of the build."""
    whole = NamedNode(f"{HERE}{VOID}#all-graphs")
    checksum = value(described, whole, "spdx:checksum")
    address = value(described, whole, "dcat:downloadURL").value

    response = fetch(reader, path_at(address))

    digest = hashlib.sha256(response.data).hexdigest()
    assert digest == built.hash
    assert value(described, checksum, "spdx:checksumValue").value == digest
    assert number(described, whole, "dcat:byteSize") == len(response.data)
    assert value(described, whole, "dcat:mediaType").value.endswith(f"/{response.mimetype}")
    quads = parse(response.data, RdfFormat.N_QUADS)
    assert sum(1 for _ in quads) == len(built_store)


def test_a_download_says_its_length_its_digest_and_its_name(
    reader: FlaskClient, built: Build
) -> None:
    """Also where the client would take it compressed: it goes as it is, so that all of it holds."""
    response = fetch(reader, CURRENT, Accept_Encoding="gzip, br, zstd")

    said = response.headers["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":")
    assert b64decode(said) == hashlib.sha256(response.data).digest()
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert "Content-Encoding" not in response.headers
    assert "no-transform" in response.headers["Cache-Control"]
    assert response.headers["ETag"] == f'"{built.hash}"'
    assert response.headers["KG-Build"] == built.hash
    assert response.headers["Content-Location"] == f"/dump/{built.hash}/dataset.nq"
    assert f"filename=diplomacy-kg-{built.hash[:12]}.nq" in response.headers["Content-Disposition"]
    assert "Repr-Digest" in response.headers["Access-Control-Expose-Headers"]


def test_a_download_that_broke_off_can_be_taken_up_again(reader: FlaskClient) -> None:
    """While the build is the same; else all of it comes again."""
    whole = fetch(reader, CURRENT)
    tag, rest = whole.headers["ETag"], "bytes=1000-"

    same = fetch(reader, CURRENT, Range=rest, If_Range=tag, Accept_Encoding="gzip")
    other = fetch(reader, CURRENT, Range=rest, If_Range='"another"')

    assert same.status_code == 206
    assert whole.data[:1000] + same.data == whole.data
    assert same.headers["Content-Range"] == f"bytes 1000-{len(whole.data) - 1}/{len(whole.data)}"
    assert (other.status_code, len(other.data)) == (200, len(whole.data))


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=0-1,5-6", "bytes=5-1"])
def test_what_is_no_one_part_of_the_file_is_refused(reader: FlaskClient, asked: str) -> None:
    """Many parts at once would be a way to ask for much with little."""
    assert fetch(reader, CURRENT, Range=asked).status_code == 416


def open_files() -> int:
    """Return how many files this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_download_leaves_no_file_open(reader: FlaskClient) -> None:
    """Neither one that was not wanted after all."""
    tag = fetch(reader, CURRENT).headers["ETag"]
    before = open_files()

    for headers in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=9-1"}, {"If-None-Match": tag}):
        for method in ("GET", "HEAD"):
            reader.open(CURRENT, method=method, headers=headers, buffered=True)

    assert open_files() == before


@pytest.mark.parametrize(
    "build", ["aaaaaaaaaaaa", "..", "%2e%2e", "previous", "f", "AAAAAAAAAAAA", "f" * 65]
)
def test_a_build_that_is_not_here_is_not_found(reader: FlaskClient, build: str) -> None:
    """Names are hashes, never paths."""
    assert reader.get(f"/dump/{build}/dataset.nq").status_code == 404


def test_other_builds_on_disk_can_be_had_while_they_last(reader: FlaskClient, built: Build) -> None:
    """By their hash; one of other IRIs is none of ours."""
    builds = built._config.builds
    before = fetch(reader, "/dump").get_json()["older"]
    text = b"<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n"
    digest = hashlib.sha256(text).hexdigest()
    folder = builds / digest[:12]
    folder.mkdir()
    (folder / "dataset.nq").write_bytes(text)
    (folder / "manifest.json").write_text(json.dumps({"hash": digest, "created": "2026-01-01"}))
    try:
        found = fetch(reader, f"/dump/{digest[:16]}/dataset.nq")
        listed = reader.get("/dump").get_json()["older"]
        (folder / "manifest.json").write_text(json.dumps({"hash": digest, "base": "http://a.b/"}))
        foreign = find_dump(builds, digest)
    finally:
        shutil.rmtree(folder)

    assert found.data == text
    assert [each["sha256"] for each in listed if each not in before] == [digest]
    assert foreign is None


def test_the_list_of_downloads_is_a_page_for_people_and_json_for_programs(
    reader: FlaskClient, built: Build
) -> None:
    """Both say what whoever merges the graphs loses."""
    page = reader.get("/dump", headers={"Accept": "text/html"})
    found = reader.get("/dump").get_json()

    links = re.findall(r'href="([^"]+)"', page.text)
    assert found["build"] == built.hash
    assert found["note"] == about.CAUTION
    assert "turns plans, forecasts, hedges and denials into facts" in page.text
    assert built.hash in page.text
    for each in found["files"]:
        assert each["url"].replace("&", "&amp;") in links
        assert fetch(reader, path_at(each["url"])).mimetype == each["mediaType"]


def test_without_the_files_of_the_build_the_rest_is_still_told(client: FlaskClient) -> None:
    """With an engine elsewhere there may be none: the page says so, and the file is not found."""
    page = client.get("/dump", headers={"Accept": "text/html"})
    file = client.get(CURRENT)
    store = stored(client.get(VOID))

    assert "not on this machine" in page.text
    assert file.status_code == 404
    assert "not on this machine" in file.get_json()["detail"]
    dumps = [each.value for each in values(store, DATASET, "void:dataDump")]
    assert set(dumps) == {f"{HERE}/graphs?default&format={each}" for each in ("nt", "ttl")}
    assert values(store, NamedNode(f"{HERE}{VOID}#all-graphs"), "rdf:type") == []


def test_addresses_begin_where_the_world_reaches_the_service(
    tiny_config: Config, engine: Pool
) -> None:
    """As KG_PUBLIC_URL says, whatever the Host header does."""
    app = create_app(replace(tiny_config, public_url="https://example.org"), engine)
    client = app.test_client()

    assert "<https://example.org/.well-known/void#dataset>" in client.get(VOID).text
    assert "Sitemap: https://example.org/sitemap.xml" in client.get("/robots.txt").text
    assert "<loc>https://example.org/</loc>" in client.get("/sitemap.xml").text
    assert "localhost" not in client.get("/queries.ttl").text


@pytest.mark.parametrize("host", ["evil.example", "a{b", "a b", "", "[::1"])
@pytest.mark.parametrize("path", [VOID, "/queries.ttl", "/sitemap.xml", "/robots.txt"])
def test_no_host_header_breaks_a_document(client: FlaskClient, path: str, host: str) -> None:
    """Addresses begin with one that can be, or with the server's own name."""
    response = client.get(path, headers={"Host": host})

    assert response.status_code == 200
    assert "a{b" not in response.text
    assert "a b" not in response.text.partition("http")[2][:20]


@pytest.mark.parametrize("path", TAGGED)
def test_who_has_a_document_gets_no_second_copy(reader: FlaskClient, path: str) -> None:
    """For as long as the build is the same; and scripts of any site may read it."""
    first = fetch(reader, path)

    again = fetch(reader, path, If_None_Match=first.headers["ETag"])

    assert again.status_code == 304
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["KG-Build"]


def test_each_saved_query_is_an_executable_with_its_text(reader: FlaskClient) -> None:
    """Its form says which property holds the text."""
    store = stored(reader.get("/queries.ttl"))
    saved = read_saved_queries(ROOT / "queries")
    found = store.quads_for_pattern(None, name("rdf:type"), name("sh:SPARQLExecutable"))

    assert {quad.subject for quad in found} == {executable(each) for each in saved}
    for query in saved.values():
        node = executable(query.name)
        kind = f"sh:{query.form.lower()}"
        assert value(store, node, kind) == Literal(query.text)
        assert value(store, node, "dct:title").value == query.title
        assert value(store, node, "schema:target") == NamedNode(f"{HERE}/sparql")
        paths = [value(store, each, "sh:path") for each in values(store, node, "sh:parameter")]
        names = {each.value.rpartition("#")[2] for each in paths}
        assert names == {param.name for param in query.params}


def executable(query: str) -> NamedNode:
    """Return the IRI of a saved query."""
    return NamedNode(f"{HERE}/queries/{query}")


def parameter(query: str, param: str) -> NamedNode:
    """Return the IRI of its parameter."""
    return NamedNode(f"{HERE}/queries/{query}#parameter-{param}")


def test_an_executable_answers_as_the_saved_query_does(
    reader: FlaskClient, built_store: Store
) -> None:
    """The text in RDF runs as it is, in any tool."""
    store = stored(reader.get("/queries.ttl"))
    text = value(store, executable("recognition-status"), "sh:select").value

    found = built_store.query(text)

    answer = reader.get("/queries/recognition-status").get_json()
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == len(answer["results"]["bindings"]) > 0


def test_a_parameter_says_what_it_takes(typed: Flask) -> None:
    """Every type, in the words of SHACL."""
    store = stored(typed.test_client().get("/queries.ttl"))
    of = {
        each: parameter("every-type", each)
        for each in ("state", "code", "thing", "count", "day", "side")
    }

    assert value(store, of["state"], "sh:class") == NamedNode(DIP + "State")
    assert value(store, of["state"], "sh:optional") == Literal(False)  # noqa: FBT003 - a term
    assert value(store, of["code"], "sh:optional") == Literal(True)  # noqa: FBT003 - a term
    assert value(store, of["thing"], "sh:nodeKind") == name("sh:IRI")
    assert value(store, of["count"], "sh:datatype") == name("xsd:integer")
    assert value(store, of["count"], "sh:defaultValue") == Literal(3)
    assert value(store, of["count"], "sh:minInclusive") == Literal(0)
    assert value(store, of["count"], "sh:maxInclusive") == Literal(10)
    assert value(store, of["day"], "sh:datatype") == name("xsd:date")
    assert members(store, value(store, of["side"], "sh:in")) == [Literal("left"), Literal("right")]
    assert value(store, executable("graph"), "sh:construct").value.startswith("CONSTRUCT")


def test_of_several_classes_one_is_enough(reader: FlaskClient) -> None:
    """Two values of sh:class would ask for both."""
    store = stored(reader.get("/queries.ttl"))
    shapes = members(store, value(store, parameter("evidence", "situation"), "sh:or"))

    assert [value(store, each, "sh:class") for each in shapes] == [
        NamedNode(DIP + "Situation"),
        NamedNode(DIP + "ReportedSituation"),
    ]


DOCUMENT: Final = {
    "id": "situation:s",
    "type": "Meeting",
    "participant": ["person:p", {"id": "person:q", "dip:post": "post:a"}],
    "earliest": "2025-04-27",
    "numberOfClaims": 2,
    "presupposed": "true",
    "isoCode": "PAK",
    "standing": "dipv:accepted",
    "rdfs:label": {"@value": "A meeting", "@language": "en"},
}
XSD: Final = PREFIXES["xsd"]
S: Final = f"<{PREFIXES['situation']}s>"
Q: Final = f"<{PREFIXES['person']}q>"
EXPANDED: Final = f"""
{S} <{PREFIXES["rdf"]}type> <{DIP}Meeting> .
{S} <{DIP}participant> <{PREFIXES["person"]}p> .
{S} <{DIP}participant> {Q} .
{Q} <{DIP}post> <{PREFIXES["post"]}a> .
{S} <{DIP}earliest> "2025-04-27"^^<{XSD}date> .
{S} <{DIP}numberOfClaims> "2"^^<{XSD}integer> .
{S} <{DIP}presupposed> "true"^^<{XSD}boolean> .
{S} <{DIP}isoCode> "PAK" .
{S} <{DIP}standing> <{PREFIXES["dipv"]}accepted> .
{S} <{PREFIXES["rdfs"]}label> "A meeting"@en .
"""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib warns of its own insides
def test_a_document_in_plain_names_expands_to_our_iris(reader: FlaskClient) -> None:
    """By pyoxigraph and by rdflib, with the context written into it."""
    response = reader.get("/context.jsonld")
    text = json.dumps({**response.get_json(), **DOCUMENT})
    expected = set(parse(EXPANDED, RdfFormat.N_TRIPLES))

    by_rdflib = rdflib.Graph().parse(data=text, format="json-ld")

    assert response.mimetype == "application/ld+json"
    assert set(parse(text, RdfFormat.JSON_LD)) == expected
    again = by_rdflib.serialize(format="nt")
    assert set(parse(again, RdfFormat.N_TRIPLES)) == expected


def test_the_context_has_every_term_of_the_ontology(
    reader: FlaskClient, facts: list[Triple]
) -> None:
    """Object properties lead to IRIs; a name that is a prefix keeps its own prefix."""
    context = reader.get("/context.jsonld").get_json()["@context"]
    kinds = {PREFIXES["owl"] + each for each in ("Class", "ObjectProperty")}
    declared = {
        (each.subject.value, each.object.value)
        for each in facts
        if isinstance(each.subject, NamedNode)
        and isinstance(each.object, NamedNode)
        and each.object.value in kinds
        and each.subject.value.startswith(DIP)
    }

    assert len(declared) > 150
    for iri, kind in declared:
        plain = iri.removeprefix(DIP)
        found = context[f"dip:{plain}" if plain in PREFIXES else plain]
        wanted = {"@id": f"dip:{plain}", "@type": "@id"}
        assert found == (wanted if kind.endswith("ObjectProperty") else f"dip:{plain}"), iri
    assert {prefix: context[prefix] for prefix in PREFIXES} == dict(PREFIXES)


def test_the_sitemap_lists_pages_that_are_there(reader: FlaskClient, facts: list[Triple]) -> None:
    """Each thing of ours has its page in it, with the day of the build."""
    response = reader.get("/sitemap.xml")
    root = ET.fromstring(response.text)  # noqa: S314 - our own

    pages = [path_at(each.text or "") for each in root.iter(f"{SITEMAP}loc")]
    assert response.mimetype == "application/xml"
    assert root.tag == f"{SITEMAP}urlset"
    assert len(pages) == len(set(pages)) == len(list(root.iter(f"{SITEMAP}lastmod"))) < 50_000
    typed = [each for each in facts if each.predicate == name("rdf:type")]
    things = {e.subject.value for e in typed if isinstance(e.subject, NamedNode)}
    ours = {each.removeprefix(BASE) for each in things if each.startswith(f"{BASE}id/")}
    assert {f"/{each}.html" for each in ours} <= set(pages)
    for page in [*pages[:5], *pages[::SAMPLE]]:
        opened = reader.get(page, headers={"Accept": "text/html"})
        assert (opened.status_code, opened.mimetype) == (200, "text/html"), page


def test_a_long_sitemap_comes_in_parts(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its index names them all; together they hold what the whole one holds, each page once."""
    whole = sitemap_of(reader, "/sitemap.xml")
    monkeypatch.setattr(self_description, "PART", 100)
    index = reader.get("/sitemap.xml", headers={"Host": "localhost:80"})

    root = ET.fromstring(index.text)  # noqa: S314 - our own
    parts = [path_at(each.text or "") for each in root.iter(f"{SITEMAP}loc")]
    pages = [page for part in parts for page in sitemap_of(reader, part)]
    assert root.tag == f"{SITEMAP}sitemapindex"
    assert parts[1] == "/sitemap.xml?page=2"
    assert len(parts) == len(pages) // 100 + 1
    assert pages == whole
    assert reader.get(f"/sitemap.xml?page={len(parts) + 1}").status_code == 404
    assert reader.get("/sitemap.xml?page=0").status_code == 400


def sitemap_of(reader: FlaskClient, path: str) -> list[str]:
    """Return the paths of the pages in a sitemap, or in a part of it."""
    root = ET.fromstring(reader.get(path).text)  # noqa: S314 - our own
    assert root.tag == f"{SITEMAP}urlset"
    return [path_at(each.text or "") for each in root.iter(f"{SITEMAP}loc")]


@pytest.mark.parametrize("path", [VOID, "/sitemap.xml", "/context.jsonld"])
def test_what_takes_long_keeps_no_page_waiting_and_is_worked_out_once(
    path: str, tiny_config: Config, engine: Pool
) -> None:
    """Its questions go to the workers for queries of any kind, and are asked once a build."""
    watched = Watched(engine)
    client = create_app(tiny_config, watched).test_client()
    responses = [client.get(path, headers={"Host": host}) for host in ("a.example", "b.example")]

    assert {response.status_code for response in responses} == {200}
    assert {request.is_reserved for request in watched.asked} == {False}
    assert len(watched.asked) == len({request.query for request in watched.asked})


def test_counting_ends_where_one_build_follows_the_other(engine: Pool) -> None:
    """The numbers of a document are of one build, or there are none."""
    with pytest.raises(EngineBusy, match="try again"):
        count(Watched(engine, is_restless=True))


def test_pages_and_rdf_lead_to_the_description(reader: FlaskClient) -> None:
    """Beside their own links; problems and data of other kinds do not."""
    link = f'<{VOID}>; rel="describedby"'
    html = {"Accept": "text/html"}

    for path in ("/", "/browse/Claim", "/search?q=a", "/queries/evidence", "/ontology.html"):
        assert link in fetch(reader, path, **html).headers.getlist("Link"), path
    for path in ("/id/state/pakistan.ttl", "/queries.nt", "/graphs?default&format=nt"):
        assert link in fetch(reader, path).headers.getlist("Link"), path
    for path in ("/queries", "/status", "/nowhere"):
        assert link not in fetch(reader, path).headers.getlist("Link"), path
    assert fetch(reader, "/nowhere", **html).headers.getlist("Link") == []


def test_crawlers_are_told_what_to_leave_alone(reader: FlaskClient) -> None:
    """RFC 9309: a rule is the beginning of a path, `*` anything; the pages may be read."""
    lines = reader.get("/robots.txt").text.splitlines()
    rules = [line.partition(": ")[2] for line in lines if line.startswith("Disallow: ")]
    patterns = [re.escape(rule).replace(r"\*", ".*") for rule in rules]

    def is_left_alone(path: str) -> bool:
        return any(re.match(pattern, path) for pattern in patterns)

    for path in (
        "/sparql?query=ASK{}",
        "/queries/evidence?situation=x",
        "/graphs?default",
        CURRENT,
        "/metrics",
        "/status",
        "/admin/queries",
    ):
        assert is_left_alone(path), path
    for path in ("/", "/sparql", "/queries", "/queries/evidence", "/dump", "/id/state/japan.html"):
        assert not is_left_alone(path), path
    assert f"Sitemap: {HERE}/sitemap.xml" in lines


def test_the_home_page_data_cannot_end_its_element(
    real: Flask, monkeypatch: pytest.MonkeyPatch, built: Build
) -> None:
    """Nothing in it reads as HTML, whatever a text says; as JSON it is what it was."""
    evil = "</script><script>alert(1)</script><!-- & ' \u2028"
    monkeypatch.setattr(about, "DESCRIPTION", evil)
    with real.test_request_context("/"):
        text = flask.render_template_string("{{ dataset_json_ld() }}")

    found = json.loads(text)
    assert not set(text) & set("<>&'")
    assert found["description"] == evil
    assert found["@type"] == "Dataset"
    assert found["version"] == built.hash
    assert [each.get("sha256") for each in found["distribution"]] == [built.hash, None]


def test_the_home_page_describes_the_dataset(reader: FlaskClient) -> None:
    """In one data block, which no policy has to allow."""
    page = reader.get("/", headers={"Accept": "text/html"}).text

    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert [json.loads(block)["@id"] for block in blocks] == [DATASET.value]


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        *product((VOID,), GenerationMode),
        *product(("/queries.ttl", *PLAIN), (GenerationMode.POSITIVE,)),
        ("/dump/{build}/dataset.nq", GenerationMode.POSITIVE),
    ],
)
def test_whatever_is_sent_is_answered_as_documented(
    interface: BaseSchema, path: str, mode: GenerationMode
) -> None:
    """Status, content type and shape, as /openapi.json says."""

    @given(interface[path]["GET"].as_strategy(generation_mode=mode))
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case[Any]) -> None:
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"},
            excluded_checks=[not_a_server_error, positive_data_acceptance],
        )

    check()
