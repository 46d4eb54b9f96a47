"""Bad inputs and faults, row by row, sent to a real server: each has its answer, and none harms.

After every test the same is asserted: the processes are those of before, a trivial query is
answered, no worker is left over, and no answer told of the inside. ROWS lists the queries, the
tests below what is more than one query; ELSEWHERE names the tests that hold the remaining rows.
"""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from live_server import (
    CROSS,
    ENDLESS,
    FORM,
    LOW,
    QUERY,
    LiveServer,
    assert_tells_nothing,
    unharmed,
)
from processes import wait_until

DOUBLING: Final = 'SELECT ?x40 { BIND("xxxxxxxx" AS ?x0) ' + "".join(
    f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40)
)
PATTERNS: Final = " ".join(f'"{n}"' for n in range(300))
TOO_MUCH: Final = ("memory_limit", "timeout")


@dataclass(frozen=True)
class Row:
    """A query and what it is answered: the statuses that are right, the codes, and words."""

    number: int
    name: str
    query: str | bytes
    status: tuple[int, ...]
    code: tuple[str, ...] = ("",)
    says: str = ""
    accept: str = "*/*"

    def __str__(self) -> str:
        """Return how the test is called."""
        return f"{self.number}-{self.name.replace(' ', '-')}"


def complex_(number: int, name: str, query: str, says: str = "") -> Row:
    """Return a row that is refused because it is too complex."""
    return Row(number, name, query, (400,), ("query_too_complex",), says)


def fine(number: int, name: str, query: str | bytes, says: str = "") -> Row:
    """Return a row that is answered."""
    return Row(number, name, query, (200,), says=says)


def costly(number: int, name: str, query: str) -> Row:
    """Return a row that is stopped by memory or time."""
    return Row(number, name, query, (503, 504), TOO_MUCH)


