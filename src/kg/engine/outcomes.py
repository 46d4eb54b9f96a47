"""What a worker's reply, or its death, means to who asked: an answer or an error. Pure."""

import re
import signal
from difflib import get_close_matches
from typing import BinaryIO, Final, cast

from kg.engine.channel import Reply
from kg.engine.requests import Answer, Kind, Request
from kg.engine.tokens import tokenize
from kg.errors import (
    EngineUnavailable,
    MemoryExceeded,
    NotAcceptable,
    NotRepresentable,
    QueryError,
    QueryRefused,
    QuerySyntaxError,
    QueryTooComplex,
    QueryTooLarge,
    ResultTooLarge,
    ServiceDisabled,
    UnknownName,
    UnsupportedFunction,
    UpdateRefused,
)
from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format, media_types

_MESSAGE_LENGTH: Final = 300
_SHOWN: Final = 20
"""Characters of the query that a message repeats."""

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_NO_FORM: Final = "expected CONSTRUCT"
"""What the parser says where it met none of the forms: the last one that it tried."""

_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_TOO_MUCH_MEMORY: Final = "the query needs more memory than allowed; ask for less at once"
_REFUSALS: Final = {
    each.code: each
    for each in (
        QueryRefused,
        QueryTooComplex,
        QueryTooLarge,
        ServiceDisabled,
        UnknownName,
        UpdateRefused,
    )
}


def to_answer(
    reply: Reply, content: bytes | BinaryIO, size: int, request: Request, build: str
) -> Answer:
    """Return the answer that a reply stands for. Raises the QueryError that it is otherwise."""
    chosen: Format | None = request.graph if reply.outcome == "graph" else request.rows
    if reply.outcome not in ("solutions", "boolean", "graph") or chosen is None:
        if not isinstance(content, bytes):
            content.close()
        raise _error(reply, request)
    return Answer(content, chosen.media_type, cast("Kind", reply.outcome), build, size)


def error_of_death(code: int | None) -> QueryError:
    """Return what the end of a worker means, by its exit code (negative: a signal)."""
    match -(code or 0):
        case signal.SIGABRT:
            return MemoryExceeded(_TOO_MUCH_MEMORY)
        case signal.SIGSEGV | signal.SIGBUS:
            return QueryTooComplex(
                "the query is too complex for the engine: it is nested too deeply"
            )
        case _:
            return EngineUnavailable("the worker ended unexpectedly; try again")


def _error(reply: Reply, request: Request) -> QueryError:
    match reply.outcome:
        case "syntax_error":
            return _syntax_error(reply.message, request.query)
        case "outside":
            return _outside(request.query)
        case "not_acceptable":
            return _not_acceptable(reply.message)
        case code if code in _REFUSALS:
            return _refusal(_REFUSALS[code], reply.message)
        case _:
            return _limit(reply.outcome)


def _refusal(kind: type[QueryRefused], message: str) -> QueryRefused:
    if kind is QueryRefused and "is not supported" in message:
        kind = UnsupportedFunction
    return kind(message if kind is UnknownName else message[:_MESSAGE_LENGTH])


def _limit(outcome: str) -> QueryError:
    match outcome:
        case "result_too_large":
            return ResultTooLarge("the answer is larger than allowed; add LIMIT, or ask for less")
        case "too_many_rows":
            return ResultTooLarge("the answer has more rows than allowed; add LIMIT")
        case "not_representable":
            return NotRepresentable(
                "the format cannot hold the answer: XML has no control characters, JSON-LD no "
                "triple terms; ask for another format"
            )
        case "memory_limit":
            return MemoryExceeded(_TOO_MUCH_MEMORY)
        case _:
            return EngineUnavailable("the build cannot be read; the log says why")


def _not_acceptable(kind: str) -> NotAcceptable:
    if kind == "graph":
        return NotAcceptable(f"the answer is a graph; offered: {media_types(RDF_FORMATS)}")
    what = "a boolean" if kind == "boolean" else "rows"
    return NotAcceptable(f"the answer is {what}; offered: {media_types(RESULT_FORMATS)}")


def _outside(query: str) -> QueryError:
    """Return what it means that a file descriptor was wanted: a call outside, or a failing disk."""
    if "SERVICE" in query.upper():
        return ServiceDisabled("SERVICE is refused: this graph is asked alone")
    return EngineUnavailable("the build cannot be read; the log says why")


def _syntax_error(message: str, query: str) -> QuerySyntaxError:
    place = _PLACE.fullmatch(message)
    if place is None:
        return QuerySyntaxError(message[:_MESSAGE_LENGTH])
    line, column, expected = int(place[1]), int(place[2]), place[3]
    before = _text_before(query, line, column)
    told = _no_form(query) if expected == _NO_FORM else _plain(expected)
    return QuerySyntaxError(f"line {line}, column {column}, after {before!r}: {told}", line, column)


def _text_before(query: str, line: int, column: int) -> str:
    lines = query.removeprefix("\ufeff").split("\n")
    return "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]])[-_SHOWN:].strip()


def _no_form(query: str) -> str:
    """Return what to say of a text that has none of the words with which a query begins."""
    words = (text.upper() for kind, text in tokenize(query) if kind == "words")
    first = next((word for word in words if word not in ("BASE", "PREFIX")), "")
    near = get_close_matches(first, _FORMS, 1)
    expected = "expected SELECT, ASK, CONSTRUCT or DESCRIBE"
    return f"{expected}; did you mean {near[0]}?" if near else expected


def _plain(expected: str) -> str:
    if "Prefix not found" in expected:
        return "the prefix is not declared; add a PREFIX line"
    if expected == "expected [_]":
        return "this is not understood here"
    return expected.replace(", [_]", "")[:_MESSAGE_LENGTH]
