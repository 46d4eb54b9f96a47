"""What the response of an engine elsewhere means before its body is read: an answer, or an error.

The words of the other side are not repeated: they may hold addresses, or pages of any size.
"""

import re
from http import HTTPStatus
from typing import Final

from kg.engine.remote_http import Response
from kg.errors import BackendError, EngineBusy, EngineUnavailable, PartialResult, QuerySyntaxError

_PLACES: Final = (
    re.compile(rb"at (?P<line>\d{1,6}):(?P<column>\d{1,6})"),
    re.compile(rb"line (?P<line>\d{1,6})(?:,? column (?P<column>\d{1,6}))?", re.IGNORECASE),
)
"""How engines name the place of a syntax error: Oxigraph; Virtuoso, Jena and RDF4J."""

_LOOKED_AT: Final = 4096
"""Bytes of an error that are searched for its place."""

_PARTIAL_STATE: Final = "S1TAT"
"""Virtuoso's state for an answer that it ended early ("anytime" queries)."""


def check_response(response: Response, media_type: str, before: int) -> None:
    """Return only where the response claims to be a whole answer in `media_type`.

    `before` is the number of characters that were put before the first line of the query. Raises
    QuerySyntaxError, EngineUnavailable or BackendError otherwise.
    """
    if response.status != HTTPStatus.OK:
        _refuse(response, before)
    if response.headers.get("x-sql-state") == _PARTIAL_STATE:
        raise PartialResult("the remote engine ended the query early, with a part of the answer")
    if "x-sparql-maxrows" in response.headers:
        raise PartialResult("the remote engine left out rows beyond its own limit; add LIMIT")
    found = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != media_type:
        raise BackendError(
            f"the remote engine answered in another format than {media_type}; check KG_ENGINE_URL"
        )
    if media_type == "application/n-triples" and not response.is_end_known:
        raise BackendError("the remote engine does not say where its answer ends")


def _refuse(response: Response, before: int) -> None:
    match response.status:
        case HTTPStatus.BAD_REQUEST:
            raise _syntax_error(response, before)
        case HTTPStatus.PARTIAL_CONTENT:
            raise PartialResult("the remote engine sent a part of the answer only")
        case HTTPStatus.TOO_MANY_REQUESTS:
            raise EngineBusy("the remote engine takes no more queries now; try again in a moment")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            raise EngineUnavailable("the remote engine is not available now; try again")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            raise BackendError("the remote engine refuses who asks; check KG_ENGINE_URL")
        case status:
            raise BackendError(f"the remote engine answered with the status {int(status)}")


def _syntax_error(response: Response, before: int) -> QuerySyntaxError:
    start = response.start(_LOOKED_AT)
    found = next((place for each in _PLACES if (place := each.search(start))), None)
    if found is None:
        return QuerySyntaxError("the remote engine does not understand the query")
    line = int(found["line"])
    column = int(found["column"]) if found["column"] else None
    if column is not None and line == 1:
        column = max(column - before, 1)
    where = f"line {line}" + (f", column {column}" if column else "")
    return QuerySyntaxError(f"{where}: the remote engine does not understand this", line, column)