ROWS: Final = (
    complex_(1, "STR nested", f"SELECT * {{ FILTER({'STR(' * 2000}1{')' * 2000}) }}", "deeper"),
    complex_(2, "braces", "SELECT * " + "{" * 3000, "nested deeper than 64"),
    complex_(3, "negations", "SELECT * { FILTER(" + "!" * 10_000 + "true) }", "operators"),
    complex_(4, "flat BIND", "SELECT * {" + "BIND(1 AS ?x) " * 3000 + "}", "operators"),
    complex_(4, "flat MINUS", "SELECT * {" + "MINUS { } " * 3000 + "}", "operators"),
    complex_(4, "flat UNION", "SELECT * {" + "{ } UNION " * 6000 + "{ } }", "operators"),
    complex_(4, "flat sum", "SELECT (1" + "+1" * 8000 + " AS ?x) { }", "operators"),
    Row(7, "cross product", ENDLESS, (504,), ("timeout",), "longer than 2 s"),
    costly(8, "sorted cross product", f"SELECT * {{ {CROSS} }} ORDER BY ?c0 ?c1 ?c2"),
    Row(9, "doubling", DOUBLING + "}", (503,), ("memory_limit",), "more memory than allowed"),
    costly(10, "GROUP_CONCAT", f"SELECT (GROUP_CONCAT(?c0) AS ?x) {{ {CROSS} }}"),
    Row(
        11,
        "closures joined",
        "SELECT * { ?a (<urn:next>|!<urn:next>)* ?b . ?b (<urn:next>|!<urn:next>)* ?c }",
        (400, 503, 504),
        (*TOO_MUCH, "result_too_large"),
    ),
    fine(
        12,
        "REGEX that others never end",
        'ASK { ?s rdfs:label ?l FILTER(STRLEN(?l) = 100000 && REGEX(?l, "^(x+)+y$")) }',
        '"boolean":false',
    ),
    fine(13, "REGEX that grows", 'ASK { FILTER(REGEX("a", "((a{1000}){1000}){1000}")) }', "false"),
    Row(
        14,
        "REGEX that changes",
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {PATTERNS} }} VALUES ?b {{ {PATTERNS} }} "
        'FILTER(REGEX("x", CONCAT("(\\\\w{50}){1,20}", ?a, ?b))) }',
        (200, 503, 504),
        ("", *TOO_MUCH),
    ),
    Row(
        17,
        "too many rows",
        "SELECT ?p ?p2 { ?s ?p ?o . ?s2 ?p2 ?o2 }",
        (400,),
        ("result_too_large",),
        "more rows than allowed; add LIMIT",
    ),
    Row(
        17,
        "too many bytes",
        "SELECT (CONCAT(?l, ?l) AS ?x) { ?s rdfs:label ?l FILTER(STRLEN(?l) = 100000) ?a ?b ?c }",
        (400,),
        ("result_too_large",),
        "larger than allowed; add LIMIT",
    ),
    Row(18, "nothing", b" ", (400,), ("missing_query",)),
    Row(19, "syntax error", "SELECT * { ?s ?p }", (400,), ("syntax_error",), "line 1, column 1"),
    Row(20, "update as a query", "DROP ALL", (400,), ("update_refused",), "read-only"),
    Row(20, "insert as a query", "INSERT DATA { <a:a> <a:b> <a:c> }", (400,), ("update_refused",)),
    Row(22, "lone surrogate", "ASK { FILTER('\ud800' = '') }", (400,), ("bad_encoding",)),
    Row(22, "invalid UTF-8", b"ASK { FILTER('\xff' = '') }", (400,), ("bad_encoding",)),
    Row(22, "UTF-16", "ASK { }".encode("utf-16"), (400,), ("bad_encoding",)),
    Row(22, "UTF-16 unmarked", "ASK { }".encode("utf-16-be"), (400,), ("syntax_error",)),
    fine(23, "byte order mark", "\ufeffASK { }", "true"),
    fine(24, "NUL in JSON", r"SELECT ('a\u0000b' AS ?x) { }", r"a\u0000b"),
    fine(24, "NUL as it is", "SELECT ('a\0b' AS ?x) { }", r"a\u0000b"),
    Row(
        24,
        "NUL in XML",
        r"SELECT ('a\u0000b' AS ?x) { }",
        (406,),
        ("not_representable",),
        accept="application/sparql-results+xml",
    ),
    fine(27, "SERVICE in a literal", "ASK { FILTER('SERVICE <http://e/> {}' != '') }", "true"),
    fine(27, "SERVICE in an IRI", "ASK { FILTER(<http://e/SERVICE> = <http://e/SERVICE>) }"),
    fine(27, "SERVICE in a comment", "ASK { } # SERVICE <http://e/> { }", "true"),
    fine(27, "SERVICE in a variable", "ASK { BIND(1 AS ?SERVICE) }", "true"),
    fine(27, "SERVICE in a name", "PREFIX SERVICE: <a:> ASK { FILTER(SERVICE:a = <a:a>) }", "true"),
    Row(29, "LOAD", "LOAD <http://127.0.0.1:9/x>", (400,), ("update_refused",)),
    Row(29, "LOAD SILENT", "LOAD SILENT <file:///etc/passwd>", (400,), ("update_refused",)),
    Row(30, "unknown function", "ASK { FILTER(<a:f>(1)) }", (400,), ("unsupported_function",)),
)

ELSEWHERE: Final[dict[int, str]] = {
    26: "test_engine.py::test_no_packet_leaves_a_worker",
    59: "test_build_faults.py::test_a_builder_killed_at_any_operation_leaves_a_whole_build",
    60: "test_builds.py::test_a_killed_build_leaves_the_old_one_served",
    61: "test_build_faults.py::test_a_full_disk_fails_the_build_and_nothing_else",
    62: "test_build_faults.py::test_whichever_operation_fails_a_whole_build_is_served",
    63: "test_builds.py::test_a_second_builder_stops_with_the_pid_of_the_first",
    75: "test_cli.py::test_ctrl_c_ends_a_query_at_once",
}
"""Rows whose tests need no server, or another."""


