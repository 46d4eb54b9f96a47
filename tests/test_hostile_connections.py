"""Connections that no good client makes: slow, silent, cut, garbled, too many, gone too soon.

After every test the same is asserted: see unharmed in live_server.
"""

import contextlib
import itertools
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from live_server import LOW, QUERY, LiveServer, start_endless_query, unharmed
from processes import wait_until

SMUGGLED: Final = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n"
    b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
)
"""One request or two, by which of its two lengths one believes."""


@pytest.fixture
def server(low: LiveServer) -> Iterator[LiveServer]:
    """A server with low limits; the test has done it no harm."""
    with unharmed(low):
        yield low


def test_row_36_a_client_that_leaves_ends_its_query(patient: LiveServer) -> None:
    """Its worker is free long before the deadline, however it left."""
    for leave in (close, reset):
        sock = start_endless_query(patient)
        workers = set(patient.of_kind("worker"))

        leave(sock)

        assert wait_until(lambda: set(patient.of_kind("worker")) != workers)  # noqa: B023 - at once


def close(sock: socket.socket) -> None:
    """End a connection in order."""
    sock.close()


def reset(sock: socket.socket) -> None:
    """End a connection as a machine does that crashes."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    sock.close()


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (b"", None),
        (b"POST /spa", None),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Ty", 408),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nquery=", 408),
        (b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nqu", 408),
    ],
)
def test_row_37_who_does_not_go_on_is_turned_away(
    server: LiveServer, begun: bytes, status: int | None
) -> None:
    """Fifty who stop halfway keep nobody out, and are told in the end; a silent one may wait."""
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(server.connect(15)) for _ in range(50)]
        for sock in socks:
            sock.sendall(begun)

        assert all(server.is_answering() for _ in range(5))

        replies = [server.read(sock) for sock in socks] if status else []
    assert {reply.status for reply in replies} <= {status}


def test_row_37_who_drips_is_turned_away(server: LiveServer) -> None:
    """A byte now and then does not make a request last."""
    head = server.head("POST", "/sparql", {"Content-Type": QUERY, "Content-Length": "10000"})
    with server.connect(20) as sock:
        sock.sendall(head)
        started = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - started < 10 and not has_answer(sock):
                sock.sendall(b" ")
        reply = server.read(sock)

    assert (reply.status, reply.code) == (408, "request_timeout")


def has_answer(sock: socket.socket) -> bool:
    """Whether there is something to read, after a short wait."""
    sock.settimeout(0.1)
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        sock.settimeout(20)


def test_who_asks_whether_to_go_on_is_told(server: LiveServer) -> None:
    """With `Expect: 100-continue` (RFC 9110, 10.1.1): before the body, and then the answer."""
    headers = {"Content-Type": QUERY, "Content-Length": "7", "Expect": "100-continue"}
    with server.connect() as sock:
        sock.sendall(server.head("POST", "/sparql", headers))
        first = sock.recv(1 << 16)
        sock.sendall(b"ASK { }")
        reply = server.read(sock)

    assert first.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert reply.status == 200


def test_an_old_client_is_answered(server: LiveServer) -> None:
    """HTTP/1.0 has no Host, and the connection ends with the answer."""
    with server.connect() as sock:
        sock.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.0\r\n\r\n")
        answer = read_all(sock)

    assert answer.partition(b"\r\n")[0].endswith(b" 200 OK")
    assert b'"boolean":true' in answer


def test_a_client_that_never_reads_is_given_up(server: LiveServer) -> None:
    """Its large answer is cut and not kept for ever, and no worker waits for it."""
    request = large_answer(server)
    whole = server.exchange(request)
    web = server.of_kind("web")[0]
    before = open_files(web)
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(narrow(server)) for _ in range(20)]
        for sock in socks:
            sock.sendall(request)

        assert wait_until(lambda: open_files(web) >= before + 5)
        assert wait_until(server.is_answering)
        assert wait_until(lambda: open_files(web) <= before, 20)
        assert all(len(read_all(sock)) < len(whole.body) for sock in socks)


def test_a_client_that_reads_too_slowly_is_given_up(server: LiveServer) -> None:
    """It takes a little all the time, a tenth of what it must."""
    whole = server.exchange(large_answer(server))
    taken, started = 0, time.monotonic()
    with narrow(server) as sock, contextlib.suppress(ConnectionError):
        sock.sendall(large_answer(server))
        while time.monotonic() - started < 30 and (part := sock.recv(200)):
            taken += len(part)
            time.sleep(0.1)

    assert time.monotonic() - started < 30
    assert taken < len(whole.body)


def large_answer(server: LiveServer) -> bytes:
    """Return a request whose answer no buffer of the system holds."""
    label = "?s rdfs:label ?l FILTER(STRLEN(?l) = 100000)"
    body = f"SELECT ?l {{ {label} {{ SELECT ?o {{ ?a ?b ?o }} LIMIT 60 }} }}".encode()
    return server.head("POST", "/sparql", {"Content-Type": QUERY}, body) + body


def narrow(server: LiveServer) -> socket.socket:
    """Return a connection whose end takes little at a time."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(20)
    sock.connect(("127.0.0.1", server.port))
    return sock


