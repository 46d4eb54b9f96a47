"""What makes bytes from a stranger a request, how a refusal is told, and how long one waits."""

import io
import json
import re
from email.message import Message
from http import HTTPStatus
from typing import Final

_FORGED: Final = re.compile(rb"^[ \t]|\r(?!\n)|\0")
"""What no line of a header holds: a fold (obsolete), a bare carriage return, a NUL."""

_LENGTH: Final = re.compile(r"[0-9]{1,18}", re.ASCII)

_SLOWEST: Final = 20_000
"""Bytes a second that a client must take of a long answer: it holds a file meanwhile."""


class RequestError(Exception):
    """A request that is no request, or takes too long to become one."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        """Say what is wrong."""
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class Bounded:
    """The header's lines, up to so many bytes."""

    def __init__(self, rfile: io.BufferedReader, most: int) -> None:
        """Read from a connection."""
        self._rfile, self._left = rfile, most

    def readline(self, size: int = -1) -> bytes:
        """Return the next line. Raises RequestError where the header is too long."""
        line = self._rfile.readline(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(line)
        if _FORGED.search(line):
            raise no_request("a line of the header is none")
        if self._left < 0:
            raise header_too_large()
        return line


def origin_form(target: str) -> str:
    """Return the path and query of a target that names the server too (RFC 9112, 3.2.2)."""
    scheme, is_absolute, rest = target.partition("://")
    if not is_absolute or scheme.lower() not in ("http", "https"):
        return target
    return "/" + rest.partition("/")[2]


def check_framing(header: Message, version: str) -> None:
    """Refuse what two readers could take for different requests (RFC 9112, 6.1 and 11.2)."""
    codings = [each.strip().lower() for each in header.get_all("Transfer-Encoding", [])]
    lengths = [each.strip() for each in header.get_all("Content-Length", [])]
    if codings and (codings != ["chunked"] or lengths or version != "HTTP/1.1"):
        raise no_request("the transfer coding is not understood, or a length stands beside it")
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        raise no_request("the content length is none")
    if version == "HTTP/0.9" or (version == "HTTP/1.1" and len(header.get_all("Host", [])) != 1):
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