@pytest.fixture(scope="module")
def unguarded_server(live_root: Path) -> Iterator[LiveServer]:
    """A server that tries what the others refuse, on a small stack."""
    more: dict[str, Any] = {
        "KG_QUERY_DEPTH": 10**6,
        "KG_QUERY_OPERATORS": 10**6,
        "KG_WORKER_STACK": 1 << 20,
    }
    with LiveServer(live_root, **LOW, **more) as server:
        yield server


@pytest.fixture
def server(low: LiveServer) -> Iterator[LiveServer]:
    """A server with low limits; the test has done it no harm."""
    with unharmed(low):
        yield low


@pytest.fixture
def unguarded(unguarded_server: LiveServer) -> Iterator[LiveServer]:
    """A server that tries what the others refuse; the test has done it no harm."""
    with unharmed(unguarded_server):
        yield unguarded_server


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_query_has_its_answer(server: LiveServer, row: Row) -> None:
    """The status, the code, and what the message says."""
    reply = server.ask(row.query, row.accept)

    assert reply.status in row.status, reply.text[:500]
    assert reply.code in row.code
    assert row.says in reply.text
    if reply.code == "memory_limit":
        assert "Retry-After" not in reply.headers


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER(" + "STR(" * 2000 + "1" + ")" * 2000 + ") }",
        "SELECT * " + "{" * 3000 + "}" * 3000,
        "SELECT * { FILTER(" + "!" * 10_000 + "true) }",
        "SELECT * {" + "BIND(1 AS ?x) " * 3000 + "}",
        "SELECT (1" + "+1" * 8000 + " AS ?x) { }",
    ],
)
def test_row_5_what_overflows_the_stack_is_too_complex(unguarded: LiveServer, query: str) -> None:
    """Where nothing refused it before: its worker is replaced."""
    reply = unguarded.ask(query)

    assert (reply.status, reply.code) in ((400, "query_too_complex"), (400, "syntax_error"))


def test_row_6_planning_that_does_not_end_is_stopped(unguarded: LiveServer) -> None:
    """The deadline covers parsing and planning."""
    reply = unguarded.ask("SELECT * {" + "OPTIONAL { ?a ?b ?c } " * 1000 + "}")

    assert reply.code in ("timeout", "query_too_complex", "memory_limit")


def test_row_15_a_long_body_is_refused_before_it_is_sent(server: LiveServer) -> None:
    """Its length is enough, or the first part that is too much."""
    headers = {"Content-Type": QUERY, "Content-Length": str(10 << 20)}
    said = server.exchange(server.head("POST", "/sparql", headers) + b"ASK {")
    headers = {"Content-Type": QUERY, "Transfer-Encoding": "chunked"}
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    unsaid = server.exchange(server.head("POST", "/sparql", headers) + chunk * 40)
    within = server.ask("ASK { }" + " " * (64 << 10))

    for reply in (said, unsaid, within):
        assert (reply.status, reply.code) == (413, "query_too_large")


