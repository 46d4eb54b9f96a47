"""/openapi.json: the HTTP interface as an OpenAPI 3.1 document, made from the saved queries.

What holds for all of HTTP (HEAD, OPTIONS, conditional requests) is told in docs/http.md instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Final

import flask
from flask import Blueprint, Response

from kg.config import Config
from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format
from kg.saved_queries import Param, SavedQuery, choices
from kg.vocab import shorten
from kg.web import answers
from kg.web.openapi_answers import Json, ref, responses, schemas
from kg.web.services import services

_TITLE: Final = "Diplomacy knowledge graph"
_ABOUT: Final = (
    "Who is represented where, at which level, who met whom, who recognises whom, and who says so: "
    "a read-only RDF dataset with a SPARQL 1.1 endpoint and saved queries."
)
_MOST_INTEGER: Final = 10**18 - 1
"""A parameter takes whole numbers of at most 18 digits."""

_ALWAYS: Final = {
    "304": "NotModified",
    "400": "BadRequest",
    "406": "NotAcceptable",
    "429": "TooManyRequests",
    "431": "HeaderTooLarge",
    "502": "BadGateway",
    "503": "Unavailable",
    "504": "TooSlow",
}
"""What every question may be answered with, besides the answer."""

_QUERIED: Final = {**_ALWAYS, "403": "Forbidden", "413": "TooLarge"}

_TOKEN: Final = [{"operator": list[str]()}]
_IN_PATH: Final = {"in": "path", "required": True}

blueprint = Blueprint("openapi", __name__)
blueprint.after_request(answers.share)


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the document."""
    found = services()
    return flask.jsonify(describe_interface(found.config, found.saved_queries.values()))


def describe_interface(config: Config, saved: Iterable[SavedQuery]) -> Json:
    """Return the document about a service with these settings and saved queries."""
    return {
        "openapi": "3.1.1",
        "info": {"title": _TITLE, "description": _ABOUT, "version": version("diplomacy-kg")},
        "servers": [{"url": config.public_url or "/"}],
        "paths": {
            "/sparql": {"get": _query_by_get(), "post": _query_by_post()},
            "/graphs": {"get": _graph()},
            "/queries": {"get": _listing()},
            **{f"/queries/{query.name}": {"get": _saved(query)} for query in saved},
            **_about_itself(),
            **_for_operators(),
        },
        "components": {
            "securitySchemes": {"operator": {"type": "http", "scheme": "bearer"}},
            "parameters": {"timeout": _timeout(config)},
            "schemas": schemas(),
            "responses": responses(),
        },
    }


def _query_by_get() -> Json:
    query = _parameter("query", {"type": "string"}, "A SPARQL 1.1 query.")
    return _operation(
        "queryByGet",
        "Answer a query; without one, describe the endpoint",
        [query, *_dataset(), _format((*RESULT_FORMATS, *RDF_FORMATS)), ref("parameters/timeout")],
        {"200": "Anything", **_QUERIED},
    )


def _query_by_post() -> Json:
    text: Json = {"type": "string", "description": "A SPARQL 1.1 query."}
    form = {name["name"]: name["schema"] for name in _dataset()}
    kinds = {
        "application/sparql-query": {"schema": text},
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "properties": {"query": text, **form},
                "required": ["query"],
            }
        },
    }
    operation = _operation(
        "queryByPost",
        "Answer a query that is too long for a URL",
        [*_dataset(), _format((*RESULT_FORMATS, *RDF_FORMATS)), ref("parameters/timeout")],
        {"200": "Anything", **_QUERIED, "415": "UnsupportedMediaType"},
    )
    return {**operation, "requestBody": {"required": True, "content": kinds}}


def _graph() -> Json:
    iri = {"type": "string", "format": "uri"}
    return _operation(
        "getGraph",
        "Return one graph whole (SPARQL 1.1 Graph Store HTTP Protocol)",
        [
            _parameter("graph", iri, "IRI of a named graph; or give `default`."),
            {
                **_parameter("default", {"type": "string"}, "The default graph; needs no value."),
                "allowEmptyValue": True,
            },
            _format(RDF_FORMATS),
            ref("parameters/timeout"),
        ],
        {"200": "Graph", "404": "NotFound", **_ALWAYS},
    )


def _listing() -> Json:
    return _operation("listQueries", "List the saved queries", [], {"200": "Listing"})


def _saved(query: SavedQuery) -> Json:
    is_graph = query.form in ("CONSTRUCT", "DESCRIBE")
    offered = RDF_FORMATS if is_graph else RESULT_FORMATS
    operation = _operation(
        query.name,
        query.title,
        [*map(_param, query.params), _format(offered), ref("parameters/timeout")],
        {"200": "Graph" if is_graph else "Rows", **_ALWAYS},
    )
    return {**operation, "description": query.description, "tags": ["Saved queries"]}


