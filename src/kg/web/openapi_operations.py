"""The operations of the OpenAPI document, but for those of saved queries: one table.

tests/test_openapi.py compares it with the routes, and asks every address with its examples.
"""

import re
from collections.abc import Mapping
from typing import Final

from kg.formats import RDF_FORMATS
from kg.web.openapi_components import part_of_path, ref
from kg.web.openapi_schemas import TEXT, Json

_ENGINE: Final = "400 429 502 503 504"
"""What goes wrong wherever the graph is asked."""

KEPT: Final = f"304 {_ENGINE}"
"""The same, where the client may hold the answer already."""

CHOSEN: Final = f"{KEPT} 406 431"
"""The same, where the answer has several forms."""

_SPARQL: Final = "default-graph-uri&named-graph-uri&format-of-any&timeout"
_THINGS: Final = (
    "/id/{kind=state}/{name=pakistan}",
    "/claim/{source=000}/{number=1}",
    "/claim/{source=000}/{number=1}/{part=target}",
    "/proposition/{source=000}/{name=designation-by-pakistan}",
    "/source/{source=000}",
    "/source/{source=000}/{part=sentence}/{number=1}",
    "/vocab/{name=accepted}",
    "/graph/{name=registry}",
)

_TABLE: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "SPARQL": {
        f"GET /sparql?query&{_SPARQL}": ("Answer a query", f"200:Answer 403 413 {CHOSEN}"),
        f"POST /sparql?{_SPARQL}": ("Answer a long query", f"200:Answer 403 413 415 {CHOSEN}"),
        "GET /sparql/completions.json": ("Names for an editor", f"200:Completions {KEPT}"),
        "GET /graphs?graph&default&format-of-graph&timeout": (
            "Return a graph whole (SPARQL 1.1 Graph Store HTTP Protocol)",
            f"200:Graph 404 {CHOSEN}",
        ),
    },
    "Saved queries": {
        "GET /queries?format-of-queries": (
            "List the saved queries",
            "200:Listing 303 304 400 406 431",
        ),
        **{
            f"GET /queries.{each.extension}": (f"List them in {each.media_type}", "200:Graph 304")
            for each in RDF_FORMATS
        },
    },
    "Search": {
        "GET /search?q&in&page&format-of-list": ("Find by name", f"200:Found 404 {CHOSEN}"),
        "GET /search/suggest?q": ("Suggest up to eight names", f"200:Suggestions {KEPT}"),
        "GET /opensearch.xml": ("Tell browsers how to search", "200:OpenSearch"),
    },
    "Linked data": {
        **{
            f"GET {each}?format-of-document": (
                "Lead to a document about what the IRI names",
                f"303 404 406 410 431 {_ENGINE}",
            )
            for each in _THINGS
        },
        **{
            f"GET {each}.{{ending-of-document}}?page": (
                "Return a document about what the IRI names",
                f"200:Document 303 404 410 {KEPT}",
            )
            for each in _THINGS
        },
        "GET /ontology?format-of-document&page": (
            "Return the ontology, or lead people to its page",
            f"200:Graph 303 404 410 {CHOSEN}",
        ),
        "GET /ontology/{version=0.1.0}?format-of-document&page": (
            "Return the version that is served",
            f"200:Graph 303 404 410 {CHOSEN}",
        ),
        "GET /ontology.{ending-of-graph}?page": (
            "Return the ontology in one form",
            f"200:Graph 404 410 {KEPT}",
        ),
    },
    "Pages": {
        "GET /": ("Home", f"200:Page {KEPT}"),
        "GET /browse": ("The classes", f"200:Page {KEPT}"),
        "GET /browse/{class=State}?standing&page": ("The things of one", f"200:Page 404 {KEPT}"),
        "GET /ontology.html": ("The ontology", f"200:Page 404 {KEPT}"),
        "GET /ontology/term/{name=State}": ("A term of it", f"200:Page 301 404 {KEPT}"),
        "GET /ontology/changes": ("What changed in it", "200:Page 304"),
        "GET /vocab": ("Lead to the value lists", "303"),
        "GET /vocab.html": ("The value lists", f"200:Page 404 {KEPT}"),
    },
    "The dataset": {
        "GET /.well-known/void?format-of-graph": ("VoID and DCAT", f"200:Graph {CHOSEN}"),
        "GET /context.jsonld": ("The JSON-LD context of the graph", f"200:Context {KEPT}"),
        "GET /dump?format-of-list": ("List the files", "200:Downloads 400 406 431"),
        "GET /dump/{build=current}/dataset.nq": (
            "Download all graphs of a build",
            "200:File 206 304 404 416",
        ),
        "GET /sitemap.xml?page": ("List the pages, or its own parts", f"200:Sitemap 404 {KEPT}"),
        "GET /robots.txt": ("Tell crawlers what to leave alone", "200:Robots 304"),
    },
    "The service": {
        "GET /openapi.json": ("This document", "200:Interface"),
        "GET /health": ("Whether a query is answered", "200:Health 503:Health"),
        "GET /health/ready": ("The same", "200:Health 503:Health"),
        "GET /health/live": ("Whether the process lives", "200:Health"),
        "GET /status": ("Build, version, limits and numbers", "200:Status"),
        "GET /metrics": ("The numbers, for Prometheus", "200:Metrics"),
        "GET /admin/queries": ("List the queries under way", "200:Running 401 404"),
        "DELETE /admin/queries/{id=0}": ("End a query under way", "204 401 404"),
    },
}
"""By tag: each address, with examples of its parts and the names of its parameters; what it is for;
and the statuses of its answers, with the name of the response where that is another."""

