"""/openapi.json: the HTTP interface as an OpenAPI 3.1 document, made from the saved queries.

What holds for all of HTTP (HEAD, OPTIONS, conditional requests) is told in docs/http.md instead.
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Final

import flask
from flask import Blueprint, Response

from kg.config import Config
from kg.formats import RDF_FORMATS
from kg.saved_queries import Param, SavedQuery, choices
from kg.vocab import shorten
from kg.web import answers
from kg.web.openapi_components import components, format_parameter, parameter, ref
from kg.web.openapi_operations import CHOSEN, KEPT, fixed_paths, operation
from kg.web.openapi_schemas import Json
from kg.web.pictures import MEDIA_TYPES
from kg.web.query_links import offered
from kg.web.services import services

_TITLE: Final = "Diplomacy knowledge graph"
_ABOUT: Final = (
    "Who is represented where, at which level, who met whom, who recognises whom, and who says so: "
    "a read-only RDF dataset with a SPARQL 1.1 endpoint and saved queries."
)
_MOST_INTEGER: Final = 10**18 - 1
"""A parameter takes whole numbers of at most 18 digits."""

_TAG: Final = "Saved queries"

blueprint = Blueprint("openapi", __name__)
blueprint.after_request(answers.share)


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the document."""
    found = services()
    return flask.jsonify(describe_interface(found.config, found.saved_queries.values()))


def describe_interface(config: Config, saved: Iterable[SavedQuery]) -> Json:
    """Return the document about a service with these settings and saved queries."""
    paths = {path: {"get": each} for query in saved for path, each in _operations(query)}
    return {
        "openapi": "3.1.1",
        "info": {"title": _TITLE, "description": _ABOUT, "version": version("diplomacy-kg")},
        "servers": [{"url": config.public_url or "/"}],
        "paths": {**fixed_paths(), **paths},
        "components": components(),
    }


def _operations(query: SavedQuery) -> Iterator[tuple[str, Json]]:
    """Yield the path of a saved query, and those of its picture where it has one."""
    params, forms = [*map(_param, query.params), ref("parameters/timeout")], offered(query)
    own = [*params, format_parameter(forms), ref("parameters/build")]
    kind = "Document" if forms == RDF_FORMATS else "Rows"
    told = operation(query.name, query.title, _TAG, own, f"200:{kind} 409 {CHOSEN}")
    yield f"/queries/{query.name}", {**told, "description": query.description}
    for form in MEDIA_TYPES if query.picture else ():
        name, title = f"{query.name}-as-{form.upper()}", f"{query.title}: picture"
        drawn = operation(name, title, _TAG, params, f"200:{form.upper()} 406 {KEPT}")
        yield f"/queries/{query.name}.{form}", drawn


def _param(param: Param) -> Json:
    described = parameter(param.name, _schema(param), _description(param))
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
