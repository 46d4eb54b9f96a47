"""What the HTTP interface answers, as components of its OpenAPI document: responses and schemas."""

from collections.abc import Mapping
from typing import Any, Final

from kg.formats import RDF_FORMATS, RESULT_FORMATS

Json = dict[str, Any]

_TEXT: Final[Json] = {"schema": {"type": "string"}}
_METRICS: Final = ("text/plain", "application/openmetrics-text")
_FAILURES: Final[Mapping[str, str]] = {
    "BadRequest": "The request is wrong: `code` and `detail` say what, and what to do.",
    "Unauthorized": "This is for operators, who send a token.",
    "Forbidden": "The query calls another service, and this one contacts none.",
    "NotFound": "There is nothing of this name.",
    "NotAcceptable": "The answer has no form in the formats asked for; `detail` lists those.",
    "NoSuchPart": "The file has no such part, or several are asked for.",
    "TooLarge": "The query is too long.",
    "UnsupportedMediaType": "The body is of a kind that is not read here; `detail` lists those.",
    "HeaderTooLarge": "The Accept header is too long.",
    "TooManyRequests": "This client has used up its share; come back after `Retry-After` seconds.",
    "BadGateway": "The engine behind this service did not answer properly.",
    "Unavailable": "Busy, or the query needs too much memory (then without `Retry-After`).",
    "TooSlow": "The query took longer than allowed.",
}


def ref(part: str) -> Json:
    """Return a reference to a component of the document, such as `schemas/Problem`."""
    return {"$ref": f"#/components/{part}"}


def schemas() -> Json:
    """Return the schemas of bodies in JSON, by name."""
    return {
        "Health": _health_schema(),
        "Problem": _problem_schema(),
        "Results": _results_schema(),
    }


def responses() -> Json:
    """Return all that a request can be answered with, by name."""
    failures = {name: _failure(text) for name, text in _FAILURES.items()}
    thing = _json({"type": "object"})
    return {
        "Anything": _answer("The answer; its kind is that of the query.", _rows() | _graphs()),
        "Rows": _answer("The rows, or the boolean.", _rows()),
        "Graph": _answer("The graph.", _graphs()),
        "Listing": _answer("The saved queries.", {"text/html": _TEXT, **thing}),
        "Health": _answer("It is well.", _json(ref("schemas/Health"))),
        "Failing": _answer("No query is answered.", _json(ref("schemas/Health"))),
        "Status": _answer("Build, version, limits and numbers.", thing),
        "Metrics": _answer("The numbers.", dict.fromkeys(_METRICS, _TEXT)),
        "Running": _answer("The queries under way.", thing),
        "Context": _answer("A JSON-LD context.", {"application/ld+json": {}}),
        "Downloads": _answer("What can be downloaded.", {"text/html": _TEXT, **thing}),
        "File": _answer("All graphs of a build.", {"application/n-quads": {}}),
        "Part": _answer("The part that `Range` asks for.", {"application/n-quads": {}}),
        "Sitemap": _answer("The pages.", {"application/xml": {}}),
        "Robots": _answer("What crawlers leave alone.", {"text/plain": _TEXT}),
        "Cancelled": {"description": "The query has been told to end."},
        "NotModified": {"description": "The client has the answer: it sent its tag."},
        **failures,
    }


def _rows() -> Json:
    texts: Json = {each.media_type: _TEXT for each in RESULT_FORMATS}
    return {**texts, RESULT_FORMATS[0].media_type: {"schema": ref("schemas/Results")}}


def _graphs() -> Json:
    return {each.media_type: {} for each in RDF_FORMATS}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _answer(description: str, content: Json) -> Json:
    return {"description": description, "content": content}


def _failure(description: str) -> Json:
    problem: Json = {"schema": ref("schemas/Problem")}
    return _answer(description, {"application/problem+json": problem, "text/html": _TEXT})


def _health_schema() -> Json:
    text = {"type": "string"}
    return {
        "description": "`status` is ok, busy (a query would wait for its turn) or failing.",
        "type": "object",
        "properties": {"status": text, "build": text, "problem": text},
        "required": ["status"],
    }


def _problem_schema() -> Json:
    text, number = {"type": "string"}, {"type": "integer"}
    told = {"type": text, "title": text, "status": number, "detail": text, "code": text}
    place = {"line": number, "column": number}
    return {
        "description": "What is wrong (RFC 9457); `code` stays the same when the words change.",
        "type": "object",
        "properties": {**told, **place},
        "required": list(told),
    }


def _results_schema() -> Json:
    return {
        "description": "SPARQL 1.1 Query Results JSON Format",
        "type": "object",
        "properties": {
            "head": {"type": "object"},
            "results": {"type": "object"},
            "boolean": {"type": "boolean"},
        },
        "required": ["head"],
    }