def _about_itself() -> Json:
    """Return the paths that describe the dataset and give it away."""
    graph, kept = {"200": "Graph", **_ALWAYS}, {"304": "NotModified"}
    void = _operation("getVoid", "Describe the dataset in VoID", [_format(RDF_FORMATS)], graph)
    context = _operation("getContext", "For JSON-LD", [], {"200": "Context", **_ALWAYS})
    sitemap = _operation("getSitemap", "List the pages", [], {"200": "Sitemap", **_ALWAYS})
    robots = _operation("getRobots", "Tell crawlers the rules", [], {"200": "Robots", **kept})
    listing = _operation("listDumps", "List the downloads", [], {"200": "Downloads"})
    return {
        "/.well-known/void": {"get": void},
        **{f"/queries.{each.extension}": {"get": _queries(each)} for each in RDF_FORMATS},
        "/context.jsonld": {"get": context},
        "/sitemap.xml": {"get": sitemap},
        "/robots.txt": {"get": robots},
        "/dump": {"get": listing},
        "/dump/{build}/dataset.nq": {"get": _dump()},
    }


def _queries(each: Format) -> Json:
    name, summary = f"getQueriesAs-{each.name}", f"Describe the saved queries: {each.media_type}"
    return _operation(name, summary, [], {"200": "Graph", "304": "NotModified"})


def _dump() -> Json:
    build = {"type": "string", "pattern": "^([0-9a-f]{12,64}|current)$"}
    name = {**_parameter("build", build, "`current`, or how its hash begins."), **_IN_PATH}
    found = {"200": "File", "206": "Part", "304": "NotModified"}
    missing = {"404": "NotFound", "416": "NoSuchPart"}
    return _operation("getDump", "Download all graphs of a build", [name], {**found, **missing})


def _for_operators() -> Json:
    """Return the paths that tell how the service is, and the two that take a token."""
    health = {"200": "Health", "503": "Failing"}
    running = {"200": "Running", "401": "Unauthorized", "404": "NotFound"}
    cancelled = {"204": "Cancelled", "401": "Unauthorized", "404": "NotFound"}
    identifier = {**_parameter("id", {"type": "string"}, "Of the list."), **_IN_PATH}
    listed = _operation("listRunning", "List the queries under way", [], running)
    cancel = _operation("cancelRunning", "End a query under way", [identifier], cancelled)
    return {
        "/health": {"get": _operation("getHealth", "Tell whether a query is answered", [], health)},
        "/health/ready": {"get": _operation("getReady", "The same as /health", [], health)},
        "/health/live": {
            "get": _operation("getLive", "Tell that the process lives", [], {"200": "Health"})
        },
        "/status": {"get": _operation("getStatus", "Tell the limits", [], {"200": "Status"})},
        "/metrics": {"get": _operation("getMetrics", "For Prometheus", [], {"200": "Metrics"})},
        "/admin/queries": {"get": {**listed, "security": _TOKEN}},
        "/admin/queries/{id}": {"delete": {**cancel, "security": _TOKEN}},
    }


def _operation(
    name: str, summary: str, parameters: Sequence[Json], answered: Mapping[str, str]
) -> Json:
    """Return an operation; those of saved queries have their names, which have no capitals."""
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {each: ref(f"responses/{answered[each]}") for each in sorted(answered)},
    }


def _parameter(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _param(param: Param) -> Json:
    described = _parameter(param.name, _schema(param), _description(param))
    extra: Json = {"required": True} if param.is_required else {}
    if param.example:
        extra["example"] = int(param.example) if param.type == "integer" else param.example
    return {**described, **extra}


def _description(param: Param) -> str:
    label = param.label[:1].upper() + param.label[1:]
    kinds = ", ".join(map(shorten, param.classes))
    what = f"IRI, prefixed name, code or label of: {kinds}." if kinds else ""
    return " ".join(filter(None, (f"{label}.", param.description, what)))


def _schema(param: Param) -> Json:
    """Return what a value must be; an empty one is none."""
    default = {"default": param.default} if param.default else {}
    match param.type:
        case "integer":
            least = -_MOST_INTEGER if param.min is None else param.min
            most = _MOST_INTEGER if param.max is None else param.max
            number = {"default": int(param.default)} if param.default else {}
            return {"type": "integer", "minimum": least, "maximum": most, **number}
        case "date" if param.partial:
            return {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$", **default}
        case "date":
            return {"type": "string", "format": "date", **default}
        case "enum":
            return {"type": "string", "enum": list(choices(param)), **default}
        case _:
            return {"type": "string", **default}


def _dataset() -> list[Json]:
    several = {"type": "array", "items": {"type": "string", "format": "uri"}}
    return [
        _parameter("default-graph-uri", several, "A graph of the default graph; may be repeated."),
        _parameter("named-graph-uri", several, "A named graph to ask; may be repeated."),
    ]


def _format(offered: Sequence[Format]) -> Json:
    names = {"type": "string", "enum": [each.name for each in offered]}
    return _parameter("format", names, "Format of the answer; goes before the Accept header.")


def _timeout(config: Config) -> Json:
    seconds = {"type": "number", "exclusiveMinimum": 0}
    most = f"Seconds that the query may take; at most {config.query_timeout:g} count."
    return _parameter("timeout", seconds, most)