def open_files(pid: int) -> int:
    """Return how many file descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def test_what_is_refused_is_logged(server: LiveServer) -> None:
    """Though the application never saw it: whose it was, and why."""
    before = server.log_text().count('"event": "refused"')

    server.exchange(b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    server.exchange(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")

    lines = [line for line in server.log_text().splitlines() if '"event": "refused"' in line]
    told = [json.loads(line) for line in lines[before:]]
    assert [(each["client"], each["status"], each["code"]) for each in told] == [
        ("127.0.0.1", 414, "uri_too_long"),
        ("127.0.0.1", 400, "bad_request"),
    ]


def test_several_requests_in_one_write_are_answered_in_turn(server: LiveServer) -> None:
    """Pipelining (RFC 9112, 9.3.2); also behind a query that takes its time."""
    head = f"Host: {server.authority}\r\n"
    body = b"ASK { }"
    post = f"POST /sparql HTTP/1.1\r\n{head}Content-Type: {QUERY}\r\nContent-Length: 7\r\n\r\n"
    get = f"GET /health HTTP/1.1\r\n{head}\r\n"
    last = post.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    with server.connect() as sock:
        sock.sendall(post.encode() + body + get.encode() + last.encode() + body)
        replies = read_all(sock).split(b"HTTP/1.1 ")[1:]

    assert [reply[:3] for reply in replies] == [b"200", b"200", b"200"]
    assert [b"boolean" in reply for reply in replies] == [True, False, True]


@pytest.mark.parametrize("sizes", [[1] * 7, [3, 4], [7]])
def test_a_body_in_chunks_is_read_whole(server: LiveServer, sizes: list[int]) -> None:
    """However it is cut."""
    text = iter(b"ASK { }")
    chunks = (bytes(itertools.islice(text, size)) for size in sizes)
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    headers = {"Content-Type": QUERY, "Transfer-Encoding": "chunked"}

    reply = server.exchange(server.head("POST", "/sparql", headers) + body)

    assert reply.status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\r\n" * 100,
        b"\0" * 1000,
        b"GET\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \xff\xfe\0\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1e3\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        SMUGGLED,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"GET /" + b"y" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 300,
    ],
)
def test_what_is_no_request_is_refused_or_dropped(server: LiveServer, data: bytes) -> None:
    """Never an error of the server, and never two answers to what one may take for one request."""
    with server.connect(15) as sock:
        with contextlib.suppress(OSError):
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
        answer = read_all(sock)

    lines = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert len(lines) <= 1
    assert all(line[9:10] in b"24" for line in lines), lines
    assert b"Traceback" not in answer


def read_all(sock: socket.socket) -> bytes:
    """Return everything until the connection ends, however it does."""
    parts: list[bytes] = []
    with contextlib.suppress(ConnectionError):
        while part := sock.recv(1 << 16):
            parts.append(part)
    return b"".join(parts)


def test_more_connections_than_allowed_wait_or_are_dropped(live_root: Path) -> None:
    """Who holds them all open without a word keeps others out only for as long as allowed."""
    few: dict[str, Any] = {"KG_CONNECTIONS": 10, "KG_IDLE_SECONDS": 1}
    with LiveServer(live_root, **LOW, **few) as server, contextlib.ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(server.connect())

        assert wait_until(server.is_answering, 20)
