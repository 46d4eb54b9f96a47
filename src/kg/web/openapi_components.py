"""The parts that operations of the OpenAPI document share: parameters and responses."""

from collections.abc import Mapping, Sequence
from typing import Final

from kg.formats import HTML, JSON, RDF_FORMATS, RESULT_FORMATS, Format
from kg.searching import GROUPS
from kg.vocab import REGISTRY_GRAPH
from kg.web.linked_data import OFFERED
from kg.web.openapi_schemas import NUMBER, TEXT, Json, schemas
from kg.web.search import LONGEST

_LAST_PAGE: Final = 999_999
"""A page has a number of at most six digits."""

_ROWS: Final = tuple(each.media_type for each in RESULT_FORMATS)
_GRAPHS: Final = tuple(each.media_type for each in RDF_FORMATS)
_PAGE: Final = HTML.media_type
_JSON: Final = "application/json"

_ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "Answer": ("What the query asks for; a page for people.", *_ROWS, *_GRAPHS, _PAGE),
    "Rows": ("The rows, or the boolean; a page for people.", *_ROWS, _PAGE),
    "Graph": ("The graph.", *_GRAPHS),
    "Document": ("The graph; a page for people.", *_GRAPHS, _PAGE),
    "Page": ("A page for people.", _PAGE),
    "SVG": ("The picture.", "image/svg+xml"),
    "PNG": ("The picture.", "image/png"),
    "Listing": ("The saved queries; a page for people.", _JSON, _PAGE),
    "Found": ("What was found; a page for people.", _JSON, _PAGE),
    "Suggestions": ("Up to eight names.", "application/x-suggestions+json"),
    "Completions": ("The names.", _JSON),
    "OpenSearch": ("How to search here.", "application/opensearchdescription+xml"),
    "Context": ("The context.", "application/ld+json"),
    "Downloads": ("The files; a page for people.", _JSON, _PAGE),
    "File": ("The file.", "application/n-quads"),
    "Sitemap": ("The pages.", "application/xml"),
    "Robots": ("What crawlers leave alone.", "text/plain"),
    "Interface": ("This document.", _JSON),
    "Health": ("`ok`; `busy`, where a query would wait for its turn; or `failing`.", _JSON),
    "Status": ("Build, version, limits and numbers.", _JSON),
    "Metrics": ("The numbers.", "text/plain", "application/openmetrics-text"),
    "Running": ("The queries under way.", _JSON),
    "204": ("The query has been told to end.",),
    "206": ("The part that `Range` asks for.", "application/n-quads"),
    "301": ("The page has another address: `Location`.", _PAGE),
    "303": ("What is asked for stands elsewhere: `Location`.", _PAGE),
    "304": ("The client has the answer: it sent its tag.",),
}
"""What a request is answered with where nothing is wrong: in words, and its media types."""

_FAILURES: Final[Mapping[str, str]] = {
    "400": "The request is wrong: `code` and `detail` say what, and what to do.",
    "401": "This is for operators, who send a token.",
    "403": "The query calls another service, and this one contacts none.",
    "404": "There is nothing of this name, or no such page.",
    "406": "The answer has no form in the formats asked for; `detail` lists those.",
    "409": "`build` names another build than the one that is served.",
    "410": "The IRI is withdrawn; `Link` says what replaces it, where something does.",
    "413": "The query is too long.",
    "415": "The body is of a kind that is not read here; `detail` lists those.",
    "416": "The file has no such part, or several are asked for.",
    "429": "This client has used up its share; come back after `Retry-After` seconds.",
    "431": "The Accept header is too long.",
    "502": "The engine behind this service did not answer properly.",
    "503": "Busy, or the query needs too much memory (then without `Retry-After`).",
    "504": "The query took longer than allowed.",
}
_SCHEMAS: Final[Mapping[str, str]] = {
    "application/sparql-results+json": "Results",
    "application/x-suggestions+json": "Suggestions",
    "application/problem+json": "Problem",
}
"""The schema of a media type; that of plain JSON has the name of the answer."""


def ref(part: str) -> Json:
    """Return a reference to a component of the document, such as `schemas/Problem`."""
    return {"$ref": f"#/components/{part}"}


def parameter(name: str, schema: Json, description: str, **more: object) -> Json:
    """Return a parameter that stands behind the `?` of an address and may be left out."""
    return {"name": name, "in": "query", "schema": schema, "description": description, **more}


def format_parameter(offered: Sequence[Format]) -> Json:
    """Return the parameter that chooses among formats."""
    names = {**TEXT, "enum": [each.name for each in offered]}
    return parameter("format", names, "Format of the answer; goes before the Accept header.")


def part_of_path(name: str, schema: Json, example: str) -> Json:
    """Return a parameter that is a part of the path."""
    told = parameter(name, schema, "As in the example.", required=True, example=example)
    return {**told, "in": "path"}


def components() -> Json:
    """Return all parts by kind and name; responses but the good ones have their statuses."""
    failed = {name: (text, "application/problem+json", _PAGE) for name, text in _FAILURES.items()}
    responses = {**_ANSWERS, **failed}
    return {
        "securitySchemes": {"operator": {"type": "http", "scheme": "bearer"}},
        "parameters": _parameters(),
        "schemas": schemas(),
        "responses": {name: _response(name, *told) for name, told in responses.items()},
    }


def _response(name: str, description: str, *media_types: str) -> Json:
    content = {each: _shape(_SCHEMAS.get(each, name * (each == _JSON))) for each in media_types}
    return {"description": description, **({"content": content} if content else {})}


def _shape(schema: str) -> Json:
    return {"schema": ref(f"schemas/{schema}")} if schema else {}


def _parameters() -> Json:
    iri = {**TEXT, "format": "uri"}
    iris = {"type": "array", "items": iri}
    seconds = {"type": "number", "exclusiveMinimum": 0}
    build = {**TEXT, "pattern": "^[0-9a-f]{12,64}$"}
    page = {**NUMBER, "minimum": 1, "maximum": _LAST_PAGE}
    found = (
        parameter("query", TEXT, "A SPARQL 1.1 query."),
        parameter("default-graph-uri", iris, "A graph of the default graph; may be repeated."),
        parameter("named-graph-uri", iris, "A named graph to ask; may be repeated."),
        parameter("timeout", seconds, "Seconds the query may take; /status has the most."),
        parameter("build", build, "The build to ask, by its hash or how that begins; else 409."),
        parameter("graph", iri, "A named graph; or give `default`.", example=REGISTRY_GRAPH),
        parameter("default", TEXT, "The default graph; needs no value.", allowEmptyValue=True),
        parameter("q", {**TEXT, "maxLength": LONGEST}, "Words of a name, or how they begin."),
        parameter("in", {**TEXT, "enum": ["", *GROUPS]}, "Find these alone."),
        parameter("standing", TEXT, "Show situations of this standing alone."),
        parameter("page", page, "Which page; the Link header leads from one to the next."),
    )
    return {
        **{each["name"]: each for each in found},
        "format-of-any": format_parameter((*RESULT_FORMATS, *RDF_FORMATS)),
        "format-of-graph": format_parameter(RDF_FORMATS),
        "format-of-list": format_parameter((JSON, HTML)),
        "format-of-queries": format_parameter((JSON, HTML, *RDF_FORMATS)),
        "format-of-document": format_parameter(OFFERED),
        "ending-of-graph": _ending(RDF_FORMATS),
        "ending-of-document": _ending(OFFERED),
    }


def _ending(offered: Sequence[Format]) -> Json:
    endings = [each.extension for each in offered]
    return part_of_path("ending", {**TEXT, "enum": endings}, endings[0])
