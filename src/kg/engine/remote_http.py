"""One exchange with a SPARQL endpoint elsewhere, whole and within its limits.

A connection serves one query, so that ending it ends nothing else. Redirects are not followed, and
neither the address nor what the other side says is repeated in a message. Only plain sockets wait
here: a server that makes them cooperative (gevent) needs nothing else.
"""

import base64
import http.client
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from kg.engine.requests import Client
from kg.engine.spool import Room, Spool
from kg.errors import (
    BackendError,
    BackendTooLarge,
    BackendUnreachable,
    EngineUnavailable,
    QueryError,
)

_CHUNK: Final = 1 << 16
_LOOK_SECONDS: Final = 0.1
"""How often to look whether who asked is gone."""

_DATASET: Final = ("default-graph-uri", "named-graph-uri")
_UNREACHABLE: Final = "the remote engine cannot be reached; check KG_ENGINE_URL"
_CUT: Final = "the remote engine cut its answer short"


@dataclass(frozen=True)
class Endpoint:
    """Where queries are sent; nothing of it is for showing."""

    scheme: str
    host: str
    port: int | None
    path: str
    authorization: str | None = field(default=None, repr=False)

    dataset: tuple[tuple[str, str], ...] = ()
    """The graphs that the address itself names, for queries that name none."""


def read_endpoint(url: str) -> Endpoint:
    """Return the endpoint at an http(s) URL, which may hold `user:password@` and a dataset."""
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    rest = urlencode([pair for pair in fields if pair[0] not in _DATASET])
    return Endpoint(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port,
        path=(parts.path or "/") + (f"?{rest}" if rest else ""),
        authorization=_authorization(parts.username, parts.password),
        dataset=tuple(pair for pair in fields if pair[0] in _DATASET),
    )


@dataclass(frozen=True)
class Response:
    """A whole response; `content` is its body, of `size` bytes."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""

    content: bytes | BinaryIO
    size: int

    is_end_known: bool
    """Whether its length was said, so that a missing end would have been seen."""

    def start(self, most: int) -> bytes:
        """Return at most so many bytes of the body."""
        if isinstance(self.content, bytes):
            return self.content[:most]
        self.content.seek(0)
        return self.content.read(most)


class Watch:
    """Cuts a connection at a deadline, or when whoever asked is gone; tells which it was."""

    def __init__(self, deadline: float, clients: Sequence[Client]) -> None:
        """Watch until `deadline`, of time.monotonic."""
        self.deadline = deadline
        self.is_late = self.is_cancelled = False
        self._clients = clients
        self._done = threading.Event()

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline, never less than a millisecond."""
        return max(self.deadline - time.monotonic(), 0.001)

    @contextmanager
    def over(self, sock: socket.socket) -> Iterator[None]:
        """Watch one connection."""
        twin = socket.socket(fileno=os.dup(sock.fileno()))  # lives on where http.client closes
        watcher = threading.Thread(target=self._watch, args=(twin,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._done.set()
            watcher.join()
            twin.close()

    def _watch(self, twin: socket.socket) -> None:
        while not self._done.wait(min(_LOOK_SECONDS, self.seconds_left)):
            self.is_late = time.monotonic() >= self.deadline
            self.is_cancelled = any(_has_left(client) for client in self._clients)
            if self.is_late or self.is_cancelled:
                with suppress(OSError):
                    twin.shutdown(socket.SHUT_RDWR)
                return


def exchange(
    endpoint: Endpoint,
    fields: Sequence[tuple[str, str]],
    accept: str,
    watch: Watch,
    most_bytes: int,
) -> Response:
    """Send a query as a form (SPARQL 1.1 Protocol, 2.1.2) and return the whole response.

    Raises BackendUnreachable, BackendTooLarge beyond `most_bytes`, and BackendError where the
    response is cut or is no HTTP. Where `watch` has cut it, that is for the caller to say.
    """
    connection = _connect(endpoint, watch)
    try:
        with watch.over(connection.sock):
            connection.request("POST", endpoint.path, _form(fields), _headers(endpoint, accept))
            with connection.getresponse() as response:
                return _read(response, most_bytes)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise BackendError(_CUT) from error
    finally:
        connection.close()


def _connect(endpoint: Endpoint, watch: Watch) -> http.client.HTTPConnection:
    seconds = watch.seconds_left
    if endpoint.scheme == "https":
        context = ssl.create_default_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            endpoint.host, endpoint.port, timeout=seconds, context=context
        )
    else:
        connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=seconds)
    try:
        connection.connect()
    except (OSError, UnicodeError) as error:  # a host name may be none that can be looked up
        connection.close()
        raise BackendUnreachable(_UNREACHABLE) from error
    return connection


def _form(fields: Sequence[tuple[str, str]]) -> bytes:
    return urlencode(fields).encode()


def _headers(endpoint: Endpoint, accept: str) -> dict[str, str]:
    headers = {
        "Accept": accept,
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "diplomacy-kg",
    }
    if endpoint.authorization:
        headers["Authorization"] = endpoint.authorization
    return headers


def _read(response: http.client.HTTPResponse, most_bytes: int) -> Response:
    headers = {name.lower(): value for name, value in response.getheaders()}
    if headers.get("content-encoding", "identity") != "identity":
        raise BackendError("the remote engine compresses its answer, though it was not asked to")
    is_end_known = response.length is not None or response.chunked
    spool = Spool(Room(most_bytes + _CHUNK))
    try:
        while part := response.read1(_CHUNK):
            _keep(spool, part, most_bytes)
        if response.length:
            raise BackendError(_CUT)
    except (QueryError, OSError, ValueError, http.client.HTTPException):
        close(spool.content())
        raise
    return Response(response.status, headers, spool.content(), spool.size, is_end_known)


def close(content: bytes | BinaryIO) -> None:
    """Give up what was kept."""
    if not isinstance(content, bytes):
        content.close()


def _keep(spool: Spool, part: bytes, most_bytes: int) -> None:
    if spool.size + len(part) > most_bytes:
        raise BackendTooLarge("the answer of the remote engine is larger than allowed")
    try:
        spool.take(part)
    except OSError as error:
        raise EngineUnavailable("there is no room to keep the answer; try again") from error


def _has_left(client: Client) -> bool:
    poll = select.poll()
    poll.register(client.fileno(), select.POLLIN)
    return bool(poll.poll(0)) and client.is_gone()


def _authorization(user: str | None, password: str | None) -> str | None:
    if user is None:
        return None
    pair = f"{unquote(user)}:{unquote(password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
