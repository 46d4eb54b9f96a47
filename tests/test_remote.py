"""An engine elsewhere that fails, lies or dawdles: no wrong answer, and never its own words."""

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

import pytest

from kg.config import Config
from kg.engine.remote import RemoteEngine
from kg.engine.remote_text import find_form, graphs_named, names_dataset, prologue
from kg.engine.requests import Request
from kg.errors import (
    BackendError,
    BackendTooLarge,
    BackendUnreachable,
    EngineBusy,
    EngineUnavailable,
    NotAcceptable,
    PartialResult,
    QueryCancelled,
    QueryError,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    ResultTooLarge,
    ServiceDisabled,
    UpdateRefused,
)
from kg.formats import CSV, JSON, N_TRIPLES, TURTLE
from kg.library import read_answer
from processes import wait_until

SECRET = "s3cret"  # noqa: S105 - nobody has it
ROWS_TYPE = "application/sparql-results+json"
ROWS = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"uri","value":"urn:x"}}]}}'
NO_ROWS = b'{"head":{"vars":["hash"]},"results":{"bindings":[]}}'
SELECT = "SELECT ?a WHERE { ?a ?b ?c }"
CONSTRUCT = "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }"
Behaviour = Callable[[socket.socket], None]


def response(
    body: bytes = ROWS, status: str = "200 OK", media_type: str = ROWS_TYPE, *headers: str
) -> bytes:
    """Return the bytes of a response with a length."""
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def saying(data: bytes) -> Behaviour:
    """Return a behaviour that says this and hangs up."""
    return lambda connection: connection.sendall(data)


@dataclass
class FakeServer:
    """Listens on a port; behaves as it is told to each query but the one for the build's hash."""

    port: int
    behaviour: Behaviour = field(default_factory=lambda: saying(response()))
    requests: list[str] = field(default_factory=list)
    ended: int = 0

    def serve(self, connection: socket.socket) -> None:
        """Read a request, and behave."""
        with connection, suppress(OSError):
            text = read_request(connection)
            if "graph%2Fbuild" in text:
                connection.sendall(response(NO_ROWS))
                return
            self.requests.append(text)
            try:
                self.behaviour(connection)
            finally:
                self.ended += 1

    @property
    def form(self) -> dict[str, list[str]]:
        """The fields of the last query."""
        return parse_qs(self.requests[-1].partition("\r\n\r\n")[2])