@pytest.mark.parametrize("length", [9000, 100_000])
def test_row_16_a_long_url_is_refused(server: LiveServer, length: int) -> None:
    """What does not fit into it can be sent by POST."""
    reply = server.get("/sparql", [("query", "ASK { } #" + "x" * length)])

    assert (reply.status, reply.code) == (414, "uri_too_long")


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("query=", "missing_query"),
        ("format=json", "missing_query"),
        ("query=ASK+%7B%7D&query=ASK+%7B%7D", "duplicate_parameter"),
        ("query=%ff", "bad_encoding"),
        ("query=%ED%A0%80", "bad_encoding"),
        ("update=DROP+ALL", "update_refused"),
        ("query=ASK%7B%7D&timeout=-1", "bad_parameter"),
        ("query=ASK%7B%7D&timeout=nan", "bad_parameter"),
        ("query=ASK%7B%7D&timeout=0", "bad_parameter"),
        ("query=ASK%7B%7D&timeout=", "bad_parameter"),
        ("query=ASK%7B%7D&timeout=1&timeout=2", "duplicate_parameter"),
        ("&".join(f"p{n}=1" for n in range(10_000)), "bad_parameter"),
        ("query=ASK%7B%7D&default-graph-uri=no+iri", "bad_parameter"),
        ("query=LOAD+%3Ca:a%3E", "update_refused"),
    ],
)
def test_rows_18_21_38_a_form_that_is_wrong_is_refused(
    server: LiveServer, form: str, code: str
) -> None:
    """With the code of what is wrong."""
    reply = server.request("POST", "/sparql", {"Content-Type": FORM}, form.encode())

    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize("seconds", ["99999", "1e9", "1e300", "0.5"])
def test_row_38_a_time_limit_is_never_raised(server: LiveServer, seconds: str) -> None:
    """A client may ask for less than is allowed."""
    reply = server.get("/sparql", [("query", ENDLESS), ("timeout", seconds)])

    assert (reply.status, reply.code) == (504, "timeout")
    assert f"longer than {min(float(seconds), 2):g} s" in reply.text


def test_row_19_a_syntax_error_repeats_little_and_escapes_it(server: LiveServer) -> None:
    """Somebody may have been led to send it by a link."""
    query = "SELECT * { <script>alert(1)</script> " + "x" * 5000

    text = server.ask(query)
    page = server.get("/sparql", [("query", query)], Accept="text/html, */*;q=0.1")

    assert (text.status, page.status) == (400, 400)
    assert len(text.json["detail"]) <= 500
    assert (text.json["line"], text.json["column"]) > (0, 0)
    assert "alert(1)" in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("method", "path", "kind", "body"),
    [
        ("POST", "/sparql", "application/sparql-update", "DROP ALL"),
        ("POST", "/sparql", "application/sparql-update", "SELECT * { }"),
        ("POST", "/update", "application/sparql-update", "DROP ALL"),
        ("PUT", "/graphs?default", "application/rdf+xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"),
        ("POST", "/graphs?default", "application/ld+json", "[" * 10_000),
        ("DELETE", "/graphs?default", "", ""),
        ("PATCH", "/graphs?default", "application/sparql-update", "DROP ALL"),
        ("PUT", "/sparql", QUERY, "ASK { }"),
        ("DELETE", "/sparql", "", ""),
        ("TRACE", "/sparql", "", ""),
        ("CONNECT", "/sparql", "", ""),
        ("GETGET", "/sparql", "", ""),
    ],
)
def test_rows_21_33_52_to_58_nothing_is_changed(
    server: LiveServer, method: str, path: str, kind: str, body: str
) -> None:
    """Updates, uploads and methods that would write are refused, whatever they bring."""
    headers = {"Content-Type": kind, "Authorization": "Bearer \xe9"}
    reply = server.request(method, path, headers, body.encode())

    assert reply.status in (400, 404, 405)
    if reply.status == 405:
        assert "GET" in reply.headers["Allow"]


@pytest.mark.parametrize(
    "call",
    [
        "SERVICE <{url}> {{ ?s ?p ?o }}",
        "service<{url}>{{ ?s ?p ?o }}",
        "SERVICE # a comment\n <{url}> {{ ?s ?p ?o }}",
        "SERVICE SILENT <{url}> {{ ?s ?p ?o }}",
        "{{ SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
        "FILTER EXISTS {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "VALUES ?u {{ <{url}> }} SERVICE ?u {{ ?s ?p ?o }}",
    ],
)
def test_row_25_no_other_service_is_called(
    server: LiveServer, listener: socket.socket, call: str
) -> None:
    """Nobody connects to it."""
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    reply = server.ask("SELECT * { " + call.format(url=url) + " }")

    assert (reply.status, reply.code) == (403, "service_disabled")
    assert_nobody_came(listener)