_PART: Final = re.compile(r"\{([\w-]+)=?([^}]*)\}")


def fixed_paths() -> Json:
    """Return the paths that are there with any saved queries."""
    paths: dict[str, Json] = {}
    for tag, operations in _TABLE.items():
        for address, (summary, answers) in operations.items():
            method, path, parameters = _read(address)
            name = method + ("".join(map(str.capitalize, re.findall(r"\w+", path))) or "Home")
            told = operation(name, summary, tag, parameters, answers)
            paths.setdefault(path, {})[method] = told
            if path.startswith("/admin/"):
                told["security"] = [{"operator": []}]
    paths["/sparql"]["post"]["requestBody"] = _body()
    return paths


def operation(name: str, summary: str, tag: str, parameters: list[Json], answers: str) -> Json:
    """Return an operation; those of saved queries have their names, which have no capitals."""
    told = (each.partition(":") for each in sorted(answers.split()))
    responses = {status: ref(f"responses/{other or status}") for status, _, other in told}
    return {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "parameters": parameters,
        "responses": responses,
    }


def _read(address: str) -> tuple[str, str, list[Json]]:
    """Return the method, the path and the parameters of an address in the table."""
    method, _, target = address.partition(" ")
    path, _, query = target.partition("?")
    parts = _PART.findall(path)
    own = [part_of_path(name, {**TEXT, "pattern": "^[^/]+$"}, e) for name, e in parts if e]
    shared = [*(name for name, example in parts if not example), *filter(None, query.split("&"))]
    plain = _PART.sub(lambda part: "{" + part[1].partition("-")[0] + "}", path)
    return method.lower(), plain, [*own, *(ref(f"parameters/{name}") for name in shared)]


def _body() -> Json:
    """Return what POST takes: the query in a form, or as the body itself."""
    query = {**TEXT, "description": "A SPARQL 1.1 query."}
    iris = {"type": "array", "items": {**TEXT, "format": "uri"}}
    form = {"query": query, "default-graph-uri": iris, "named-graph-uri": iris}
    forms = {"type": "object", "properties": form, "required": ["query"]}
    kinds = {"application/sparql-query": query, "application/x-www-form-urlencoded": forms}
    content = {kind: {"schema": schema} for kind, schema in kinds.items()}
    return {"required": True, "content": content}
