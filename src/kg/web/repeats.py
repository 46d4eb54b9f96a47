"""Answers at once what was asked in the very same words before.

Stands before Flask, because finding out what is asked costs as much as sending the answer: what
came with an entity tag is kept whole, headers included, for as long as the same build is served.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

import flask
from flask import Flask, Response

from kg.engine.front import Front
from kg.web.observing import Observer, current_route

_KEY: Final = "kg.repeat"
_TOLD_APART: Final = frozenset({"accept", "accept-encoding"})
"""The headers that make answers differ; one that varies with others is not kept."""

_NAMES: Final = (
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_HOST",
    "SERVER_PROTOCOL",
)
"""All that an answer depends on."""

_OK: Final = f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"


class _Key(NamedTuple):
    build: str
    words: tuple[str | None, ...]


@dataclass(frozen=True)
class _Kept:
    """An answer as it was sent, without what names the one request."""

    headers: list[tuple[str, str]]
    content: bytes
    route: str
    build: str

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self.content)


class Repeats:
    """WSGI middleware before an application."""

    def __init__(self, app: Flask, front: Front, observer: Observer) -> None:
        """Keep answers in the front's cache; register before anything that changes a response."""
        self._app, self._front, self._observer = app.wsgi_app, front, observer
        app.after_request(self._keep)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, or let the application answer."""
        self._observer.arrive(environ)
        key = environ[_KEY] = _key_of(environ, self._front.build)
        kept = self._front.cache.get(key, _Kept) if key else None
        if kept is None:
            return self._app(environ, start_response)
        own = self._observer.answer_again(environ, kept.route, kept.build, kept.size)
        start_response(_OK, [*kept.headers, *own])
        return [kept.content]

    def _keep(self, response: Response) -> Response:
        key: _Key | None = flask.request.environ.get(_KEY)
        build = response.headers.get("KG-Build", "")
        if key and key.build == build and _can_be_kept(response):
            body = response.get_data()
            kept = _Kept(response.headers.to_wsgi_list(), body, current_route(), build)
            self._front.cache.put(key, kept)
        return response


def _key_of(environ: WSGIEnvironment, build: str) -> _Key | None:
    """Return what is the same exactly where the answer is, or None where nothing is kept."""
    if not build or environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
        return None
    return _Key(build, tuple(map(environ.get, _NAMES)))


def _can_be_kept(response: Response) -> bool:
    varies = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}
    is_whole = response.status_code == HTTPStatus.OK and not response.is_streamed
    return is_whole and "ETag" in response.headers and varies <= _TOLD_APART