def test_row_28_a_graph_is_not_fetched(server: LiveServer, listener: socket.socket) -> None:
    """A name of a graph is not an address."""
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    replies = [
        server.ask(f"SELECT * FROM <{url}> {{ ?s ?p ?o }}"),  # noqa: S608 - SPARQL
        server.ask(f"SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"),  # noqa: S608
        server.get("/sparql", [("query", "SELECT * { ?s ?p ?o }"), ("default-graph-uri", url)]),
    ]

    for reply in replies:
        assert reply.status == 200
        assert reply.json["results"]["bindings"] == []
    assert server.get("/graphs", [("graph", url)]).status == 404
    assert_nobody_came(listener)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that nobody should connect to."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        sock.setblocking(False)  # noqa: FBT003 - it has no name
        yield sock


def assert_nobody_came(listener: socket.socket) -> None:
    """Assert that there was no connection."""
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/sparql-query; charset=utf-16"},
        {"Content-Type": f"{FORM}; charset=latin-1"},
        {"Content-Type": QUERY, "Content-Encoding": "gzip"},
        {"Content-Type": QUERY, "Content-Encoding": "gzip, gzip"},
        {"Content-Type": "x" * 5000},
    ],
)
def test_rows_31_57_a_body_of_another_kind_is_refused(
    server: LiveServer, headers: dict[str, str]
) -> None:
    """Also one that is compressed: nothing is unpacked."""
    reply = server.request("POST", "/sparql", headers, b"ASK { }")

    assert (reply.status, reply.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("image/png", 406),
        ("application/sparql-results+json;q=0", 406),
        ("application/sparql-results+json;q=nan", 406),
        ("application/sparql-results+json;q=nan, text/csv", 200),
        ("*/*;q=0", 406),
        ("text/csv;q=1e999", 406),
        (",;,=;q", 406),
        ("*/*", 200),
        ("\xe9\xff", 406),
        ("image/png" + " , image/png" * 600, 406),
        ("image/png" + " , image/png" * 1000, 431),
        ("image/png" + " , image/png" * 9000, 431),
    ],
)
def test_row_32_an_accept_header_is_read_strictly(
    server: LiveServer, accept: str, status: int
) -> None:
    """What cannot be read weighs nothing; a header that is no sensible one is too large."""
    reply = server.ask("ASK { }", accept)

    assert reply.status == status
    if status == 406:
        assert "application/sparql-results+json" in reply.json["detail"]


def test_row_34_many_slow_queries_do_not_keep_others_out(server: LiveServer) -> None:
    """Of 200 from one client some are tried and the others told to come back; pages go on.

    So do the queries of another client; two addresses of this machine stand for the two.
    """
    slow = [
        server.head("POST", "/sparql", {"Content-Type": QUERY}, body) + body
        for body in (f"{ENDLESS} # {n}".encode() for n in range(200))
    ]
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(server.connect(30)) for _ in slow]
        for sock, request in zip(socks, slow, strict=True):
            sock.sendall(request)
        echo = server.head("GET", "/queries/echo?text=abc")
        pages = [server.get("/"), server.exchange(echo, source="127.0.0.2")]
        replies = [server.read(sock) for sock in socks]

    assert [page.status for page in pages] == [200, 200]
    assert {reply.status for reply in replies} <= {429, 503, 504}
    assert any(reply.status == 504 for reply in replies)
    assert all("Retry-After" in reply.headers for reply in replies if reply.status != 504)


