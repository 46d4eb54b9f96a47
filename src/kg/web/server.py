"""The HTTP server: gevent's pywsgi, and what a server that strangers reach needs beyond it.

A connection costs a greenlet, not a thread. A request is handed on when it is whole: who sends
half a header or half a body waits alone and is turned away in time, and so is who never takes an
answer. Imported only in a process that gevent has patched (kg.web.process).
"""

import contextlib
import io
import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

import gevent
from flask import Flask
from gevent.pool import Pool
from gevent.pywsgi import Input, WSGIHandler, WSGIServer

from kg.config import Config
from kg.engine.budget import client_of
from kg.web.framing import (
    Header,
    RequestError,
    check_framing,
    key_of,
    origin_form,
    problem,
    read_header,
    seconds_to_wait,
)
from kg.web.logs import Log

CLIENT: Final = "kg.client"
"""Where a request's environment holds its Connection."""

_CODES: Final = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.REQUEST_URI_TOO_LONG: "uri_too_long",
}
"""Of what pywsgi refuses by itself."""

_ONE_PIECE: Final = 1 << 16
"""Bytes of an answer that are sent together with its header."""

_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER: what is still to be sent is thrown away, and the client sees the connection break."""

_LINGER_SECONDS: Final = 1.0
_LINGER_BYTES: Final = 1 << 24


class Server(WSGIServer):  # type: ignore[misc]
    """Serves an application on a socket that already listens."""

    def __init__(self, config: Config, listener: socket.socket, app: Flask, log: Log) -> None:
        """Take over the socket; `start` begins to serve, `drain` ends it.

        What never becomes a request of the application is told to `log` here.
        """
        spawn = Pool(config.connections)
        super().__init__(listener, app, log=None, handler_class=Handler, spawn=spawn)
        self.config, self._log = config, log
        self.active = 0
        self.is_draining = False
        self._connected: Counter[str] = Counter()

    def handle(self, sock: socket.socket, address: Any) -> None:  # noqa: ANN401 - of any family
        """Serve a connection, unless its client has a quarter of all of them already."""
        client = client_of(str(address[0])) if isinstance(address, tuple) and address else ""
        is_shared = self.config.trusted_proxies > 0 or not client
        if not is_shared and self._connected[client] >= max(1, self.config.connections // 4):
            sock.close()
            return
        self._connected[client] += 1
        try:
            super().handle(sock, address)
        finally:
            self._connected[client] -= 1
            self._connected += Counter()  # forgets those who have none

    def note_refusal(self, address: Any, error: RequestError) -> None:  # noqa: ANN401
        """Log what was refused before anybody was asked."""
        client = str(address[0]) if isinstance(address, tuple) and address else None
        self._log.write("refused", client=client, status=int(error.status), code=error.code)

    def drain(self, seconds: float) -> None:
        """Accept nothing more, answer the requests under way, and stop; take no longer."""
        self.is_draining = True
        self.close()
        with gevent.Timeout(seconds, exception=False):
            while self.active:
                gevent.sleep(0.02)
        self.stop(timeout=0)


class Connection:
    """The client at the other end of a connection (kg.engine.requests.Client)."""

    def __init__(self, sock: socket.socket) -> None:
        """Watch this socket."""
        self._socket = sock

    def fileno(self) -> int:
        """Return a file descriptor that becomes readable when the client has closed."""
        return self._socket.fileno()

    def is_gone(self) -> bool:
        """Whether the client has closed; who only says more is still there."""
        before = self._socket.gettimeout()
        try:
            self._socket.settimeout(0)
            return not self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            with contextlib.suppress(OSError):
                self._socket.settimeout(before)


class Handler(WSGIHandler):  # type: ignore[misc]
    """Reads requests from one connection, each within its time and size, and answers them."""

    server: Server
    path: str
    headers: Header
    _has_answered = False
    _began: float | None = None
    """When the answer under way began to be sent."""

    status: Any

    def __init__(self, sock: socket.socket, *arguments: Any) -> None:  # noqa: ANN401 - pywsgi's own
        """Send small answers at once."""
        with contextlib.suppress(OSError):  # a socket of another family has no such option
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(sock, *arguments)

    def handle_one_request(self) -> Any:  # noqa: ANN401 - None, True or (status, bytes): pywsgi's own
        """Answer one request; what pywsgi refuses by itself is told as a problem too."""
        result = super().handle_one_request()
        if self.server.is_draining and result is True:
            return None
        if isinstance(result, tuple) and isinstance(result[0], str):
            status = HTTPStatus(int(result[0]))
            return self._told(RequestError(status, _CODES[status], status.description))
        return result

    def read_requestline(self) -> str:
        """Return the first line of a request; between two, a client may be silent for longer."""
        config = self.server.config
        seconds = config.idle_seconds if self._has_answered else config.header_seconds
        with gevent.Timeout(seconds, TimeoutError()):
            line: str = super().read_requestline()
            return line

    def read_request(self, raw_requestline: str) -> bool:
        """Read the header, whole and in time."""
        seconds = self.server.config.header_seconds
        late = RequestError(HTTPStatus.REQUEST_TIMEOUT, "request_timeout", "the header is late")
        with gevent.Timeout(seconds, late):
            found: bool = super().read_request(raw_requestline)
        self.path = origin_form(self.path)
        return found

    def MessageClass(self, rfile: io.BufferedReader, *_: object) -> Header:  # noqa: N802 - pywsgi's own
        """Return the header, where it is not too long and leaves no doubt where the body ends."""
        header = read_header(rfile, self.server.config.header_bytes)
        check_framing(header, self.request_version)
        return header

    def _headers(self) -> Iterator[tuple[str, str]]:
        """Yield what of the header goes into the environment."""
        for name, value in self.headers.fields:
            key = key_of(name)
            if key is not None:
                yield key, value

    def log_request(self) -> None:
        """Write nothing: the application logs what it answers, the server what it refuses."""

    def get_environ(self) -> dict[str, Any]:
        """Return the request's environment; it holds the connection."""
        environ: dict[str, Any] = super().get_environ()
        environ[CLIENT] = Connection(self.socket)
        return environ

    def run_application(self) -> None:
        """Read the body, then answer."""
        self.server.active += 1
        self._began = None
        try:
            self._take_body()
            super().run_application()
        except RequestError as error:
            self._refuse(error)
        finally:
            self.server.active -= 1
            self._has_answered = True

    def _take_body(self) -> None:
        """Put the whole body in the place of the stream it comes in."""
        body = b""
        if self.content_length or self.headers.get("transfer-encoding"):
            seconds = self.server.config.body_seconds
            late = RequestError(HTTPStatus.REQUEST_TIMEOUT, "request_timeout", "the body is late")
            with gevent.Timeout(seconds, late):
                body = self._read_body(self.server.config.body_bytes)
        self.wsgi_input = Input(io.BytesIO(body), len(body))
        self.environ["wsgi.input"] = io.BytesIO(body)
        self.environ["CONTENT_LENGTH"] = str(len(body)) if body else ""
        self.environ["wsgi.input_terminated"] = True

    def _read_body(self, most: int) -> bytes:
        too_large = RequestError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "query_too_large",
            f"the body is too long; at most {most} bytes are allowed",
        )
        if (self.content_length or 0) > most:
            raise too_large
        try:
            body: bytes = self.wsgi_input.read(most + 1)
        except OSError as error:
            raise RequestError(
                HTTPStatus.BAD_REQUEST, "bad_request", "the body is cut short"
            ) from error
        if len(body) > most:
            raise too_large
        return body

    def _refuse(self, error: RequestError) -> None:
        """Answer with a problem and close; read on for a moment, else the answer may be lost."""
        self.close_connection = True
        self.wsgi_input = Input(io.BytesIO(b""), 0)
        self.status, self.headers_sent = str(int(error.status)), True
        self._sendall(self._told(error)[1])
        with gevent.Timeout(_LINGER_SECONDS, exception=False), contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
            left = _LINGER_BYTES
            while left > 0 and (taken := self.socket.recv(1 << 16)):
                left -= len(taken)

    def _handle_client_error(self, ex: Exception) -> tuple[HTTPStatus, bytes]:
        """Return what to answer to a request that could not be read."""
        match ex:
            case RequestError():
                error = ex
            case _:
                status = HTTPStatus.BAD_REQUEST
                error = RequestError(status, "bad_request", "this is no HTTP request")
        return self._told(error)

    def _told(self, error: RequestError) -> tuple[HTTPStatus, bytes]:
        """Return how a refusal is told, and log it."""
        self.server.note_refusal(self.client_address, error)
        return error.status, problem(error)

    def _write_with_headers(self, data: bytes) -> None:
        """Send a small answer in one piece with its header: two would cost as much again."""
        if self.provided_content_length is None or len(data) > _ONE_PIECE:
            super()._write_with_headers(data)
            return
        self.headers_sent = True
        self.finalize_headers()
        lines = (name + b": " + value for name, value in self.response_headers)
        head = b"\r\n".join((b"HTTP/1.1 " + self.status, *lines))
        self._sendall(head + b"\r\n\r\n" + data)

    def _sendall(self, data: bytes) -> None:
        """Send, unless the client takes nothing for long, or all too little."""
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        most = self.server.config.send_seconds
        self.socket.settimeout(seconds_to_wait(self.response_length, now - self._began, most))
        try:
            super()._sendall(data)
        except TimeoutError:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            raise
        finally:
            if self.socket is not None:
                self.socket.settimeout(None)
