"""What was asked before in the very same words, and what was answered.

What came with an entity tag is kept whole, headers included, for as long as the same build is
served: finding out what is asked would cost as much as sending the answer.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, NamedTuple
from wsgiref.types import WSGIEnvironment

import flask
from flask import Response

from kg.engine.cache import Cache
from kg.web.observing import current_route

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


class _Key(NamedTuple):
    build: str
    words: tuple[str | None, ...]


@dataclass(frozen=True)
class Kept:
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
    """What was answered, in the words it was asked in."""

    def __init__(self, cache: Cache) -> None:
        """Keep answers in a cache that others may use too."""
        self._cache = cache

    def find(self, environ: WSGIEnvironment, build: str) -> Kept | None:
        """Return what was answered before; what is answered now may be kept as the next."""
        key = environ[_KEY] = _key_of(environ, build)
        return self._cache.get(key, Kept) if key else None

    def keep(self, environ: WSGIEnvironment, answer: Kept) -> None:
        """Keep an answer with an entity tag, where it may be asked for again."""
        key = _key_in(environ, answer.build)
        if key:
            self._cache.put(key, answer)

    def keep_response(self, response: Response) -> Response:
        """Keep the answer of an application; register before anything that changes it."""
        environ, build = flask.request.environ, response.headers.get("KG-Build", "")
        if _key_in(environ, build) and _can_be_kept(response):
            headers = response.headers.to_wsgi_list()
            self.keep(environ, Kept(headers, response.get_data(), current_route(), build))
        return response


def _key_of(environ: WSGIEnvironment, build: str) -> _Key | None:
    """Return what is the same exactly where the answer is, or None where nothing is kept."""
    if not build or environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
        return None
    return _Key(build, tuple(map(environ.get, _NAMES)))


def _key_in(environ: WSGIEnvironment, build: str) -> _Key | None:
    """Return the key of a request, where it was asked of this build and its answer may be kept."""
    key: _Key | None = environ.get(_KEY)
    return key if key and key.build == build else None


def _can_be_kept(response: Response) -> bool:
    varies = {name.strip().lower() for name in response.headers.get("Vary", "").split(",")}
    is_whole = response.status_code == HTTPStatus.OK and not response.is_streamed
    return is_whole and "ETag" in response.headers and varies <= _TOLD_APART