def read_request(connection: socket.socket) -> str:
    """Return the head and the body of a request."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
        if not data.startswith(b"POST "):
            connection.sendall(response(b"", "400 Bad Request"))
            raise ConnectionError
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(x.split(b":")[1]) for x in head.split(b"\r\n") if b"Content-Length" in x)
    while len(body) < length:
        body += connection.recv(65536)
    return (head + b"\r\n\r\n" + body).decode()


@contextmanager
def listening() -> Iterator[FakeServer]:
    """Give a fake server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = FakeServer(listener.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=server.serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A fake server."""
    with listening() as found:
        yield found


@pytest.fixture
def config(tiny_config: Config, server: FakeServer) -> Config:
    """Settings with the fake server as the engine."""
    url = f"http://user:{SECRET}@127.0.0.1:{server.port}/sparql"
    return replace(tiny_config, engine_url=url, query_timeout=20.0)


def ask(config: Config, query: str = SELECT, **changes: object) -> bytes:
    """Return the body of an answer."""
    asked = Request(query, rows=JSON, graph=N_TRIPLES)
    answer = RemoteEngine(config).answer(asked._replace(**changes))  # type: ignore[arg-type]
    body = answer.body
    if not isinstance(answer.content, bytes):
        answer.content.close()
    return body


def test_an_answer_is_whole(config: Config, server: FakeServer) -> None:
    """The query goes out as a form, with the one format that is asked for and the credentials."""
    assert ask(config).count(b"urn:x") == 1
    assert server.form["query"][0].endswith(SELECT)
    assert f"Accept: {ROWS_TYPE}\r\n" in server.requests[0]
    pair = base64.b64encode(f"user:{SECRET}".encode()).decode()
    assert f"Authorization: Basic {pair}\r\n" in server.requests[0]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (response(ROWS[:-5]), BackendError),
        (response(ROWS[:60] + b"The SPARQL operation has been cancelled"), BackendError),
        (response(ROWS + b"junk"), BackendError),
        (response(b""), BackendError),
        (response(b"[]"), BackendError),
        (response(b'{"head":{},"boolean":true}'), BackendError),
        (response(b"<html>Log in</html>", "200 OK", "text/html"), BackendError),
        (response(b"<html>Log in</html>"), BackendError),
        (response()[:-5], BackendError),
        (response().replace(b"Content-Length", b"Content-Lengthy")[:-5], BackendError),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
         b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n" % len(ROWS) + ROWS + b"\r\n",
         BackendError),
        (b"garbage\r\n\r\n", BackendError),
        (b"", BackendError),
        (response(ROWS, "200 OK", ROWS_TYPE, "Content-Encoding: gzip"), BackendError),
        (response(ROWS, "206 Partial Content"), PartialResult),
        (response(ROWS, "200 OK", ROWS_TYPE, "X-SQL-State: S1TAT"), PartialResult),
        (response(ROWS, "200 OK", ROWS_TYPE, "X-SPARQL-MaxRows: 1"), PartialResult),
        (response(b"words", "400 Bad Request", "text/plain"), QuerySyntaxError),
        (response(b"words", "401 Unauthorized"), BackendError),
        (response(b"words", "403 Forbidden"), BackendError),
        (response(b"words", "404 Not Found"), BackendError),
        (response(b"words", "429 Too Many Requests"), EngineBusy),
        (response(b"words", "500 Internal Server Error"), BackendError),
        (response(b"words", "503 Service Unavailable"), EngineUnavailable),
    ],
)  # fmt: skip
def test_what_is_no_whole_answer_is_an_error(
    config: Config, server: FakeServer, data: bytes, error: type[QueryError]
) -> None:
    """Its class says how to react; nothing of the body, the address or the password is repeated."""
    server.behaviour = saying(data)

    with pytest.raises(QueryError) as caught:
        ask(config)

    assert type(caught.value) is error
    for hidden in ("words", "html", "cancelled", SECRET, "127.0.0.1", str(server.port)):
        assert hidden not in str(caught.value)


@pytest.mark.parametrize("body", [b"<urn:s> <urn:p> <urn:o> .\n<urn:s> <urn:p", b"<html>"])
def test_a_graph_that_is_cut_is_an_error(config: Config, server: FakeServer, body: bytes) -> None:
    """In the middle of a triple it is seen by parsing."""
    server.behaviour = saying(response(body, "200 OK", "application/n-triples"))

    with pytest.raises(BackendError, match="not whole"):
        ask(config, CONSTRUCT)


def test_a_graph_that_is_cut_between_two_triples_is_an_error(
    config: Config, server: FakeServer
) -> None:
    """Its length says that there is more."""
    line = b"<urn:s> <urn:p> <urn:o> .\n"
    server.behaviour = saying(response(line * 2, "200 OK", "application/n-triples")[: -len(line)])

    with pytest.raises(BackendError, match="cut its answer short"):
        ask(config, CONSTRUCT)


def test_a_graph_whose_end_cannot_be_known_is_an_error(config: Config, server: FakeServer) -> None:
    """Between two triples a cut can be seen only where a length is said."""
    whole = response(b"<urn:s> <urn:p> <urn:o> .\n", "200 OK", "application/n-triples")
    server.behaviour = saying(whole.replace(b"Content-Length", b"X-Length"))

    with pytest.raises(BackendError, match="where its answer ends"):
        ask(config, CONSTRUCT)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_redirects_are_not_followed(config: Config, server: FakeServer, status: str) -> None:
    """Neither to another host nor to another path."""
    with listening() as other:
        target = f"Location: http://127.0.0.1:{other.port}/"
        server.behaviour = saying(response(b"", status, "text/plain", target))

        with pytest.raises(BackendError):
            ask(config)

        assert (other.requests, len(server.requests)) == ([], 1)


@pytest.mark.parametrize(
    "url",
    [
        f"http://user:{SECRET}@127.0.0.1:9/sparql",
        f"http://user:{SECRET}@no-such-host.invalid/sparql",
        f"http://user:{SECRET}@{'x' * 70}.example/sparql",
    ],
)
def test_an_engine_that_is_not_there_is_unreachable(tiny_config: Config, url: str) -> None:
    """Refused, unknown to the name service, or with a name that cannot be."""
    with pytest.raises(BackendUnreachable) as caught:
        ask(replace(tiny_config, engine_url=url))

    assert SECRET not in str(caught.value)
    assert "sparql" not in str(caught.value)


def test_tls_that_fails_is_unreachable(config: Config, server: FakeServer) -> None:
    """Plain HTTP answers where TLS is spoken."""
    url = f"https://127.0.0.1:{server.port}/"

    with pytest.raises(BackendUnreachable):
        ask(replace(config, engine_url=url))


def drip(connection: socket.socket, head: bytes) -> None:
    """Say something, and then a byte again and again without an end."""
    connection.sendall(head)
    while True:
        connection.sendall(b" ")
        time.sleep(0.02)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n",
    ],
)
def test_a_slow_drip_ends_at_the_deadline(config: Config, server: FakeServer, head: bytes) -> None:
    """Though each byte comes in time: before the status, in a header, in the body."""
    server.behaviour = lambda connection: drip(connection, head)

    with pytest.raises(QueryTimeout, match=r"0\.5 s"):
        ask(config, timeout=0.5)

    assert wait_until(lambda: server.ended == 1)


def wait(connection: socket.socket) -> None:
    """Say nothing until the other side hangs up."""
    connection.recv(1)


def test_silence_ends_at_the_deadline(config: Config, server: FakeServer) -> None:
    """No byte ever comes."""
    server.behaviour = wait

    with pytest.raises(QueryTimeout):
        ask(config, timeout=0.3)


def test_a_body_without_end_stops_at_the_limit(config: Config, server: FakeServer) -> None:
    """However fast it comes."""

    def pour(connection: socket.socket) -> None:
        connection.sendall(response(b"").replace(b"Content-Length: 0\r\n", b""))
        while True:
            connection.sendall(b" " * 65536)

    server.behaviour = pour

    with pytest.raises(BackendTooLarge):
        ask(replace(config, result_bytes=1_000_000))

    assert wait_until(lambda: server.ended == 1)


class Leaver:
    """A client that leaves when its other end is closed."""

    def __init__(self) -> None:
        """Stay."""
        self.here, self.there = socket.socketpair()

    def fileno(self) -> int:
        """Return the descriptor."""
        return self.here.fileno()

    def is_gone(self) -> bool:
        """Whether the other end is closed."""
        return not self.here.recv(1, socket.MSG_PEEK)


def test_a_query_ends_when_its_client_leaves(config: Config, server: FakeServer) -> None:
    """The connection is closed, so that the engine may stop too."""
    client = Leaver()

    def wait_alone(connection: socket.socket) -> None:
        client.there.close()
        wait(connection)

    server.behaviour = wait_alone

    with pytest.raises(QueryCancelled):
        ask(config, clients=(client,))

    assert wait_until(lambda: server.ended == 1)
    client.here.close()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", ServiceDisabled),
        (r"SELECT * WHERE { S\u0045RVICE <http://127.0.0.1/> { ?s ?p ?o } }", ServiceDisabled),
        (r"SELECT * WHERE { \U00000053ERVICE <http://127.0.0.1/> { } }", ServiceDisabled),
        (r"\u0044ROP ALL", UpdateRefused),
        ("SELECT * WHERE { } #" + "x" * 70_000, QueryTooLarge),
        ("PREFIX ex: <urn:x>", QuerySyntaxError),
    ],
)
def test_what_is_refused_is_never_sent(
    config: Config, server: FakeServer, query: str, error: type[QueryError]
) -> None:
    """Also where the other engine would see what ours does not."""
    with pytest.raises(error):
        ask(config, query)

    assert server.requests == []


def test_a_form_that_is_not_acceptable_is_never_sent(config: Config, server: FakeServer) -> None:
    """Rows where a graph is wanted."""
    with pytest.raises(NotAcceptable):
        ask(config, rows=None)

    assert server.requests == []


@pytest.mark.parametrize("query", [SELECT, "SELECT ?s WHERE {\n ?s dip:x }"])
def test_a_syntax_error_has_its_place(config: Config, server: FakeServer, query: str) -> None:
    """Line and column in the text that was asked; what stands before it is not counted."""
    shift = len(prologue(query))
    said = f"error at 1:{shift + 8}: expected words".encode()
    server.behaviour = saying(response(said, "400 Bad Request", "text/plain"))

    with pytest.raises(QuerySyntaxError) as caught:
        ask(config, query, is_own=True)

    assert (caught.value.line, caught.value.column) == (1, 8)
    assert "words" not in str(caught.value)


def test_a_large_answer_is_converted_whole(config: Config, server: FakeServer) -> None:
    """A process of its own does it."""
    row = b'{"a":{"type":"uri","value":"urn:x"}}'
    many = ROWS.replace(row, b",".join([row] * 20_000))
    server.behaviour = saying(response(many))

    assert ask(config, rows=CSV).count(b"urn:x") == 20_000
    with pytest.raises(ResultTooLarge):
        ask(replace(config, result_rows=10_000))

    server.behaviour = saying(response(many[:-9]))
    with pytest.raises(BackendError, match="not whole"):
        ask(config)


def test_the_ask_of_virtuoso_is_a_boolean(config: Config, server: FakeServer) -> None:
    """Virtuoso 7.2.5 answers with a row for true, and with none for false."""
    head = b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":['
    row = b'{"__ASK_RETVAL":{"type":"typed-literal","value":"1","datatype":"urn:i"}}'
    engine = RemoteEngine(config)
    for rows, expected in ((row, True), (b"", False)):
        server.behaviour = saying(response(head + rows + b"]}}"))

        assert read_answer(engine.answer(Request("ASK {}", JSON, TURTLE))) is expected


def test_the_graphs_of_a_request_go_out(config: Config, server: FakeServer) -> None:
    """Those of the request, else those of the address, else none; FROM is the query's own."""
    named = replace(config, engine_url=f"{config.engine_url}?default-graph-uri=urn:d&x=y")

    ask(named, default_graphs=("urn:1", "urn:2"))
    assert server.form["default-graph-uri"] == ["urn:1", "urn:2"]
    ask(named)
    assert server.form["default-graph-uri"] == ["urn:d"]
    assert "POST /sparql?x=y HTTP/1.1\r\n" in server.requests[-1]
    ask(named, "SELECT ?a FROM <urn:f> WHERE { ?a ?b ?c }")
    assert "default-graph-uri" not in server.form


def test_an_unknown_build_is_empty(config: Config) -> None:
    """So that nothing is kept under its name."""
    assert RemoteEngine(config).build == ""


def test_a_prologue_declares_what_is_missing() -> None:
    """On one line, and nothing twice."""
    text = prologue("PREFIX dip: <urn:x>\nSELECT ?s { ?s a dip:State ; rdfs:label ?l ; ex:p ?x }")

    assert text == (
        "BASE <https://w3id.org/diplomacy-kg/> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    )


def test_what_a_text_says_of_itself() -> None:
    """Its form, whether it names its graphs, and which it looks into."""
    assert find_form("# ASK\nPREFIX select: <urn:x> DESCRIBE <urn:y>") == "DESCRIBE"
    assert names_dataset("SELECT * FROM NAMED <urn:x> {}")
    assert not names_dataset('SELECT * { ?s ?p "FROM" }')
    assert graphs_named("PREFIX g: <urn:> ASK { GRAPH g:a {} GRAPH <urn:b> {} }") == [
        "urn:a",
        "urn:b",
    ]
    assert graphs_named("ASK { GRAPH <urn:b> {} GRAPH ?g {} }") == []
