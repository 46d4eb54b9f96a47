"""What the service says of itself to programs: VoID and DCAT, saved queries, context, sitemap."""

from collections.abc import Iterator
from typing import Final

import flask
from flask import Blueprint, Response
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from kg.catalogue.context import read_context
from kg.catalogue.counts import count
from kg.catalogue.dumps import Dump
from kg.catalogue.executables import describe_queries
from kg.catalogue.schema_org import describe_for_search
from kg.catalogue.sitemap import PART, count_pages, things_with_pages
from kg.catalogue.surfaces import Surfaces
from kg.catalogue.void import describe_dataset
from kg.formats import BY_EXTENSION, JSON_LD, RDF_FORMATS
from kg.web import answers, documents
from kg.web.addresses import path_of
from kg.web.downloads import name_file
from kg.web.dumps import current_dump, dump_address
from kg.web.paging import Paging, read_page, turn_to, with_values
from kg.web.parameters import address, chosen_form, one_of, read_parameters
from kg.web.services import services

_PAGES: Final = (
    "home.home",
    "browse.listing",
    "queries.listing",
    "sparql.get",
    "dumps.listing",
)

_ROBOTS: Final = """\
User-agent: *
Disallow: /admin/
Disallow: /dump/
Disallow: /graphs
Disallow: /metrics
Disallow: /queries/*?
Disallow: /search?
Disallow: /sparql?
Disallow: /status

Sitemap: {sitemap}
"""
"""Pages may be read; what costs much and says nothing of its own may not."""

blueprint = Blueprint("self_description", __name__)
blueprint.after_request(answers.share)
blueprint.after_request(name_file)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Describe the dataset of the build that is served, in VoID and DCAT."""
    graph = chosen_form(read_parameters(flask.request.query_string), RDF_FORMATS)
    counts, dump = count(_patient()), current_dump()
    triples = describe_dataset(counts, _surfaces(dump), dump)
    return documents.respond_rdf(triples, graph, counts.build)


@blueprint.get(f"/queries.<any({', '.join(BY_EXTENSION)}):extension>")
def queries(extension: str) -> Response:
    """Describe the saved queries in RDF."""
    saved = services().saved_queries.values()
    triples = describe_queries(saved, _surfaces(current_dump()))
    build = services().engine.build
    return documents.respond_rdf(triples, BY_EXTENSION[extension], build)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Return the JSON-LD context of the graph."""
    build = services().engine.build
    text = flask.json.dumps(read_context(_patient()), indent=2)
    return documents.respond(text.encode(), JSON_LD.media_type, build)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages, as sitemaps.org says; where they are many, list the parts (`page`)."""
    build, dump = services().engine.build, current_dump()
    parameters, at = read_parameters(flask.request.query_string), flask.url_for(".sitemap")
    part = turn_to(
        read_page(parameters),
        count_pages(_patient()),
        PART,
        lambda number: with_values(at, {"page": number}),
    )
    is_index = part.last > 1 and one_of(parameters, "page") is None
    paths = map(part.address, range(1, part.last + 1)) if is_index else _pages(part)
    text = flask.render_template(
        "sitemap.xml",
        urls=map(address, paths),
        kind="sitemap" if is_index else "url",
        changed=dump.created if dump else "",
    )
    return documents.respond(text.encode(), "application/xml", build)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what to leave alone (RFC 9309)."""
    text = _ROBOTS.format(sitemap=address(flask.url_for("self_description.sitemap")))
    return documents.respond(text.encode(), "text/plain", services().engine.build)


@blueprint.app_template_global()
def dataset_json_ld() -> Markup:
    """Return the dataset in JSON-LD for a script element: nothing in it can end the element."""
    dump = current_dump()
    found = describe_for_search(services().engine.build, _surfaces(dump), dump)
    return htmlsafe_json_dumps(found, sort_keys=False)


def _patient() -> answers.Asking:
    """Return the engine for what may take seconds of a large build, and is kept as long as that."""
    return answers.Asking(is_reserved=False)


def _pages(part: Paging) -> Iterator[str]:
    """Yield the paths of a part of the sitemap; those that every build has stand in the first."""
    if part.number == 1:
        yield from map(flask.url_for, _PAGES)
    for iri in things_with_pages(_patient(), part.skipped, part.size):
        yield f"{path_of(iri)}.html"


def _surfaces(dump: Dump | None) -> Surfaces:
    return Surfaces(
        home=address(flask.url_for("home.home")),
        void=address(flask.url_for("self_description.void")),
        sparql=address(flask.url_for("sparql.get")),
        graphs=address(flask.url_for("graph_store.get")),
        openapi=address(flask.url_for("openapi.document")),
        queries=address(flask.url_for("queries.listing")),
        dumps=address(flask.url_for("dumps.listing")),
        dump=dump_address(dump) if dump else "",
    )
