"""The HTTP server against clients that are slow, cut short, too long, or gone."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from kg.config import ONTOLOGY, Config
from processes import wait_until

LIMITS = {
    "KG_HEADER_SECONDS": "0.5",
    "KG_BODY_SECONDS": "0.5",
    "KG_IDLE_SECONDS": "1",
    "KG_SEND_SECONDS": "1",
    "KG_HEADER_BYTES": "4096",
    "KG_CLIENT_ERRORS": "0",
    "KG_CLIENT_SECONDS": "0",
}
CHUNKED = b"Transfer-Encoding: chunked\r\n"
PROGRAM = "from kg.cli import main; main()"


@pytest.fixture(scope="module")
def port(tiny_config: Config, store_dir: Path) -> Iterator[int]:
    """Where a server with short waits listens."""
    (tiny_config.root / ONTOLOGY).parent.mkdir(exist_ok=True)
    (tiny_config.root / ONTOLOGY).touch()
    tiny_config.builds.mkdir(exist_ok=True)
    (tiny_config.builds / "current").write_text(str(store_dir))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free: int = probe.getsockname()[1]
    env = {**os.environ, **LIMITS, "KG_ROOT": str(tiny_config.root)}
    command = [sys.executable, "-c", PROGRAM, "serve", "--port", str(free)]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.readline()  # the greeting comes when it answers
        threading.Thread(target=process.stderr.read).start()
        yield free
        process.terminate()


@contextlib.contextmanager
def connection(port: int) -> Iterator[socket.socket]:
    """Open a connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        yield sock


def answer_to(port: int, sent: bytes) -> tuple[int, dict[str, object]]:
    """Return the status and the problem that a request gets as an answer."""
    with connection(port) as sock:
        with contextlib.suppress(OSError):
            sock.sendall(sent)
        response = HTTPResponse(sock)
        response.begin()
        return response.status, json.loads(response.read())


def is_answered(port: int) -> bool:
    """Whether a query is answered within a second."""
    client = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        client.request("GET", "/sparql?query=ASK%7B%7D")
        return b"true" in client.getresponse().read()
    except OSError:
        return False
    finally:
        client.close()


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nAcc", 408, "request_timeout"),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nq",
            408,
            "request_timeout",
        ),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "uri_too_long"),
        (
            b"GET / HTTP/1.1\r\nHost: x\r\nAccept: " + b"a" * 100_000 + b"\r\n\r\n",
            431,
            "header_too_large",
        ),
        (
            b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
            431,
            "header_too_large",
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n" + b"q" * 10**6,
            413,
            "query_too_large",
        ),
        (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"ffff\r\n" + b"q" * 0xFFFF + b"\r\n" + (b"ffff\r\n" + b"q" * 0xFFFF + b"\r\n") * 8,
            413,
            "query_too_large",
        ),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400, "bad_request"),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\0\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nno field\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400, "bad_request"),
        (b"GET /\r\n\r\n", 400, "bad_request"),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nASK{}",
            400,
            "bad_request",
        ),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nASK{", 400, "bad_request"),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
            400,
            "bad_request",
        ),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            400,
            "bad_request",
        ),
        (
            (
                b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            400,
            "bad_request",
        ),
        (
            b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            "bad_request",
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/9.9\r\n\r\n", 400, "bad_request"),
    ],
)
def test_what_is_no_request_is_told_so(port: int, sent: bytes, status: int, code: str) -> None:
    """As a problem, with a code, and the connection is closed."""
    found, problem = answer_to(port, sent)

    assert (found, problem["code"], problem["status"]) == (status, code, status)
    assert is_answered(port)


def test_no_client_has_all_connections(port: int) -> None:
    """A quarter of them is its share; the others are closed at once, and it frees its own."""
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(connection(port)) for _ in range(300)]
        closed = [sock for sock in socks[250:] if sock.recv(1) == b""]

    assert len(closed) == 50
    assert wait_until(lambda: is_answered(port))


@pytest.mark.parametrize("sent", [b"", b"GET /sparql HT"])
def test_an_idle_connection_is_closed(port: int, sent: bytes) -> None:
    """Whoever says nothing for long enough, or not a line."""
    with connection(port) as sock:
        sock.sendall(sent)
        assert sock.recv(1) == b""


def test_a_target_may_name_the_server(port: int) -> None:
    """RFC 9112, 3.2.2: a server must accept the absolute form."""
    with connection(port) as sock:
        sock.sendall(b"GET http://x/health HTTP/1.1\r\nHost: x\r\n\r\n")
        response = HTTPResponse(sock)
        response.begin()

        assert response.status == 200
