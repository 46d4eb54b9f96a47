"""Turns an engine's request into an HTTP response: the same for every surface that answers queries.

The entity tag is known before the query runs: it names the build, the query, the dataset and the
formats, and a build never changes. So a client that holds the answer costs no evaluation.
"""

import hashlib

import flask

from kg.engine.requests import Request
from kg.web.services import services

BUILD_HEADER = "KG-Build"


def respond(request: Request) -> flask.Response:
    """Return the whole answer, or 304 where the client has it. Raises what Engine.answer raises."""
    engine = services().engine
    tag = entity_tag(request, engine.build)
    if _has(tag):
        response = flask.Response(status=304)
    else:
        answer = engine.answer(request)
        response = flask.Response(answer.body, mimetype=answer.media_type)
    response.set_etag(tag, weak=True)
    response.headers[BUILD_HEADER] = engine.build
    response.cache_control.no_cache = True
    return response


def _has(tag: str) -> bool:
    """Whether the client says that it holds the answer with this tag."""
    is_read = flask.request.method in ("GET", "HEAD")
    return is_read and tag in flask.request.if_none_match.as_set(include_weak=True)


def entity_tag(request: Request, build: str) -> str:
    """Return a tag that is the same exactly where build, query, dataset and formats are."""
    parts = (
        build,
        request.query,
        request.rows and request.rows.media_type,
        request.graph and request.graph.media_type,
        request.default_graphs,
        request.named_graphs,
    )
    return hashlib.sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def share(response: flask.Response) -> flask.Response:
    """Let scripts of any site read the answer, and caches keep the formats apart."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = f"ETag, {BUILD_HEADER}"
    if flask.request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    response.vary.add("Accept")
    return response
