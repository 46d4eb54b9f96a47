"""A real `kg serve` over a small build, for tests that send it what no good client sends.

Everything goes through a socket, as from outside. What is left of the processes is looked up in
/proc by the session, which no process of the service leaves, whoever its parent is.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlencode

from live_project import write_live_project as write_live_project  # noqa: PLC0414 - for who starts a server
from processes import kill, wait_until

START_SECONDS: Final = 30.0
FAMILY: Final = ["nursery", "supervisor", "web", "worker", "worker", "worker"]
"""Two workers for queries of any kind and one for pages, as the configuration says by itself."""

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"

SERVE: Final = (sys.executable, "-c", "from kg.cli import main; main()", "serve")

LOW: Final[dict[str, Any]] = {
    "KG_QUERY_TIMEOUT": 2,
    "KG_WORKER_MEMORY": 128 << 20,
    "KG_RESULT_ROWS": 10_000,
    "KG_RESULT_BYTES": 8 << 20,
    "KG_HEADER_SECONDS": 1,
    "KG_BODY_SECONDS": 1,
    "KG_SEND_SECONDS": 1,
    "KG_CLIENT_SECONDS": 0,
    "KG_CLIENT_ERRORS": 0,
    "KG_BRAKE_SECONDS": 0,
    "KG_CACHE_BYTES": 0,
}
"""Low limits, so that tests end soon; no client budget and no memory of failures, so that every
request is really tried."""

INSIDE: Final = ("Traceback", 'File "', "site-packages", "/src/kg", ".py:", "/queries/echo.rq")
"""What no answer may hold."""

CROSS: Final = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))
ENDLESS: Final = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"
"""A query that no server answers in time."""


@dataclass(frozen=True)
class Reply:
    """What the server said to one request."""

    status: int
    headers: Message
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body."""
        return self.body.decode(errors="replace")

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the body holds
        """The body's value."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem, or nothing."""
        is_problem = self.headers.get_content_type() == "application/problem+json"
        return str(self.json["code"]) if is_problem else ""

    @property
    def query_id(self) -> str:
        """What names the query in the log, or nothing."""
        return str(self.headers.get("KG-Query-Id", ""))


class NoReplyError(Exception):
    """The connection ended before there was a whole answer."""


