"""Compresses answers as the client accepts it (RFC 9110, section 12.5.3).

The process that does it serves everybody, so it works in slices and lets the others go on between
them; the levels are the quick ones.
"""

import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Final
from wsgiref.types import WSGIEnvironment

import brotli
import flask
from flask import Response
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODINGS: Final = ("zstd", "br", "gzip")
"""The quickest first: it is taken where a client likes several as much."""

LEAST_BYTES: Final = 1024
"""A smaller answer fits into one packet as it is."""

_MOST_CHARACTERS: Final = 1000
"""Of a header that is read; reading a long one would keep all others waiting."""

_SLICE: Final = 1 << 16
_BROTLI_QUALITY: Final = 3
_ZSTD_LEVEL: Final = 1
_GZIP_LEVEL: Final = 1
_GZIP_WINDOW: Final = 31
"""zlib: 15 for the largest window, and 16 more for the gzip form."""

_TEXTS: Final = ("json", "xml", "javascript", "n-triples", "n-quads", "trig", "n3")


def coding_for(environ: WSGIEnvironment) -> str | None:
    """Return the coding that a request likes best, or None for none.

    HTTP/1.0 has none: without a length, a client there could not tell a cut answer from a whole.
    """
    header = environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(header) > _MOST_CHARACTERS or environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return None
    return _choose(header)


@lru_cache(maxsize=100)
def _choose(header: str) -> str | None:
    accepted = parse_accept_header(header, Accept)
    liked = max(CODINGS, key=accepted.quality)
    as_it_is = dict(accepted).get("identity", 0)
    quality = accepted.quality(liked)
    return liked if quality > 0 and quality >= as_it_is else None


def is_worth_it(size: int, media_type: str | None) -> bool:
    """Whether an answer is text, and long enough."""
    kind = media_type or ""
    return size >= LEAST_BYTES and (
        kind.startswith("text/") or any(kind.endswith(text) for text in _TEXTS)
    )


def compress(parts: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield `parts` compressed."""
    take, finish = _compressor(coding)
    for part in parts:
        for start in range(0, len(part), _SLICE):
            if out := take(part[start : start + _SLICE]):
                yield out
            time.sleep(0)  # others go on
    yield finish()


def compress_response(response: Response) -> Response:
    """Compress what is not compressed yet."""
    if "Accept-Encoding" not in response.headers.get("Vary", ""):
        response.vary.add("Accept-Encoding")
    is_plain = response.status_code == HTTPStatus.OK and not response.content_encoding
    coding = coding_for(flask.request.environ) if is_plain else None
    if coding and is_worth_it(response.content_length or 0, response.mimetype):
        parts = compress(response.iter_encoded(), coding)
        del response.headers["Content-Length"]
        if response.is_streamed:
            response.response = parts
        else:
            response.set_data(b"".join(parts))
        response.headers["Content-Encoding"] = coding
    return response


def _compressor(coding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    match coding:
        case "zstd":
            by_zstd = zstd.ZstdCompressor(level=_ZSTD_LEVEL)
            return by_zstd.compress, by_zstd.flush
        case "br":
            by_brotli = brotli.Compressor(quality=_BROTLI_QUALITY)
            return by_brotli.process, by_brotli.finish
        case _:
            by_zlib = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
            return by_zlib.compress, by_zlib.flush