def test_row_35_a_client_has_a_budget(live_root: Path) -> None:
    """Of time and of errors; who has used it up is told when to come back."""
    low: dict[str, Any] = {**LOW, "KG_CLIENT_ERRORS": 3, "KG_CLIENT_SECONDS": 0}
    with LiveServer(live_root, **low) as server, unharmed_but_for_budget(server):
        replies = [server.ask(f"SELECT {n}") for n in range(8)]
    low = {**LOW, "KG_CLIENT_ERRORS": 0, "KG_CLIENT_SECONDS": 0.5}
    with LiveServer(live_root, **low) as server, unharmed_but_for_budget(server):
        costly = [server.ask(f"{ENDLESS} # {n}") for n in range(4)]

    for found in (replies, costly):
        assert (found[-1].status, found[-1].code) == (429, "too_many_requests")
        assert int(found[-1].headers["Retry-After"]) >= 1
        assert found[0].status != 429


@contextlib.contextmanager
def unharmed_but_for_budget(server: LiveServer) -> Iterator[None]:
    """Assert that the processes are there and nothing was told; who asks has no budget left."""
    yield
    assert wait_until(server.is_whole), server.pids()
    for reply in server.replies:
        assert_tells_nothing(reply, server.root)


@pytest.mark.parametrize(
    "text", ['" } ; DROP ALL #', "\\", "a\nb", '"""', "'''", "?text", "a\0b", "\u202e", "}}{{"]
)
def test_row_39_a_value_is_text_and_nothing_else(server: LiveServer, text: str) -> None:
    """It comes back as it went in."""
    reply = server.get("/queries/echo", [("text", text)])

    assert reply.status == 200
    assert [row["said"]["value"] for row in reply.json["results"]["bindings"]] == [text]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thing", "http://e/> ?p ?o } #"),
        ("thing", "no scheme"),
        ("thing", "http://e/a b"),
        ("thing", "http://e/\x00"),
        ("thing", "<>"),
        ("number", "1e3"),
        ("number", "\u0661"),
        ("number", "9" * 30),
        ("number", str(2**63)),
        ("number", "-1"),
        ("number", "1001"),
        ("nothing", "x"),
        ("text\r\nX-Evil: 1", "x"),
        ("timeout", "x"),
        ("format", "x"),
        ("text", "\ud800"),
    ],
)
def test_rows_40_to_43_a_value_that_does_not_fit_is_refused(
    server: LiveServer, name: str, value: str
) -> None:
    """With the name of the parameter."""
    given = {"text": "abc", name: value}
    reply = server.get("/queries/echo", list(given.items()))

    assert reply.status == (406 if name == "format" else 400)
    assert reply.code in ("bad_parameter", "bad_encoding", "not_acceptable")
    assert "X-Evil" not in reply.headers


@pytest.mark.parametrize(
    "parameters",
    [
        [],
        [("text", "a"), ("text", "b")],
        [("text", "a"), *((f"p{n}", "x") for n in range(500))],
        [("text", "a"), ("TEXT", "b")],
    ],
)
def test_row_42_missing_repeated_and_too_many_values_are_refused(
    server: LiveServer, parameters: list[tuple[str, str]]
) -> None:
    """None of several is chosen."""
    assert server.get("/queries/echo", parameters).status == 400


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f",
        "a%00b",
        "Echo",
        "echo.rq",
        "x" * 300,
        "con",
        "%ff",
        "{{7*7}}",
        "%3Cscript%3E",
    ],
)
def test_row_44_a_saved_query_is_no_file(server: LiveServer, name: str) -> None:
    """Only the names that were read at the start are known."""
    reply = server.request("GET", f"/queries/{name}")

    assert reply.status == 404
    assert "root:" not in reply.text