class LiveServer:
    """A running service; end it with `stop`."""

    def __init__(
        self,
        root: Path,
        port: int = 0,
        before: Sequence[str] = (),
        **settings: Any,  # noqa: ANN401 - numbers and texts
    ) -> None:
        """Start it over the project in `root`, with settings by the names of their variables.

        `before` are words that come before the command.
        """
        self.root = root
        self.port = port or free_port()
        self.replies: list[Reply] = []
        self.log = root / f"server-{self.port}.log"
        names = {name: str(value) for name, value in settings.items()}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*before, *SERVE, "--port", str(self.port)],
                env={**os.environ, "KG_ROOT": str(root), **names},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        """Wait until it answers."""
        if not wait_until(self.is_answering, START_SECONDS):
            self.stop()
            raise RuntimeError(f"the server does not answer:\n{self.log_text()}")
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.stop()

    @property
    def authority(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def connect(self, seconds: float = 20.0, source: str = "127.0.0.1") -> socket.socket:
        """Return a new connection, from one of the addresses 127.0.0.x."""
        return socket.create_connection(("127.0.0.1", self.port), seconds, (source, 0))

    def exchange(
        self, data: bytes, seconds: float = 20.0, method: str = "GET", source: str = "127.0.0.1"
    ) -> Reply:
        """Send bytes on a new connection and return the first answer. Raises NoReplyError."""
        with self.connect(seconds, source) as sock:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(data)
            return self.read(sock, method)

    def read(self, sock: socket.socket, method: str = "GET") -> Reply:
        """Read one answer to its end, and keep it. Raises NoReplyError where it is none, or cut."""
        reply = read_reply(sock, method)
        self.replies.append(reply)
        return reply

    def request(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        seconds: float = 20.0,
    ) -> Reply:
        """Send a request that is well formed and return its answer. Raises NoReplyError."""
        return self.exchange(self.head(method, target, headers, body) + body, seconds, method)

    def head(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> bytes:
        """Return the request line and the header, with the length of a body where there is one."""
        said = {"Host": self.authority, "Connection": "close", **(headers or {})}
        if body:
            said.setdefault("Content-Length", str(len(body)))
        lines = (f"{name}: {value}\r\n" for name, value in said.items())
        return f"{method} {target} HTTP/1.1\r\n{''.join(lines)}\r\n".encode("latin-1")

    def ask(self, query: str | bytes, accept: str = "*/*", seconds: float = 20.0) -> Reply:
        """Send a query as the body of a POST."""
        body = query if isinstance(query, bytes) else query.encode(errors="surrogatepass")
        headers = {"Content-Type": QUERY, "Accept": accept}
        return self.request("POST", "/sparql", headers, body, seconds)

    def get(self, path: str, parameters: object = (), **headers: str) -> Reply:
        """Send a GET; the parameters are (name, value) pairs."""
        encoded = urlencode(parameters, errors="surrogatepass")  # type: ignore[arg-type]
        target = f"{path}?{encoded}" if encoded else path
        return self.request("GET", target, {k.replace("_", "-"): v for k, v in headers.items()})

    def is_answering(self) -> bool:
        """Whether a trivial query is answered within a second."""
        try:
            reply = self.ask("ASK { }", seconds=1.0)
        except (OSError, NoReplyError):
            return False
        return reply.status == 200 and reply.json["boolean"] is True

    def pids(self) -> dict[int, str]:
        """Return all processes of the service, and what each is."""
        return family(self.process.pid)

    def of_kind(self, kind: str) -> list[int]:
        """Return the processes of one kind: supervisor, web, nursery or worker."""
        return [pid for pid, found in self.pids().items() if found == kind]

    def is_whole(self) -> bool:
        """Whether every process is there that should be, and none that should not."""
        return sorted(self.pids().values()) == FAMILY

    def log_text(self) -> str:
        """Return all that it has written."""
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        """End it and everything below it, at once."""
        kill({self.process.pid, *self.pids()})
        self.process.wait(timeout=10)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def read_reply(sock: socket.socket, method: str = "GET") -> Reply:
    """Read one answer to its end. Raises NoReplyError where it is none, or cut."""
    started = time.monotonic()
    response = HTTPResponse(sock, method=method)
    try:
        response.begin()
        body = response.read()
    except (HTTPException, ConnectionError, TimeoutError) as error:
        raise NoReplyError(repr(error)) from error
    finally:
        response.close()
    return Reply(response.status, response.headers, body, time.monotonic() - started)


def family(session: int) -> dict[int, str]:
    """Return the running processes of a session by process id, each with what it is."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, _, sid = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(sid) == session and state != "Z":
            found[int(folder.name)] = (words, int(parent))
    return {pid: _kind(words, parent, found) for pid, (words, parent) in found.items()}


def _kind(words: list[bytes], parent: int, found: Mapping[int, tuple[list[bytes], int]]) -> str:
    """Return what a process is; a worker is a copy of the nursery that another one forked."""
    if b"kg.engine.nursery" in words:
        above = found.get(parent, ([], 0))[0]
        return "nursery" if b"kg.web.process" in above else "worker"
    if b"kg.web.process" in words:
        return "web"
    return "supervisor" if b"serve" in words else "unknown"


@contextlib.contextmanager
def unharmed(server: LiveServer) -> Iterator[None]:
    """Assert that what happens meanwhile leaves the service as it was, and told nothing."""
    assert wait_until(server.is_whole), server.pids()
    before = {pid: kind for pid, kind in server.pids().items() if kind != "worker"}
    server.replies.clear()

    yield

    assert wait_until(server.is_answering, 10), server.log_text()
    assert wait_until(server.is_whole), server.pids()
    assert {pid: kind for pid, kind in server.pids().items() if kind != "worker"} == before
    for reply in server.replies:
        assert_tells_nothing(reply, server.root)
    assert_logged(server)


def assert_tells_nothing(reply: Reply, root: Path) -> None:
    """Assert that an answer holds nothing of the inside, and that it is not the answer to a bug."""
    assert reply.status != 500, reply.text
    assert not [each for each in (*INSIDE, str(root)) if each in reply.text]


def assert_logged(server: LiveServer) -> None:
    """Assert that each request that reached the application has one line in the log."""
    lines = server.log_text().splitlines()
    for reply in server.replies:
        assert reply.query_id or reply.status != 200
        if reply.query_id:
            found = [line for line in lines if reply.query_id in line and '"request"' in line]
            assert len(found) == 1, (reply.query_id, found)


def start_endless_query(server: LiveServer) -> socket.socket:
    """Return a connection whose query a worker is at."""
    body = f"{ENDLESS} # {time.monotonic()}".encode()
    sock = server.connect()
    sock.sendall(server.head("POST", "/sparql", {"Content-Type": QUERY}, body) + body)
    assert wait_until(lambda: any(map(is_computing, server.of_kind("worker"))))
    return sock


def is_computing(pid: int) -> bool:
    """Whether a process has used a fifth of a second of a processor since a moment ago."""
    before = processor_time(pid)
    return wait_until(lambda: processor_time(pid) > before + 0.2, 0.5)


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process has used; none where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
