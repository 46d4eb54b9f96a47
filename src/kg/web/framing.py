"""What makes bytes from a stranger a request, how a refusal is told, and how long one waits."""

import io
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Final

_FIELD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n\0]*)\r?\n")
"""A line of a header (RFC 9112, 5): no fold, no space before the colon, no bare CR, no NUL."""

_MOST_FIELDS: Final = 100

_LENGTH: Final = re.compile(r"[0-9]{1,18}", re.ASCII)

_SLOWEST: Final = 20_000
"""Bytes a second that a client must take of a long answer: it holds a file meanwhile."""


class RequestError(Exception):
    """A request that is no request, or takes too long to become one."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        """Say what is wrong."""
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class Header:
    """The fields of a request's header; what pywsgi reads of a message."""

    status = ""
    """What is wrong with it: nothing, else there would be none."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        """Hold names and values in the order in which they came."""
        self.fields = fields
        self._first = {name.lower(): value for name, value in reversed(fields)}

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the first value of a field."""
        return self._first.get(name.lower(), default)

    getheader = get

    def get_all(self, name: str) -> list[str]:
        """Return all values of a field; `name` in small letters."""
        if name not in self._first:
            return []
        return [value for each, value in self.fields if each.lower() == name]

    @property
    def typeheader(self) -> str | None:
        """The media type of the body."""
        return self.get("content-type")

    def __delitem__(self, name: str) -> None:
        """Find nothing to remove: where pywsgi would, a length is refused (check_framing)."""
        raise KeyError(name)


def read_header(rfile: io.BufferedIOBase, most: int) -> Header:
    """Return the fields up to the empty line.

    Raises RequestError where they take more than `most` bytes or are more than a hundred, and where
    a line is no field.
    """
    fields: list[tuple[str, str]] = []
    while True:
        line = rfile.readline(most + 1)
        most -= len(line)
        if most < 0 or len(fields) > _MOST_FIELDS:
            raise header_too_large()
        if line in (b"\r\n", b"\n"):
            return Header(fields)
        field = _FIELD.fullmatch(line)
        if field is None:
            raise no_request("a line of the header is none")
        fields.append((field[1].decode("latin-1"), field[2].decode("latin-1").strip(" \t")))


@lru_cache(maxsize=1000)
def key_of(name: str) -> str | None:
    """Return the name of a field in a WSGI environment; None for one that is not to be there.

    With an underscore it could pass for another. The type and the length of the body have keys of
    their own (PEP 3333).
    """
    key = name.upper().replace("-", "_")
    return None if "_" in name or key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def origin_form(target: str) -> str:
    """Return the path and query of a target that names the server too (RFC 9112, 3.2.2)."""
    scheme, is_absolute, rest = target.partition("://")
    if not is_absolute or scheme.lower() not in ("http", "https"):
        return target
    return "/" + rest.partition("/")[2]


def check_framing(header: Header, version: str) -> None:
    """Refuse what two readers could take for different requests (RFC 9112, 6.1 and 11.2)."""
    codings = [each.strip().lower() for each in header.get_all("transfer-encoding")]
    lengths = [each.strip() for each in header.get_all("content-length")]
    if codings and (codings != ["chunked"] or lengths or version != "HTTP/1.1"):
        raise no_request("the transfer coding is not understood, or a length stands beside it")
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        raise no_request("the content length is none")
    if version == "HTTP/0.9" or (version == "HTTP/1.1" and len(header.get_all("host")) != 1):
        raise no_request("there must be one Host")


def no_request(detail: str) -> RequestError:
    """Return the refusal of what is no request."""
    return RequestError(HTTPStatus.BAD_REQUEST, "bad_request", detail)


def header_too_large() -> RequestError:
    """Return the refusal of a header that is too long, or has too many lines."""
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return RequestError(status, "header_too_large", "the header is too long, or has too many lines")


def problem(error: RequestError) -> bytes:
    """Return a whole answer (RFC 9457) for what never reached the application."""
    status = error.status
    members = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": error.detail,
        "code": error.code,
    }
    body = json.dumps(members).encode()
    head = (
        f"HTTP/1.1 {int(status)} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def seconds_to_wait(sent: int, elapsed: float, most: float) -> float:
    """Return how long to wait until a client takes more of an answer; hardly at all if too slow.

    `most` is what it may pause; over a long answer it must keep up with 20 kB a second.
    """
    return max(min(most, most + sent / _SLOWEST - elapsed), 0.001)
