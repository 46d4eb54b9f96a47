"""Reads what a request asks for, strictly: what does not fit is refused, never replaced."""

import re
from collections.abc import Sequence
from typing import Final, TypeVar
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

import flask
from pyoxigraph import NamedNode
from werkzeug.exceptions import RequestHeaderFieldsTooLarge

from kg import formats
from kg.errors import BadEncoding, DuplicateParameter, NotAcceptable, ParameterError
from kg.formats import HTML, Format, RdfFormat, ResultFormat
from kg.web.services import services

Parameters = Sequence[tuple[str, str]]
F = TypeVar("F", bound=Format)

_MOST: Final = 200
ACCEPT_BYTES: Final = 8192
"""The longest Accept header that is read; usual ones have a hundred bytes."""

_SECONDS: Final = re.compile(r"[0-9]+(\.[0-9]+)?([eE][0-9]{1,3})?")
_SHOWN: Final = 200
"""Characters of a value that a message repeats."""


def read_parameters(encoded: bytes) -> Parameters:
    """Return the (name, value) pairs in their order. Raises ParameterError or BadEncoding."""
    if not encoded:
        return ()
    try:
        return parse_qsl(
            encoded.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST,
        )
    except UnicodeError as error:
        raise BadEncoding("the parameters are not UTF-8; encode them so") from error
    except ValueError as error:
        raise ParameterError(f"more than {_MOST} parameters; send fewer") from error


def all_of(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return every value given under a name."""
    return tuple(value for key, value in parameters if key == name)


def one_of(parameters: Parameters, name: str) -> str | None:
    """Return the one value given under a name, or None. Raises DuplicateParameter for several."""
    values = all_of(parameters, name)
    if len(values) > 1:
        raise DuplicateParameter(f"{name[:_SHOWN]!r} is given {len(values)} times; give it once")
    return values[0] if values else None


def graphs_of(parameters: Parameters, name: str) -> tuple[str, ...] | None:
    """Return the IRIs given under a name, or None. Raises ParameterError for what is no IRI."""
    values = all_of(parameters, name)
    for value in values:
        try:
            NamedNode(value)
        except ValueError as error:
            problem = f"{name}: {value[:_SHOWN]!r} is not an absolute IRI; give one"
            raise ParameterError(problem) from error
    return values or None


def chosen_form(parameters: Parameters, offered: Sequence[F]) -> F:
    """Return the one of `offered` that `format`, else the Accept header, wants.

    The first where several are liked as much. Raises NotAcceptable, listing what is offered.
    """
    name = one_of(parameters, "format")
    if name is None:
        return formats.choose(accept_header(), offered)
    meant = (HTML,) if name == HTML.name else formats.named(name)
    found = next((each for each in offered if each in meant), None)
    if found is None:
        names = ", ".join(each.name for each in offered)
        raise NotAcceptable(f"there is no format {name[:_SHOWN]!r} here; there are {names}")
    return found


def formats_of(parameters: Parameters) -> tuple[ResultFormat | None, RdfFormat | None]:
    """Return the formats for rows and for a graph that `format`, else the Accept header, wants.

    None stands for a kind that is not acceptable. Raises NotAcceptable where neither kind is.
    """
    return formats.negotiate(accept_header(), one_of(parameters, "format"))


def wants_page(parameters: Parameters) -> bool:
    """Whether a request wants a page: no format is named, and nothing is liked as much as HTML."""
    return not one_of(parameters, "format") and formats.prefers_html(accept_header())


def accept_header() -> str | None:
    """Return the Accept header. Raises RequestHeaderFieldsTooLarge where it is no sensible one."""
    return accepted_by(flask.request.environ)


def accepted_by(environ: WSGIEnvironment) -> str | None:
    """Return the Accept header of a request; the error is that of `accept_header`."""
    accept: str | None = environ.get("HTTP_ACCEPT")
    if accept is not None and len(accept) > ACCEPT_BYTES:
        problem = f"the Accept header is too long; at most {ACCEPT_BYTES} bytes are read"
        raise RequestHeaderFieldsTooLarge(problem)
    return accept


def timeout_of(parameters: Parameters) -> float | None:
    """Return the seconds that `timeout` allows, or None. The engine never takes more than its own.

    Raises ParameterError for what is not a number above 0.
    """
    said = one_of(parameters, "timeout")
    if said is None:
        return None
    seconds = float(said) if _SECONDS.fullmatch(said) else 0.0
    if not seconds > 0:
        problem = f"timeout: {said[:_SHOWN]!r} is not a number of seconds; give one such as 2.5"
        raise ParameterError(problem)
    return seconds


def address(path: str) -> str:
    """Return where the world reaches a path of this service.

    The configuration says so, or else the Host header, which the framework has checked; where that
    names no host, the server's own name does.
    """
    request, base = flask.request, services().config.public_url
    if base is not None:
        return base + path
    host = request.host
    if not host:
        host = f"{request.environ['SERVER_NAME']}:{request.environ['SERVER_PORT']}"
    return f"{request.scheme}://{host}{path}"