@pytest.mark.parametrize(
    "target",
    [
        "/id/%0d%0aSet-Cookie:x=1",
        "//evil.example/",
        "///evil.example",
        "/%5cevil.example",
        "/\\evil.example",
        "/?next=http://evil.example",
        "/id/state//evil.example",
        "/sparql/",
        "/queries/",
        "/./queries",
        "/../queries",
        "http://evil.example/sparql",
        "*",
        "sparql",
    ],
)
def test_row_45_nobody_is_led_elsewhere(server: LiveServer, target: str) -> None:
    """A path is never a host, and breaks no header."""
    reply = server.request("GET", target)

    location = reply.headers.get("Location", "/")
    assert location.startswith(("/", f"http://{server.authority}/"))
    assert not location.startswith("//")
    assert "Set-Cookie" not in reply.headers
    assert reply.status in (200, 303, 308, 400, 404)


def test_row_46_the_public_address_is_what_the_configuration_says(live_root: Path) -> None:
    """Whatever the request says of hosts."""
    public = "https://kg.example.org"
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}
    with LiveServer(live_root, **LOW, KG_PUBLIC_URL=public) as server, unharmed(server):
        replies = [server.request("GET", path, headers) for path in ("/", "/sparql", "/queries")]
        replies.append(server.request("GET", "/sparql", {"Host": "evil.example\\@x"}))

    for reply in replies:
        assert reply.status in (200, 400)
        assert "evil" not in reply.text
        assert "evil" not in str(reply.headers)
    assert public in replies[1].text


def test_rows_47_48_labels_and_links_of_pages_are_harmless(server: LiveServer) -> None:
    """Whatever the graph says, a page shows it as text."""
    for path in ("/id/state/hostile-0", "/id/state/hostile-1", "/id/state/hostile-9"):
        page = server.get(path, Accept="text/html")

        assert page.status in (200, 303, 404)
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert 'href="javascript:' not in page.text.lower()
        assert 'href="data:' not in page.text.lower()


def test_rows_49_50_a_table_is_exact_and_is_not_guessed_at(server: LiveServer) -> None:
    """Browsers are told the type, and save CSV."""
    query = "SELECT ?l { ?s rdfs:label ?l FILTER(CONTAINS(STR(?s), 'hostile')) }"

    for accept in ("text/csv", "application/sparql-results+json"):
        reply = server.ask(query, accept)

        assert reply.status == 200
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers.get_content_type() == accept
    reply = server.ask(query, "text/csv")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert {"=1+1", "@x", "-1+1", "\t=1"} <= set(reply.text.split("\r\n"))


def test_row_51_scripts_of_any_site_may_ask_and_are_given_no_more(server: LiveServer) -> None:
    """Without credentials."""
    origin = {"Origin": "http://evil.example"}
    asked = server.request("GET", "/sparql?query=ASK%7B%7D", origin)
    preflight = {**origin, "Access-Control-Request-Method": "PUT"}
    before = server.request("OPTIONS", "/sparql", preflight)

    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "PUT" not in before.headers.get("Access-Control-Allow-Methods", "")
    for reply in (asked, before):
        assert "Access-Control-Allow-Credentials" not in reply.headers


@pytest.mark.parametrize("settings", [{"KG_ADMIN_TOKEN": ""}, {"KG_ADMIN_TOKEN": "short"}])
def test_row_52_a_token_that_can_be_guessed_is_refused(
    live_root: Path, settings: dict[str, Any]
) -> None:
    """The server does not start."""
    assert_does_not_start(live_root, "KG_ADMIN_TOKEN must have at least 32", settings)


def assert_does_not_start(root: Path, says: str, settings: dict[str, Any]) -> None:
    """Assert that a server ends at once, with a message of one line and nothing left behind."""
    server = LiveServer(root, **settings)
    try:
        code = server.process.wait(timeout=30)
        assert code not in (0, None)
        assert says in server.log_text()
        assert "Traceback" not in server.log_text()
        assert wait_until(lambda: not server.pids())
    finally:
        server.stop()


def test_every_row_is_held_somewhere() -> None:
    """The tests that are named elsewhere exist."""
    for place in ELSEWHERE.values():
        file, _, name = place.partition("::")
        assert f"def {name}(" in (Path(__file__).parent / file).read_text("utf-8")
