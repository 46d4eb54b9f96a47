"""Turns an engine's request into an HTTP response: the same for every surface that answers queries.

The entity tag is known before the query runs: it names the build, the query, the dataset and the
formats, and a build never changes. So a client that holds the answer costs no evaluation. A query
that asks for the time or for something random has no tag, and nobody keeps its answer.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar
from wsgiref.types import WSGIEnvironment

import flask

from kg.engine.cache import Cache, is_repeatable, key_of
from kg.engine.requests import Answer, Client, Request
from kg.web.compression import coding_for, compress, is_worth_it
from kg.web.observing import ID_HEADER, query_id
from kg.web.services import services

BUILD_HEADER: Final = "KG-Build"

ASKED: Final = "kg.asked"
"""Where the environment of a request holds what gives the answer, or the error, known before."""

VARY: Final = ("Vary", "Accept, Accept-Encoding")

_CLIENT: Final = "kg.client"
"""Where the server puts who waits at the other end of the connection (kg.web.server)."""

_UNKNOWN: Final = "unknown"
_TAG_LENGTH: Final = 32
_EXPOSED: Final = f"ETag, {BUILD_HEADER}, {ID_HEADER}, Link, Retry-After, Server-Timing"

Result = TypeVar("Result")


def respond(request: Request) -> flask.Response:
    """Return the whole answer, or 304 where the client has it. Raises what Engine.answer raises."""
    build = services().engine.build
    tag = entity_tag(request, build) if build and is_repeatable(request.query) else None
    if tag and _has(tag):
        response = flask.Response(status=304)
    else:
        known: Callable[[], Answer] | None = flask.request.environ.pop(ASKED, None)
        answer = known() if known else services().engine.answer(from_here(request))
        if answer.build != build:
            build = answer.build
            tag = entity_tag(request, build) if build and tag else None
        response = _response(answer, tag)
    response.headers.extend(headers_of(build, tag))
    return response


def headers_of(build: str, tag: str | None) -> list[tuple[str, str]]:
    """Return the headers that say what an answer is of, and for how long it holds."""
    found = [("ETag", f'W/"{tag}"')] if tag else []
    if build:
        found.append((BUILD_HEADER, build))
    return [*found, ("Cache-Control", "no-cache" if tag else "no-store")]


def tagged(response: flask.Response, build: str) -> flask.Response:
    """Return a response made of a build: who holds it already gets 304, others keep it so.

    Without a build it may be another one at any time: it has no tag, and nobody keeps it.
    """
    response.vary.add("Accept")
    if not build:
        return unkept(response)
    response.headers[BUILD_HEADER] = build
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(_digest(response.get_data()), weak=True)
    response.make_conditional(flask.request)
    return response


def unkept(response: flask.Response) -> flask.Response:
    """Return a response that nobody keeps: the next one may be another."""
    response.headers.pop("ETag", None)
    response.headers["Cache-Control"] = "no-store"
    return response


def charged(work: Callable[[], Result]) -> Result:
    """Return what `work` returns, paid for by the client. Raises BudgetSpent, and what it raises.

    For work that is no question to the engine, which has its clients pay by itself.
    """
    return services().engine.charged(flask.request.remote_addr or _UNKNOWN, work)


class Asking:
    """An engine for the questions that a request gives rise to: its client answers for them.

    They go to the workers kept for pages, but those that may take seconds, once a build.
    """

    def __init__(self, *, is_reserved: bool = True) -> None:
        """Ask the workers kept for pages too, or those alone that answer queries of any kind."""
        self._is_reserved = is_reserved

    @property
    def build(self) -> str:
        """The hash of the build."""
        return services().engine.build

    def answer(self, request: Request) -> Answer:
        """Return the whole answer; the errors are those of Engine.answer."""
        return services().engine.answer(from_here(request._replace(is_reserved=self._is_reserved)))

    def close(self) -> None:
        """Do nothing: the engine is not the request's own."""


def entity_tag(request: Request, build: str) -> str:
    """Return a tag that is the same exactly where build, query, dataset and formats are."""
    key = repr(key_of(request, build)).encode(errors="surrogatepass")
    return _digest(key)


def share(response: flask.Response) -> flask.Response:
    """Let scripts of any site read the answer, and caches keep the formats apart."""
    headers = response.headers
    headers.add("Access-Control-Allow-Origin", "*")
    headers.add("Access-Control-Expose-Headers", _EXPOSED)
    if flask.request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers["Allow"]
        headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
    if "Accept" not in headers.get("Vary", "").split(", "):
        response.vary.add("Accept")
    return response


def from_here(request: Request) -> Request:
    """Return the request with what the current HTTP request says of who asks."""
    return asked_by(flask.request.environ, request)


def asked_by(environ: WSGIEnvironment, request: Request) -> Request:
    """Return the request with who waits for it, where it comes from, and its id."""
    client: Client | None = environ.get(_CLIENT)
    return request._replace(
        clients=request.clients if client is None else (*request.clients, client),
        address=environ.get("REMOTE_ADDR") or _UNKNOWN,
        id=query_id(environ),
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_TAG_LENGTH]


def _has(tag: str) -> bool:
    """Whether the client says that it holds the answer with this tag."""
    is_read = flask.request.method in ("GET", "HEAD")
    return is_read and tag in flask.request.if_none_match.as_set(include_weak=True)


def _response(answer: Answer, tag: str | None) -> flask.Response:
    """Return the answer, compressed where the client accepts that; a large one goes in parts."""
    is_long = is_worth_it(answer.size, answer.media_type)
    coding = coding_for(flask.request.environ) if is_long else None
    headers = [VARY]
    if coding:
        headers.append(("Content-Encoding", coding))
    if isinstance(answer.content, bytes):
        body = coded(services().engine.cache, answer, coding, tag).body if coding else answer.body
        return flask.Response(body, headers=headers, mimetype=answer.media_type)
    parts = answer.chunks()
    if coding:
        parts = compress(parts, coding)
    else:
        headers.append(("Content-Length", str(answer.size)))
    response = flask.Response(parts, headers=headers, mimetype=answer.media_type)
    response.call_on_close(answer.content.close)
    return response


def coded(cache: Cache, answer: Answer, coding: str, tag: str | None) -> Answer:
    """Return a small answer compressed, and keep it so where it may be asked for again."""
    found = cache.get((tag, coding), Answer) if tag else None
    if found is None:
        content = b"".join(compress(answer.chunks(), coding))
        found = replace(answer, content=content, size=len(content))
        if tag:
            cache.put((tag, coding), found)
    return found
